"""The list of observations and one observation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from est_site import tenancy
from est_site.partners.models import Area
from incidents.models import Incident
from tests import cast
from tests.conftest import SignIn

URL = "/g/tarnsund/incidents/"


@pytest.fixture
def maja(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.maja)


Log = Callable[..., Incident]


@pytest.fixture
def log(tarnsund: cast.Town) -> Log:
    def make(**fields: Any) -> Incident:
        with tenancy.inside(tarnsund.group):
            return cast.make_incident(tarnsund, **fields)

    return make


def shown(client: Client, **chosen: Any) -> list[int]:
    return [row.pk for row in client.get(URL, chosen).context["page"]]


def test_an_empty_list_says_why_and_what_to_do_next(maja: Client) -> None:
    page = maja.get(URL).content.decode()
    assert "Inga observationer än" in page
    assert "/g/tarnsund/report/" in page
    assert "<figure" not in page


def test_a_choice_that_nothing_fits_says_so_and_leads_back(maja: Client, log: Log) -> None:
    log()
    page = maja.get(URL, {"q": "finns inte"}).content.decode()
    assert "Inget passar" in page
    assert f'href="{URL}"' in page


def test_the_latest_comes_first(maja: Client, log: Log) -> None:
    old, new = log(at=cast.NOW - timedelta(days=3)), log(at=cast.NOW - timedelta(days=1))
    assert shown(maja) == [new.pk, old.pk]


def test_the_number_of_observations_and_of_organisations_is_said(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    log(), log()
    log(organisation=tarnsund.organisations["guards"], reporter=tarnsund.viktor)
    assert "3 observationer från 2 organisationer." in " ".join(maja.get(URL).content.decode().split())


def test_a_period_narrows_the_list_to_its_days(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    inside, outside = log(), log(at=cast.NOW - timedelta(days=8))
    assert shown(maja, period=tarnsund.periods[-1].pk) == [inside.pk]
    assert shown(maja, period=tarnsund.periods[-2].pk) == [outside.pk]


def test_an_area_narrows_the_list_and_so_does_having_none(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    harbour, nowhere = log(), log(area=None, location_precision="none")
    assert shown(maja, area=tarnsund.areas["Hamnen"].pk) == [harbour.pk]
    assert shown(maja, area="none") == [nowhere.pk]


@pytest.fixture
def redrawn(tarnsund: cast.Town) -> cast.Town:
    """Hamnen was drawn anew on the Monday of the week; Varvet is no longer drawn at all."""
    with tenancy.inside(tarnsund.group):
        before = tarnsund.areas["Hamnen"]
        before.valid_to = cast.MONDAY - timedelta(days=1)
        before.save()
        tarnsund.areas["Hamnen, ny"] = Area.objects.create(
            group=tarnsund.group, name="Hamnen", geometry=cast.square(11.90, 57.89), valid_from=cast.MONDAY
        )
        tarnsund.areas["Varvet"] = Area.objects.create(
            group=tarnsund.group,
            name="Varvet",
            geometry=cast.square(11.95, 57.90),
            valid_from=date(2020, 1, 1),
            valid_to=date(2026, 9, 30),
        )
    return tarnsund


@pytest.mark.parametrize("drawing", ["Hamnen", "Hamnen, ny"])
def test_an_area_drawn_anew_is_one_choice_with_all_its_observations(
    redrawn: cast.Town, maja: Client, log: Log, drawing: str
) -> None:
    new = log(area=redrawn.areas["Hamnen, ny"])
    old = log(area=redrawn.areas["Hamnen"], at=cast.NOW - timedelta(days=8))
    log(area=redrawn.areas["Centrum"])
    assert shown(maja, area=redrawn.areas[drawing].pk) == [new.pk, old.pk]
    page = maja.get(f"{URL}?area={redrawn.areas[drawing].pk}").content.decode()
    assert page.count(">Hamnen</option>") == 1
    assert f'<option value="{redrawn.areas[drawing].pk}" selected>Hamnen</option>' in page
    assert 'aria-label="Hamnen, 2"' in page


def test_an_area_that_is_no_longer_drawn_is_offered_with_its_last_day(
    redrawn: cast.Town, maja: Client, log: Log
) -> None:
    row = log(area=redrawn.areas["Varvet"], at=cast.NOW - timedelta(days=80))
    assert ">Varvet (till 2026-09-30)</option>" in maja.get(URL).content.decode()
    assert shown(maja, area=redrawn.areas["Varvet"].pk) == [row.pk]


def test_a_top_category_holds_what_lies_under_it(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    graffiti, damage = log(), log(category=tarnsund.categories["damage"], at=cast.NOW - timedelta(days=2))
    log(category=tarnsund.categories["lighting"])
    assert shown(maja, category=tarnsund.categories["damage"].pk) == [graffiti.pk, damage.pk]


def test_kind_and_organisation_narrow_the_list(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    event, condition = log(), log(category=tarnsund.categories["lighting"], at=cast.NOW - timedelta(days=2))
    assert shown(maja, kind="condition") == [condition.pk]
    assert shown(maja, organisation=tarnsund.organisations["housing"].pk) == [event.pk, condition.pk]
    assert shown(maja, organisation=tarnsund.organisations["police"].pk) == []


@pytest.mark.parametrize(("words", "count"), [("GLAS", 1), ("100%", 1), ("_", 0), ("'; --", 0), ("finns inte", 0)])
def test_words_are_looked_for_as_they_are_written(maja: Client, log: Log, words: str, count: int) -> None:
    log(text="Krossat glas, 100% av rutorna")
    assert len(shown(maja, q=words)) == count


def test_a_choice_that_does_not_exist_is_said_and_narrows_nothing(
    tarnsund: cast.Town, bjorkvik: cast.Town, maja: Client, log: Log
) -> None:
    row = log()
    answer = maja.get(f"{URL}?area={bjorkvik.areas['Hamnen'].pk}&period=x")
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"area", "period"}
    assert [r.pk for r in answer.context["page"]] == [row.pk]


@pytest.mark.parametrize(("count", "first", "pages"), [(50, 50, 1), (51, 50, 2)])
def test_a_page_holds_fifty(maja: Client, log: Log, count: int, first: int, pages: int) -> None:
    for _ in range(count):
        log()
    page = maja.get(URL).context["page"]
    assert (len(page), page.paginator.num_pages) == (first, pages)


def test_the_page_asks_as_often_for_one_row_as_for_thirty(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    asked = []
    made = 0
    for count in (1, 3, 30):
        for n in range(made, count):
            log(place=list(tarnsund.places.values())[n % 2], reporter=tarnsund.hanna if n % 2 else tarnsund.rut)
        made = count
        with CaptureQueriesContext(connection) as queries:
            assert len(shown(maja)) == count
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


def test_the_map_counts_what_the_list_shows_and_rows_point_at_their_area(
    tarnsund: cast.Town, maja: Client, log: Log
) -> None:
    log(), log()
    log(area=tarnsund.areas["Centrum"])
    page = maja.get(URL).content.decode()
    harbour = tarnsund.areas["Hamnen"].pk
    assert 'aria-label="Hamnen, 2"' in page
    assert page.count(f'<tr data-area="{harbour}"') == 2
    assert f"{URL}?area={harbour}" in page


def test_who_logged_it_is_for_their_own_organisation(tarnsund: cast.Town, signed_in: SignIn, log: Log) -> None:
    row = log()
    name = tarnsund.rut.user.name
    for url in (URL, f"{URL}{row.pk}/"):
        assert name in signed_in(tarnsund.hanna).get(url).content.decode()
        for other in (tarnsund.maja, tarnsund.carin, tarnsund.anders, tarnsund.pontus, tarnsund.viktor):
            assert name not in signed_in(other).get(url).content.decode()


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [("group", {"rut", "pontus", "maja"}), ("organisation", {"rut"}), ("police", {"rut", "pontus"})],
)
def test_a_limited_observation_is_there_only_for_those_who_may_see_it(
    tarnsund: cast.Town, signed_in: SignIn, log: Log, visibility: str, seen_by: set[str]
) -> None:
    row = log(visibility=visibility, text="Bara för oss")
    for name in ("rut", "pontus", "maja"):
        client = signed_in(tarnsund.people[name])
        assert (row.pk in shown(client)) == (name in seen_by)
        assert client.get(f"{URL}{row.pk}/").status_code == (200 if name in seen_by else 404)
        assert ('aria-label="Hamnen, 1"' in client.get(URL).content.decode()) == (name in seen_by)


def test_markup_in_words_is_shown_as_written(maja: Client, log: Log) -> None:
    row = log(text="<script>alert(1)</script>", done_at_once="<b>x</b>")
    for url in (URL, f"{URL}{row.pk}/"):
        page = maja.get(url).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_times_are_shown_in_the_groups_zone(tarnsund: cast.Town, maja: Client, log: Log) -> None:
    type(tarnsund.group).objects.filter(pk=tarnsund.group.pk).update(time_zone="America/Chicago")
    row = log(at=cast.NOW)
    assert "9.41" in maja.get(f"{URL}{row.pk}/").content.decode()
