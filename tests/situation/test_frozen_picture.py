"""The picture a meeting has in front of it: frozen once, the same for ever."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from est_site.models import AuditEvent
from incidents.models import CalmReport, Incident
from situation.actions import freeze_picture
from situation.models import Meeting, Picture
from tests.cast import NOW, Town, make_incident
from tests.conftest import SignIn
from tests.situation.conftest import log_a_surge
from tests.situation.test_situation_page import queries, words

FROZEN_AT = NOW + timedelta(hours=15)


@pytest.fixture
def frozen(week47: Town, planned: Meeting) -> Picture:
    return freeze_picture(meeting=planned, now=FROZEN_AT)


def address(meeting: Meeting) -> str:
    return f"/g/tarnsund/situation/meeting/{meeting.pk}/"


def test_a_meeting_freezes_once_however_often_it_is_asked(week47: Town, planned: Meeting) -> None:
    events = AuditEvent.objects.count()
    pictures = {freeze_picture(meeting=planned, now=FROZEN_AT + timedelta(minutes=n)).pk for n in range(3)}
    assert len(pictures) == Picture.objects.count() == 1
    assert AuditEvent.objects.count() == events + 1


def test_freezing_again_on_purpose_makes_a_new_version(frozen: Picture, planned: Meeting) -> None:
    again = freeze_picture(meeting=planned, now=FROZEN_AT, again=True)
    assert (frozen.version, again.version) == (1, 2)


def test_the_frozen_picture_equals_a_recount_of_the_rows(week47: Town, frozen: Picture) -> None:
    counts: dict[tuple[int | None, int], int] = {}
    for row in Incident.objects.filter(
        visibility="group", day__range=(frozen.period.first_day, frozen.period.last_day)
    ):
        key = (row.area_id, row.category.parent_id or row.category_id)
        counts[key] = counts.get(key, 0) + 1
    assert {(area, kind): n for area, kind, n, _mean in frozen.frozen["cells"] if n} == counts


def test_it_never_changes_when_the_data_do(week47: Town, frozen: Picture, planned: Meeting) -> None:
    before = frozen.frozen
    make_incident(week47, recorded_at=FROZEN_AT + timedelta(hours=1))
    Incident.objects.filter(area=week47.areas["Centrum"]).delete()
    CalmReport.objects.all().delete()
    week47.areas["Hamnen"].name = "Inre hamnen"
    week47.areas["Hamnen"].save()
    freeze_picture(meeting=planned, now=FROZEN_AT + timedelta(days=1))
    frozen.refresh_from_db()
    assert frozen.frozen == before


def test_what_was_recorded_after_the_cut_off_is_not_in_it(week47: Town, planned: Meeting) -> None:
    make_incident(week47, recorded_at=FROZEN_AT + timedelta(minutes=1))
    assert freeze_picture(meeting=planned, now=FROZEN_AT).frozen["total"][0] == 5


def test_a_limited_observation_is_not_in_it(week47: Town, planned: Meeting) -> None:
    make_incident(week47, visibility="police", organisation=week47.organisations["police"])
    picture = freeze_picture(meeting=planned, now=FROZEN_AT).frozen
    assert picture["total"][0] == 5
    assert next(o["reports"] for o in picture["organisations"] if o["name"] == "Polisen") == 1


def test_no_observations_words_are_in_it(week47: Town, planned: Meeting) -> None:
    make_incident(week47, text="Åtta ungdomar vid kiosken")
    assert "kiosken" not in str(freeze_picture(meeting=planned, now=FROZEN_AT).frozen)


def test_a_late_report_is_said_beside_the_frozen_figures(
    week47: Town, frozen: Picture, planned: Meeting, signed_in: SignIn
) -> None:
    make_incident(week47, recorded_at=FROZEN_AT - timedelta(hours=20))
    page = signed_in(week47.carin).get(address(planned))
    assert "Sedan bilden frystes har en observation kommit till: Hamnen 1." in words(page)
    assert page.context["lines"][0].count == 3


def test_each_version_can_be_read(week47: Town, frozen: Picture, planned: Meeting, signed_in: SignIn) -> None:
    make_incident(week47)
    freeze_picture(meeting=planned, now=FROZEN_AT + timedelta(hours=1), again=True)
    browser = signed_in(week47.carin)
    assert browser.get(address(planned)).context["picture"]["total"][0] == 6
    assert browser.get(f"{address(planned)}?version=1").context["picture"]["total"][0] == 5
    assert browser.get(f"{address(planned)}?version=7").status_code == 404


def test_a_meeting_without_a_picture_says_when_it_comes(inside: Town, planned: Meeting, signed_in: SignIn) -> None:
    page = signed_in(inside.carin).get(address(planned))
    assert page.status_code == 200
    assert "Ingen lägesbild är fryst för det här mötet" in words(page)


@pytest.mark.parametrize(("who", "status"), [("maja", 200), ("stina", 200), ("rut", 403)])
def test_each_role_may_see_it_as_the_table_says(
    week47: Town, frozen: Picture, planned: Meeting, signed_in: SignIn, who: str, status: int
) -> None:
    assert signed_in(week47.people[who]).get(address(planned)).status_code == status


def test_another_groups_meeting_is_not_found(
    bjorkvik: Town, frozen: Picture, planned: Meeting, signed_in: SignIn
) -> None:
    browser = signed_in(bjorkvik.olle)
    assert browser.get(address(planned)).status_code == 404
    assert browser.get(f"/g/bjorkvik/situation/meeting/{planned.pk}/").status_code == 404


def test_the_page_asks_at_most_fifteen_times(
    week47: Town, frozen: Picture, planned: Meeting, signed_in: SignIn
) -> None:
    browser = signed_in(week47.carin)
    browser.get(address(planned))
    with CaptureQueriesContext(connection) as captured:
        browser.get(address(planned))
    assert queries(captured) <= 15


@pytest.fixture
def judged(inside: Town, planned: Meeting) -> Picture:
    log_a_surge(inside)
    return freeze_picture(meeting=planned, now=FROZEN_AT)


def test_a_surge_is_said_first_and_explained(
    inside: Town, judged: Picture, planned: Meeting, signed_in: SignIn
) -> None:
    page = signed_in(inside.carin).get(address(planned))
    said = words(page)
    assert "Tydligt fler observationer än normalt: " in said
    assert page.context["lines"][0].name == "Hamnen"
    assert "jämförelser" in said


def test_any_comparison_can_be_asked_for_and_nonsense_is_none(
    inside: Town, judged: Picture, planned: Meeting, signed_in: SignIn
) -> None:
    carin = signed_in(inside.carin)
    centrum = inside.areas["Centrum"].pk
    page = carin.get(address(planned), {"area": centrum, "kind": "*"})
    assert page.context["explained_what"] == "Centrum"
    assert "4 observationer på 7 dygn." in words(page)
    first = carin.get(address(planned)).context["explained_what"]
    assert first != "Centrum"
    for nonsense in ("", "0", "9.9.9", "<script>", "å" * 5000):
        page = carin.get(address(planned), {"area": nonsense, "kind": nonsense, "span": nonsense})
        assert (page.status_code, page.context["explained_what"]) == (200, first)


def test_asking_why_stays_in_the_version_that_is_read(
    inside: Town, judged: Picture, planned: Meeting, signed_in: SignIn
) -> None:
    freeze_picture(meeting=planned, now=FROZEN_AT, again=True)
    page = signed_in(inside.carin).get(address(planned), {"version": 1})
    links = re.findall(r'class="why" href="([^"]+)"', page.content.decode())
    assert links
    assert all(link.startswith("?version=1&amp;") for link in links)
    assert '<input type="hidden" name="version" value="1">' in page.content.decode()


def test_the_figures_of_a_reader_without_the_list_lead_nowhere_but_to_their_reasons(
    inside: Town, judged: Picture, planned: Meeting, signed_in: SignIn
) -> None:
    page = signed_in(inside.stina).get(address(planned)).content.decode()
    assert 'class="why"' in page
    assert "/incidents/" not in page


def test_a_picture_frozen_in_time_of_silence_calls_nothing_different(
    inside: Town, planned: Meeting, signed_in: SignIn
) -> None:
    log_a_surge(inside)
    Incident.objects.exclude(organisation=inside.organisations["housing"]).filter(
        day__gte=planned.period.first_day
    ).delete()
    freeze_picture(meeting=planned, now=FROZEN_AT)
    page = signed_in(inside.carin).get(address(planned))
    assert "går inte att jämföra: rapporteringen har ändrats." in words(page)
    assert {line.word for line in page.context["lines"]} <= {"changed", "thin"}
    assert not any(cell.word for line in page.context["lines"] for cell in line.cells)


def test_a_judged_page_costs_no_more_questions_than_one_without_verdicts(
    inside: Town, judged: Picture, planned: Meeting, signed_in: SignIn
) -> None:
    carin = signed_in(inside.carin)
    with CaptureQueriesContext(connection) as captured:
        carin.get(address(planned))
    assert queries(captured) <= 15
