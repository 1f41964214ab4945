"""The minutes for others than the group: who gets what of them, the annexes, and who vouches for them."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import page
import pikepdf
import pytest
from django.core.exceptions import ValidationError

from est_site import tenancy
from incidents.models import Visibility
from interventions import actions, editions, sheets
from interventions.models import Adjuster, AgendaItem, Decision, Edition, EditionFor
from situation.actions import NotAllowed, open_meeting, set_attendance
from situation.models import Meeting
from situation.schedule import plan_meeting
from tests.cast import NOW, PASSWORD, Town
from tests.conftest import SignIn
from tests.interventions.conftest import following

pytestmark = pytest.mark.django_db
TUESDAY = NOW + timedelta(days=1, hours=17)
OURS, SECRET = "Nycklarna till källaren byts", "Civila poliser vid kiosken"


def new(town: Town, what: str, who: str, **fields: Any) -> actions.NewIntervention:
    return actions.NewIntervention(
        what=what,
        responsible=town.organisations[who],
        place=town.places["kiosken"],
        area=town.areas["Hamnen"],
        first_day=date(2026, 11, 27),
        why="De boende har bett om det",
        **fields,
    )


def started(town: Town, meeting: Meeting, what: str, who: str, **fields: Any) -> Decision:
    return actions.start_intervention(
        meeting=meeting, new=new(town, what, who, **fields), client_uuid=uuid.uuid4(), by=town.carin, now=TUESDAY
    )


@pytest.fixture
def closed(inside: Town) -> Meeting:
    """Two shared decisions and one of the police alone; an item of the housing company's alone; a round note."""
    meeting = actions.prepare_meeting(meeting=plan_meeting(group=inside.group, period=inside.periods[-1]), now=NOW)
    open_meeting(meeting=meeting, by=inside.carin, now=TUESDAY)
    there = [inside.organisations[name].pk for name in ("housing", "municipality", "police")]
    set_attendance(meeting=meeting, present=there, by=inside.carin, now=TUESDAY)
    focus = AgendaItem.objects.get(meeting=meeting, kind="focus")
    actions.write_note(item=focus, note="Hamnen leder veckan.", version=1, by=inside.carin, now=TUESDAY)
    item = actions.add_item(
        meeting=meeting, heading=OURS, by=inside.carin, now=TUESDAY, limited_to=inside.organisations["housing"]
    )
    actions.write_note(item=item, note="Bytet görs på torsdag.", version=1, by=inside.carin, now=TUESDAY)
    started(inside, meeting, "Väktarna går till 02", "guards")
    started(inside, meeting, "Belysningen lagas", "housing")
    started(inside, meeting, SECRET, "police", visibility=Visibility.POLICE)
    actions.close_meeting(meeting=meeting, by=inside.carin, now=TUESDAY)
    return Meeting.objects.get(pk=meeting.pk)


def make(town: Town, meeting: Meeting, audience: str, **said: Any) -> Edition:
    return actions.make_edition(meeting=meeting, audience=audience, by=town.carin, now=TUESDAY, **said)


def words(edition: Edition) -> str:
    return json.dumps(edition.frozen, ensure_ascii=False)


def group_minutes(meeting: Meeting) -> Edition:
    return Edition.objects.of_the_group(meeting, "minutes").get()


def test_the_groups_minutes_hold_nothing_that_is_for_some_alone(closed: Meeting) -> None:
    said = words(group_minutes(closed))
    assert "Väktarna går till 02" in said
    assert OURS not in said
    assert "torsdag" not in said
    assert SECRET not in said


def test_an_annex_holds_what_is_for_one_organisation_and_is_seen_by_it_alone(
    inside: Town, closed: Meeting, signed_in: SignIn
) -> None:
    annexes = {one.organisation.name: one for one in Edition.objects.filter(meeting=closed, audience="annex")}
    assert set(annexes) == {inside.organisations["police"].name, inside.organisations["housing"].name}
    housing, police = (annexes[inside.organisations[name].name] for name in ("housing", "police"))
    assert "Bytet görs på torsdag." in words(housing)
    assert SECRET not in words(housing)
    assert SECRET in words(police)
    seen = {who: signed_in(getattr(inside, who)).get(f"/g/tarnsund/documents/{housing.pk}/") for who in NAMES}
    assert {who: answer.status_code for who, answer in seen.items()} == NAMES
    assert "Bytet görs på torsdag." in seen["hanna"].text
    assert "bilaga" not in signed_in(inside.carin).get("/g/tarnsund/documents/").text


NAMES = {"hanna": 200, "maja": 404, "pontus": 404, "carin": 404, "anders": 404, "stina": 404}


def test_the_agenda_and_the_wall_do_not_name_what_is_for_some_alone(
    inside: Town, closed: Meeting, signed_in: SignIn
) -> None:
    meeting = plan_meeting(group=inside.group, period=following(inside))
    later = TUESDAY + timedelta(days=7)
    item = actions.add_item(
        meeting=meeting, heading=OURS, by=inside.carin, now=later, limited_to=inside.organisations["housing"]
    )
    actions.prepare_meeting(meeting=meeting, now=later)
    agenda = Edition.objects.of_the_group(meeting, "agenda").get()
    assert OURS not in words(agenda)
    open_meeting(meeting=meeting, by=inside.carin, now=later)
    actions.take_up(item=item, by=inside.carin, now=later)
    item.refresh_from_db()
    assert item.position == AgendaItem.objects.filter(meeting=meeting).count()  # no gap in front of anybody
    home = f"/g/tarnsund/meetings/{meeting.pk}/"
    for who, address in ((inside.carin, "present/"), (inside.pontus, "present/"), (inside.pontus, "follow/")):
        answer = signed_in(who).get(home + address).text
        assert OURS not in answer
        assert "För några av oss" in answer
    assert {who.pk: OURS in signed_in(who).get(home).text for who in (inside.pontus, inside.hanna, inside.carin)} == {
        inside.pontus.pk: False,
        inside.hanna.pk: True,
        inside.carin.pk: True,
    }


def test_when_the_meeting_is_closed_even_its_chair_reads_no_more_of_what_is_for_some_alone(
    inside: Town, closed: Meeting, signed_in: SignIn
) -> None:
    home = f"/g/tarnsund/meetings/{closed.pk}/"
    assert OURS not in signed_in(inside.carin).get(home).text
    assert OURS in signed_in(inside.hanna).get(home).text


def test_the_list_of_meetings_names_the_groups_minutes_once(inside: Town, closed: Meeting, signed_in: SignIn) -> None:
    for audience in (EditionFor.OWN, EditionFor.STEERING, EditionFor.ARCHIVE):
        make(inside, closed, audience)
    assert signed_in(inside.carin).get("/g/tarnsund/meetings/").text.count(f"{closed.number}, version") == 1


def test_what_was_left_for_the_next_meeting_is_still_for_some_alone(inside: Town, planned: Meeting) -> None:
    housing = inside.organisations["housing"]
    actions.prepare_meeting(meeting=planned, now=NOW)
    item = actions.add_item(meeting=planned, heading=OURS, by=inside.carin, now=NOW, limited_to=housing)
    actions.park_item(item=item, parked=True, by=inside.carin, now=NOW)
    open_meeting(meeting=planned, by=inside.carin, now=TUESDAY)
    edition = actions.close_meeting(meeting=planned, by=inside.carin, now=TUESDAY)
    assert edition.frozen["parked"] == []
    following_one = plan_meeting(group=inside.group, period=following(inside))
    actions.prepare_meeting(meeting=following_one, now=TUESDAY)
    assert AgendaItem.objects.get(meeting=following_one, heading=OURS).limited_to == housing


def test_the_steering_group_reads_what_was_decided_and_not_what_was_said(inside: Town, closed: Meeting) -> None:
    frozen = make(inside, closed, EditionFor.STEERING).frozen
    assert [line["what"] for line in frozen["decisions"]] == ["Väktarna går till 02", "Belysningen lagas"]
    assert [item["note"] for item in frozen["items"] if item["note"]] == []
    assert {one["name"] for one in frozen["picture"]["organisations"]} == {""}
    assert not {"guests", "round"} & set(frozen)


def test_the_steering_groups_page_names_nobody_who_was_calm_or_silent(inside: Town, closed: Meeting) -> None:
    part = sheets.picture_part(make(inside, closed, EditionFor.STEERING), for_pdf=False)
    assert part is not None
    assert (part["calm"], part["silent"]) == ([], [])
    assert part["organisations"] == 4


def test_the_public_reads_the_chosen_decisions_without_place_and_reason(inside: Town, closed: Meeting) -> None:
    chosen = [line["id"] for line in group_minutes(closed).frozen["decisions"] if "Belysningen" in line["what"]]
    edition = make(inside, closed, EditionFor.PUBLIC, chosen=chosen)
    (line,) = edition.frozen["decisions"]
    assert (line["what"], line["area"]) == ("Belysningen lagas", "Hamnen")
    told = words(edition)
    for untold in ("kiosken", "De boende har bett om det", "Väktarna", "Hamnen leder veckan."):
        assert untold not in told
    assert "organisations" not in edition.frozen["public"]


def test_something_new_in_the_minutes_reaches_neither_steering_group_nor_public(inside: Town, closed: Meeting) -> None:
    frozen = group_minutes(closed).frozen
    more = frozen | {"new": "hemligt", "decisions": [line | {"new": "hemligt"} for line in frozen["decisions"]]}
    assert "new" not in editions.for_steering(more)
    assert "hemligt" not in json.dumps(editions.for_public(more, [one["id"] for one in more["decisions"]], least=5))


def test_an_organisations_own_edition_begins_with_what_is_its_to_do(
    inside: Town, closed: Meeting, signed_in: SignIn
) -> None:
    answer = signed_in(inside.hanna).post(
        f"/g/tarnsund/meetings/{closed.pk}/editions/", {"audience": "own"}, follow=True
    )
    assert answer.status_code == 200
    first = answer.text.index("För Tärnsundsbostäder</h2>")
    assert first < answer.text.index("Belysningen lagas") < answer.text.index("Väktarna går till 02")


def test_the_same_edition_asked_for_twice_is_one_and_after_a_correction_a_new_version(
    inside: Town, closed: Meeting
) -> None:
    first = make(inside, closed, EditionFor.OWN)
    assert make(inside, closed, EditionFor.OWN) == first
    latest = group_minutes(closed)
    said = {"notes": [item["note"] + "!" for item in latest.frozen["items"]], "guests": "", "what": "Rättat"}
    actions.correct_minutes(meeting=closed, version=1, by=inside.carin, now=TUESDAY, **said)
    again = make(inside, closed, EditionFor.OWN)
    assert (first.version, again.version, again.frozen["corrections"][0]["what"]) == (1, 2, "Rättat")


def test_who_makes_which_edition(inside: Town) -> None:
    who = (inside.carin, inside.anders, inside.maja, inside.stina, inside.rut)
    makes = {one.user.name.split()[0]: [a.value for a in EditionFor if actions.may_make(one, a)] for one in who}
    assert makes == {
        "Carin": ["own", "steering", "public", "archive"],
        "Anders": ["own", "steering", "archive"],
        "Maja": ["own"],
        "Stina": [],
        "Rut": [],
    }


@pytest.mark.parametrize("audience", ["public", "annex", "group", "", "%d", "x" * 3000])
def test_an_edition_that_is_not_ones_to_make_is_refused(
    inside: Town, closed: Meeting, signed_in: SignIn, audience: str
) -> None:
    before = Edition.objects.count()
    answer = signed_in(inside.maja).post(f"/g/tarnsund/meetings/{closed.pk}/editions/", {"audience": audience})
    assert answer.status_code == 403
    with tenancy.inside(inside.group):
        assert Edition.objects.count() == before
        with pytest.raises(NotAllowed):
            actions.make_edition(meeting=closed, audience=audience, by=inside.maja, now=TUESDAY)


def test_the_archives_file_is_pdf_a_3a_with_the_decisions_inside(inside: Town, closed: Meeting, tmp_path: Path) -> None:
    edition = make(inside, closed, EditionFor.ARCHIVE, diary="KS 2026/117")
    data = sheets.make_pdf(edition.pk)
    assert data == sheets.make_pdf(edition.pk)
    path = tmp_path / "archive.pdf"
    path.write_bytes(data)
    for profile in ("3a", "ua1"):
        report = page.validate_pdf(str(path), profile=profile)
        assert [(one.rule_id, one.message) for one in report.failures] == []
    with pikepdf.open(BytesIO(data)) as pdf:
        inside_it = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
        xmp = pdf.Root.Metadata.read_bytes().decode()
    said = json.loads(inside_it["decisions.json"])
    assert [line["what"] for line in said["decisions"]] == ["Väktarna går till 02", "Belysningen lagas"]
    tree = ElementTree.fromstring(inside_it["decisions.xml"])
    assert [line.findtext("what") for line in tree.find("decisions") or ()] == [
        "Väktarna går till 02",
        "Belysningen lagas",
    ]
    assert "<dc:source>KS 2026/117</dc:source>" in xmp


def test_the_minutes_carry_the_audit_trails_head(inside: Town, closed: Meeting, signed_in: SignIn) -> None:
    edition = group_minutes(closed)
    chain = edition.frozen["chain"]
    page = signed_in(inside.maja).get(f"/g/tarnsund/documents/{edition.pk}/")
    assert f"händelse {chain['n']}: {chain['h']}" in page.text
    assert len(chain["h"]) == 64


# who vouches


@pytest.fixture
def asked(inside: Town, closed: Meeting) -> Adjuster:
    return actions.name_adjuster(meeting=closed, member=inside.hanna, by=inside.carin, now=TUESDAY)


def test_whoever_is_asked_approves_with_their_password(
    inside: Town, closed: Meeting, asked: Adjuster, signed_in: SignIn
) -> None:
    address, client = f"/g/tarnsund/meetings/{closed.pk}/adjust/", signed_in(inside.hanna)
    wrong = client.post(address, {"version": 1, "password": "fel-fel-fel-fel"})
    assert (wrong.status_code, "Lösenordet stämmer inte" in wrong.text) == (422, True)
    right = client.post(address, {"version": 1, "password": PASSWORD}, follow=True)
    assert f"Justerat av {inside.hanna.user} (Tärnsundsbostäder)." in right.text
    with tenancy.inside(inside.group):
        asked.refresh_from_db()
        assert (asked.version, len(asked.checksum)) == (1, 64)


def test_wrong_passwords_are_counted_and_the_page_says_when_to_stop(
    inside: Town, closed: Meeting, asked: Adjuster, signed_in: SignIn
) -> None:
    address, client = f"/g/tarnsund/meetings/{closed.pk}/adjust/", signed_in(inside.hanna)
    wrong = {"version": 1, "password": "fel-fel-fel-fel"}
    answers = [client.post(address, wrong) for _n in range(7)]
    assert {answer.status_code for answer in answers} == {422}
    assert "Vänta fem minuter" in answers[-1].text
    assert client.post(address, wrong | {"password": PASSWORD}).status_code == 422


def test_whoever_is_no_longer_asked_is_told_how_it_stands(
    inside: Town, closed: Meeting, asked: Adjuster, signed_in: SignIn
) -> None:
    actions.drop_adjuster(adjuster=asked, by=inside.carin, now=TUESDAY)
    with pytest.raises(NotAllowed):
        actions.approve_minutes(meeting=closed, version=1, by=inside.hanna, now=TUESDAY)
    right = {"version": 1, "password": PASSWORD}
    answer = signed_in(inside.hanna).post(f"/g/tarnsund/meetings/{closed.pk}/adjust/", right)
    assert answer.status_code == 409


def test_an_approval_holds_for_the_version_that_was_read(
    inside: Town, closed: Meeting, asked: Adjuster, signed_in: SignIn
) -> None:
    latest = group_minutes(closed)
    said = {"notes": [item["note"] for item in latest.frozen["items"]], "guests": "Ny gäst", "what": "Gäst"}
    actions.correct_minutes(meeting=closed, version=1, by=inside.carin, now=TUESDAY, **said)
    answer = signed_in(inside.hanna).post(
        f"/g/tarnsund/meetings/{closed.pk}/adjust/", {"version": 1, "password": PASSWORD}
    )
    assert answer.status_code == 409
    assert "Det finns en senare version" in answer.text
    with tenancy.inside(inside.group):
        asked.refresh_from_db()
        assert asked.version is None


def test_nobody_approves_who_was_not_asked(inside: Town, closed: Meeting, asked: Adjuster, signed_in: SignIn) -> None:
    answer = signed_in(inside.maja).post(
        f"/g/tarnsund/meetings/{closed.pk}/adjust/", {"version": 1, "password": PASSWORD}
    )
    assert answer.status_code == 409
    with pytest.raises(NotAllowed):
        actions.approve_minutes(meeting=closed, version=1, by=inside.maja, now=TUESDAY)


def test_only_who_speaks_for_somebody_there_is_asked_and_at_most_three(inside: Town, closed: Meeting) -> None:
    with pytest.raises(NotAllowed):
        actions.name_adjuster(meeting=closed, member=inside.rut, by=inside.carin, now=TUESDAY)
    for member in (inside.carin, inside.maja, inside.pontus):
        actions.name_adjuster(meeting=closed, member=member, by=inside.carin, now=TUESDAY)
    with pytest.raises(ValidationError):
        actions.name_adjuster(meeting=closed, member=inside.hanna, by=inside.carin, now=TUESDAY)


def test_the_archive_says_who_vouched(inside: Town, closed: Meeting, asked: Adjuster) -> None:
    actions.approve_minutes(meeting=closed, version=1, by=inside.hanna, now=TUESDAY)
    (said,) = make(inside, closed, EditionFor.ARCHIVE).frozen["adjusted"]
    assert (said["name"], said["organisation"]) == (str(inside.hanna.user), "Tärnsundsbostäder")


def test_who_has_approved_is_not_dropped(inside: Town, closed: Meeting, asked: Adjuster) -> None:
    actions.approve_minutes(meeting=closed, version=1, by=inside.hanna, now=TUESDAY)
    with pytest.raises(NotAllowed):
        actions.drop_adjuster(adjuster=asked, by=inside.carin, now=TUESDAY)
