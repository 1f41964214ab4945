"""Places and categories: what people choose from when they report."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from est_site import tenancy
from est_site.models import AuditEvent
from est_site.partners import actions
from est_site.partners.categories import DEFAULT_TREE, Branch, plant
from est_site.partners.editing import Stale
from est_site.partners.models import Category, CategoryName, Place
from tests.cast import NOW, Town, make_group
from tests.conftest import SignIn
from tests.partners.conftest import page

pytestmark = pytest.mark.django_db


def last_event() -> str:
    return str(AuditEvent.objects.order_by("-n").values_list("body", flat=True)[0])


# --- places ----------------------------------------------------------------------------------------


def change_place(town: Town, place: Place, **changes: Any) -> Place:
    values: dict[str, Any] = {
        "name": place.name,
        "aliases": place.aliases,
        "object_type": place.object_type,
        "lon": place.lon,
        "lat": place.lat,
        "version": place.version,
    }
    return actions.change_place(by=town.carin, place=place, now=NOW, **(values | changes))


def test_the_area_of_a_place_is_found_from_its_point(inside: Town) -> None:
    place = actions.add_place(by=inside.carin, name="Torget", lon=11.915, lat=57.905, now=NOW)
    assert place.area == inside.areas["Centrum"]
    assert '"what": "place.add"' in last_event()


def test_a_place_outside_every_area_lies_in_none(inside: Town) -> None:
    assert actions.add_place(by=inside.carin, name="Skäret", lon=11.0, lat=57.0, now=NOW).area is None


def test_a_place_may_have_no_point(inside: Town) -> None:
    assert actions.add_place(by=inside.carin, name="Nätet", now=NOW).lon is None


def test_half_a_point_is_refused(inside: Town) -> None:
    with pytest.raises(ValidationError):
        actions.add_place(by=inside.carin, name="Halva", lon=11.9, now=NOW)


def test_two_places_cannot_have_one_name(inside: Town) -> None:
    with pytest.raises(ValidationError):
        actions.add_place(by=inside.carin, name="gångtunneln", now=NOW)


def test_other_names_are_kept_once_each_and_in_order(inside: Town) -> None:
    names = ["Kiosken", " kiosken", "Hamnplan, kiosken", "", "Kajen"]
    assert change_place(inside, inside.places["kiosken"], aliases=names).aliases == ["Kiosken", "Kajen"]


def test_a_moved_place_changes_its_area(inside: Town) -> None:
    assert change_place(inside, inside.places["kiosken"], lon=11.925).area == inside.areas["Stationsområdet"]


def test_a_retired_place_is_no_longer_offered(inside: Town) -> None:
    actions.retire_place(by=inside.carin, place=inside.places["kiosken"], version=1, now=NOW)
    assert inside.places["kiosken"] not in Place.objects.filter(group=inside.group).active()


def test_a_place_is_offered_again(inside: Town) -> None:
    place = actions.retire_place(by=inside.carin, place=inside.places["kiosken"], version=1, now=NOW)
    assert actions.use_place(by=inside.carin, place=place, version=2, now=NOW).is_active


def test_a_place_saved_meanwhile_is_not_overwritten(inside: Town) -> None:
    change_place(inside, inside.places["kiosken"], name="Kiosken vid kajen")
    with pytest.raises(Stale):
        change_place(inside, inside.places["kiosken"], name="Glasskiosken")


@pytest.mark.parametrize(("lat", "lon", "status"), [("90", "180", 302), ("90.1", "0", 422), ("0", "-180.1", 422)])
def test_a_point_lies_on_the_earth(lat: str, lon: str, status: int, tarnsund: Town, signed_in: SignIn) -> None:
    values = {"name": "Polen", "aliases": "", "object_type": "", "lat": lat, "lon": lon}
    assert signed_in(tarnsund.carin).post(page(tarnsund.carin, "places/add/"), values).status_code == status


def test_other_names_are_written_one_on_each_line(tarnsund: Town, signed_in: SignIn) -> None:
    place = tarnsund.places["kiosken"]
    client, url = signed_in(tarnsund.carin), page(tarnsund.carin, f"places/{place.pk}/")
    assert ">\nKiosken</textarea>" in client.get(url).content.decode()
    values = {"name": place.name, "aliases": "Kiosken\r\nGlassen", "lat": "57.905", "lon": "11.905", "version": 1}
    assert client.post(url, values).status_code == 302
    with tenancy.inside(tarnsund.group):
        place.refresh_from_db()
    assert place.aliases == ["Kiosken", "Glassen"]


@pytest.mark.parametrize(("length", "status"), [(120, 302), (121, 422)])
def test_each_other_name_may_have_120_characters(length: int, status: int, tarnsund: Town, signed_in: SignIn) -> None:
    values = {"name": "Torget", "aliases": "a" * length}
    assert signed_in(tarnsund.carin).post(page(tarnsund.carin, "places/add/"), values).status_code == status


def test_a_group_without_places_is_told_why_and_what_next(bjorkvik: Town, signed_in: SignIn) -> None:
    with tenancy.inside(bjorkvik.group):
        Place.objects.all().delete()
    text = signed_in(bjorkvik.olle).get(page(bjorkvik.olle, "places/")).content.decode()
    assert 'class="empty"' in text
    assert "/settings/places/add/" in text


# --- the default tree ------------------------------------------------------------------------------


def branches() -> list[Branch]:
    return [branch for top in DEFAULT_TREE for branch in (top, *top.under)]


def test_the_default_tree_has_twelve_main_categories() -> None:
    assert len(DEFAULT_TREE) == 12


def test_the_default_tree_has_a_name_in_both_languages_for_each_category() -> None:
    assert [branch.code for branch in branches() if not (branch.sv.strip() and branch.en.strip())] == []


def test_the_default_trees_codes_are_unique() -> None:
    codes = [branch.code for branch in branches()]
    assert len(codes) == len(set(codes))


def test_the_default_tree_has_the_codes_that_imports_map_to() -> None:
    needed = {
        *("damage", "graffiti", "broken-glass", "fire", "gathering", "disorder", "drugs", "violence", "robbery"),
        *("burglary", "traffic", "unsafe", "lighting", "litter", "sleeping", "preparation", "rumour", "upcoming"),
    }
    assert needed <= {branch.code for branch in branches()}


def test_only_the_eighth_is_a_condition_and_only_the_twelfth_upcoming() -> None:
    kinds = [top.kind for top in DEFAULT_TREE]
    assert kinds == ["event"] * 7 + ["condition"] + ["event"] * 3 + ["upcoming"]


def test_the_default_trees_icons_are_drawn() -> None:
    from django.template.loader import render_to_string

    sprite = render_to_string("components/icons.html")
    assert [branch.icon for branch in branches() if branch.icon and f'id="i-{branch.icon}"' not in sprite] == []


def test_what_lies_under_a_main_category_has_its_kind(db: None) -> None:
    group = make_group("nytt", "Nytt")
    with tenancy.inside(group):
        plant(group)
        lighting = Category.objects.get(code="lighting")
        assert (lighting.kind, lighting.parent.code) == ("condition", "unsafe")


# --- editing categories ----------------------------------------------------------------------------


def test_an_added_category_stands_last_with_a_code_of_its_own(inside: Town) -> None:
    scooter = actions.add_category(by=inside.carin, name_sv="Elsparkcykel", name_en="Scooter", now=NOW)
    assert (scooter.code, scooter.position) == ("scooter", 9)
    again = actions.add_category(by=inside.carin, name_sv="Annan sparkcykel", name_en="Scooter", now=NOW)
    assert again.code == "scooter-2"


def test_a_category_under_another_has_its_kind(inside: Town) -> None:
    bush = actions.add_category(
        by=inside.carin, name_sv="Buskage", parent=inside.categories["unsafe"], kind="event", now=NOW
    )
    assert bush.kind == "condition"


def test_there_are_two_levels_only(inside: Town) -> None:
    with pytest.raises(ValidationError):
        actions.add_category(by=inside.carin, name_sv="Tredje", parent=inside.categories["graffiti"], now=NOW)


def test_the_same_name_twice_in_one_place_is_refused(inside: Town) -> None:
    with pytest.raises(ValidationError):
        actions.add_category(by=inside.carin, name_sv="klotter", parent=inside.categories["damage"], now=NOW)


def test_a_renamed_category_remembers_what_it_was_called(inside: Town) -> None:
    graffiti = inside.categories["graffiti"]
    actions.change_category(
        by=inside.carin, category=graffiti, version=1, name_sv="Klotter och tags", name_en="Tags", now=NOW
    )
    former = CategoryName.objects.get(category=graffiti)
    assert (former.name_sv, former.name_en, former.until) == ("Klotter", "Graffiti", NOW)
    graffiti.refresh_from_db()
    assert graffiti.code == "graffiti"


def test_saving_the_same_name_makes_no_history(inside: Town) -> None:
    graffiti = inside.categories["graffiti"]
    actions.change_category(
        by=inside.carin, category=graffiti, version=1, name_sv="Klotter", name_en="Graffiti", now=NOW
    )
    assert not CategoryName.objects.exists()


def order(town: Town) -> list[str]:
    return list(Category.objects.filter(group=town.group).top().active().values_list("code", flat=True))


def test_a_category_moves_one_step(inside: Town) -> None:
    actions.move_category(by=inside.carin, category=inside.categories["unsafe"], up=True, now=NOW)
    assert order(inside) == ["damage", "unsafe", "gathering"]


def test_at_the_edge_a_category_stays(inside: Town) -> None:
    actions.move_category(by=inside.carin, category=inside.categories["damage"], up=True, now=NOW)
    assert order(inside) == ["damage", "gathering", "unsafe"]


def test_with_a_main_category_what_lies_under_it_is_retired(inside: Town) -> None:
    actions.retire_category(by=inside.carin, category=inside.categories["damage"], version=1, now=NOW)
    assert not Category.objects.get(code="graffiti").is_active


def test_a_category_comes_back_only_under_one_in_use(inside: Town) -> None:
    actions.retire_category(by=inside.carin, category=inside.categories["damage"], version=1, now=NOW)
    graffiti = Category.objects.get(code="graffiti")
    with pytest.raises(ValidationError):
        actions.use_category(by=inside.carin, category=graffiti, version=graffiti.version, now=NOW)
    actions.use_category(by=inside.carin, category=inside.categories["damage"], version=2, now=NOW)
    assert actions.use_category(by=inside.carin, category=graffiti, version=graffiti.version, now=NOW).is_active


def test_the_tree_is_edited_without_a_script(tarnsund: Town, signed_in: SignIn) -> None:
    client, unsafe = signed_in(tarnsund.carin), tarnsund.categories["unsafe"]
    client.post(page(tarnsund.carin, f"categories/{unsafe.pk}/move/"), {"way": "up"})
    client.post(
        page(tarnsund.carin, f"categories/{unsafe.pk}/"),
        {"name_sv": "Mörk plats", "name_en": "", "version": 1, "near_metres": 50, "near_hours": 0},
    )
    values = {"name_sv": "Buskage", "name_en": "", "parent": unsafe.pk, "kind": "event"}
    client.post(page(tarnsund.carin, "categories/add/"), values)
    damage = tarnsund.categories["damage"]
    client.post(page(tarnsund.carin, f"categories/{damage.pk}/retire/"), {"version": 1})
    text = client.get(page(tarnsund.carin, "categories/")).content.decode()
    assert text.index("Mörk plats") < text.index("Samling av personer")
    assert "Buskage" in text
    with tenancy.inside(tarnsund.group):
        assert not Category.objects.get(pk=damage.pk).is_active


@pytest.mark.parametrize(("length", "status"), [(80, 302), (81, 422)])
def test_the_name_of_a_category_may_have_80_characters(
    length: int, status: int, tarnsund: Town, signed_in: SignIn
) -> None:
    values = {"name_sv": "k" * length, "name_en": "", "parent": "", "kind": "event"}
    assert signed_in(tarnsund.carin).post(page(tarnsund.carin, "categories/add/"), values).status_code == status


# --- the lists cost the same however long they are -------------------------------------------------


def _queries(client: Any, url: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("rest", ["", "people/", "areas/", "places/", "categories/", "schedule/"])
def test_a_list_asks_the_database_as_often_for_three_rows_as_for_one(
    rest: str, tarnsund: Town, bjorkvik: Town, signed_in: SignIn
) -> None:
    few = _queries(signed_in(bjorkvik.olle), page(bjorkvik.olle, rest))
    many = _queries(signed_in(tarnsund.carin), page(tarnsund.carin, rest))
    assert few == many
    assert few <= 15
