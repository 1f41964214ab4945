"""Choices in the list that a person saved under a name."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from est_site import tenancy
from est_site.models import GuardOverride, Job
from est_site.partners.actions import choose_keys
from est_site.partners.models import Membership
from incidents import saved_filters
from incidents.models import SavedFilter
from tests import cast
from tests.conftest import SignIn

LIST = "/g/tarnsund/incidents/"
ADD = f"{LIST}saved/add/"


@pytest.fixture
def maja(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.maja)


def kept(member: Membership) -> list[str]:
    with tenancy.inside(member.group):
        return [row.name for row in SavedFilter.objects.visible_to(member)]


def own(member: Membership, name: str = "Hamnen", query: str = "kind=event") -> SavedFilter:
    with tenancy.inside(member.group):
        return saved_filters.save_filter(by=member, name=name, query=query, now=cast.NOW)


def save(client: Client, name: str, **chosen: Any) -> HttpResponse:
    answer: Any = client.post(ADD, {"name": name, "query": urlencode(chosen)})
    return answer  # type: ignore[no-any-return]


def test_a_saved_choice_narrows_the_list_with_one_press(tarnsund: cast.Town, maja: Client) -> None:
    harbour = tarnsund.areas["Hamnen"].pk
    answer = save(maja, "Hamnen, öppna", area=harbour, state="open")
    assert answer["Location"] == f"{LIST}?area={harbour}&state=open"
    page = maja.get(LIST).content.decode()
    assert f'<a href="{LIST}?area={harbour}&amp;state=open">Hamnen, öppna</a>' in page


def test_the_choice_that_the_list_shows_is_marked_whatever_order_the_address_has(
    tarnsund: cast.Town, maja: Client
) -> None:
    save(maja, "Öppna", kind="condition", state="open")
    save(maja, "Händelser", kind="event")
    page = maja.get(f"{LIST}?state=open&q=&kind=condition").content.decode()
    assert 'aria-current="true">Öppna</a>' in page
    assert page.count('aria-current="true"') == 1
    assert 'aria-current="true"' not in maja.get(LIST).content.decode()


def test_the_page_that_saves_says_the_choice_in_words(tarnsund: cast.Town, maja: Client) -> None:
    category = tarnsund.categories["damage"]
    page = maja.get(ADD, {"category": category.pk, "area": "none", "q": "bryggan"}).content.decode()
    for word in (category.name, "utanför alla områden", "bryggan"):
        assert f"<dd>{word}</dd>" in page


def test_only_what_the_list_can_be_narrowed_by_is_kept(tarnsund: cast.Town, bjorkvik: cast.Town, maja: Client) -> None:
    chosen = {"kind": "event", "page": 3, "organisation": bjorkvik.organisations["housing"].pk, "evil": "<script>"}
    assert save(maja, "Händelser", **chosen)["Location"] == f"{LIST}?kind=event"


@pytest.mark.parametrize("chosen", [{}, {"page": "2"}, {"area": "4711000"}, {"kind": "nonsense"}])
def test_nothing_chosen_is_no_choice(tarnsund: cast.Town, maja: Client, chosen: dict[str, str]) -> None:
    answer = save(maja, "Allt", **chosen)
    assert answer.status_code == 422
    assert "Inget är valt i listan" in answer.content.decode()
    assert kept(tarnsund.maja) == []


def test_the_same_form_sent_twice_is_one(tarnsund: cast.Town, maja: Client) -> None:
    for _ in range(2):
        assert save(maja, "Händelser", kind="event").status_code == 302
    assert kept(tarnsund.maja) == ["Händelser"]


def test_a_name_is_given_once_in_whatever_case(tarnsund: cast.Town, maja: Client) -> None:
    save(maja, "Öppna", state="open")
    answer = save(maja, "ÖPPNA", state="ended")
    assert answer.status_code == 422
    assert "Du har redan ett val som heter ”Öppna”" in answer.content.decode()
    assert f'value="{urlencode({"state": "ended"})}"' in answer.content.decode()


def test_there_is_room_for_twelve(tarnsund: cast.Town, maja: Client) -> None:
    for n in range(saved_filters.MOST - 1):
        own(tarnsund.maja, f"Val {n}")
    assert save(maja, "Det tolfte", kind="event").status_code == 302
    answer = save(maja, "Det trettonde", kind="event")
    assert answer.status_code == 422
    assert "12 sparade val" in answer.content.decode()
    assert len(kept(tarnsund.maja)) == 12
    assert save(maja, "Det tolfte", kind="event").status_code == 302


def test_it_can_be_renamed_and_the_name_of_another_is_refused(tarnsund: cast.Town, maja: Client) -> None:
    row, _other = own(tarnsund.maja, "Hamnen"), own(tarnsund.maja, "Torget")
    assert maja.post(f"{LIST}saved/{row.pk}/", {"name": "hamnen"})["Location"] == f"{LIST}?kind=event"
    answer = maja.post(f"{LIST}saved/{row.pk}/", {"name": "torget"})
    assert answer.status_code == 422
    assert "<h1>hamnen</h1>" in answer.content.decode()
    assert sorted(kept(tarnsund.maja)) == ["Torget", "hamnen"]


def test_it_can_be_removed_and_the_list_stays_narrowed(tarnsund: cast.Town, maja: Client) -> None:
    row = own(tarnsund.maja)
    assert maja.post(f"{LIST}saved/{row.pk}/remove/")["Location"] == f"{LIST}?kind=event"
    assert kept(tarnsund.maja) == []
    assert maja.post(f"{LIST}saved/{row.pk}/remove/").status_code == 404


def test_it_is_for_the_person_alone(tarnsund: cast.Town, signed_in: SignIn) -> None:
    row = own(tarnsund.maja, "Mitt eget val")
    for name in ("carin", "rut"):
        client = signed_in(tarnsund.people[name])
        assert "Mitt eget val" not in client.get(LIST).content.decode()
        for url in (f"{LIST}saved/{row.pk}/", f"{LIST}saved/{row.pk}/remove/"):
            assert client.post(url, {"name": "Stulet"}).status_code == 404
    own(tarnsund.carin, "Mitt eget val")
    assert kept(tarnsund.maja) == ["Mitt eget val"]


@pytest.mark.parametrize("words", ["0701740605", "19121212-1212"])
def test_words_that_lead_to_a_person_can_be_looked_for_and_not_saved(
    tarnsund: cast.Town, maja: Client, words: str
) -> None:
    assert maja.get(LIST, {"q": words}).status_code == 200
    answer = save(maja, "Sök", q=words)
    assert answer.status_code == 422
    assert "kan leda till en person" in answer.content.decode()
    assert kept(tarnsund.maja) == []


def test_the_guard_reads_the_name(tarnsund: cast.Town, maja: Client) -> None:
    assert save(maja, "19121212-1212", kind="event").status_code == 422
    asked = save(maja, "Ring 0701740605", kind="event")
    assert asked.status_code == 422
    seen = asked.context["form"].guard_of("name").seen  # type: ignore[attr-defined]
    said = {"name": "Ring 0701740605", "query": "kind=event", "guard_name": "place", "guard_name_seen": seen}
    assert maja.post(ADD, said).status_code == 302
    with tenancy.inside(tarnsund.group):
        assert GuardOverride.objects.get().field == "name"


def test_an_area_drawn_anew_or_gone_breaks_no_saved_choice(tarnsund: cast.Town, maja: Client) -> None:
    row = own(tarnsund.maja, "Borta", "area=4711000")
    assert f"{LIST}saved/{row.pk}/" in maja.get(f"{LIST}?{row.query}").content.decode()
    page = maja.get(f"{LIST}saved/{row.pk}/").content.decode()
    assert "finns inte kvar" in page
    assert f"{LIST}saved/{row.pk}/remove/" in page


def test_it_goes_with_the_seat(tarnsund: cast.Town) -> None:
    own(tarnsund.maja)
    own(tarnsund.rut)
    with tenancy.inside(tarnsund.group):
        job = Job.objects.get(kind=saved_filters.SWEEP)
        then = cast.NOW + saved_filters.SWEPT
        assert job.due_at == then
        Membership.objects.filter(pk=tarnsund.maja.pk).update(valid_to=cast.NOW.date())
        saved_filters.sweep(job, then)
        assert [row.member_id for row in SavedFilter.objects.all()] == [tarnsund.rut.pk]
        following = Job.objects.filter(kind=saved_filters.SWEEP).latest("due_at")
        assert following.due_at == then + saved_filters.SWEPT
        Membership.objects.filter(pk=tarnsund.rut.pk).update(valid_to=cast.NOW.date())
        saved_filters.sweep(following, following.due_at)
        assert not SavedFilter.objects.exists()
        assert Job.objects.filter(kind=saved_filters.SWEEP).count() == 2


def test_the_list_asks_once_for_all_of_them(
    tarnsund: cast.Town, maja: Client, django_assert_max_num_queries: Any
) -> None:
    own(tarnsund.maja)
    with django_assert_max_num_queries(40) as few:
        maja.get(LIST)
    for n in range(5):
        own(tarnsund.maja, f"Val {n}")
    with django_assert_max_num_queries(len(few)):
        maja.get(LIST)


# --- the switch of the keys ------------------------------------------------------------------------------------------


def test_the_keys_are_on_until_the_person_turns_them_off(tarnsund: cast.Town, maja: Client) -> None:
    assert 'data-keys="on"' in maja.get(LIST).content.decode()
    answer = maja.post(f"{LIST}keys/", {"query": "kind=event&q=två+ord"})
    assert parse_qs(answer["Location"].partition("?")[2]) == {"kind": ["event"], "q": ["två ord"]}
    assert 'data-keys="off"' in maja.get(LIST).content.decode()
    assert maja.post(f"{LIST}keys/", {"wanted": "on", "back": "mine"})["Location"] == "/g/tarnsund/report/mine/"
    assert 'data-keys="on"' in maja.get(LIST).content.decode()


def test_the_switch_of_one_person_is_nobody_elses(tarnsund: cast.Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        choose_keys(by=tarnsund.maja, wanted=False, now=cast.NOW)
    assert 'data-keys="on"' in signed_in(tarnsund.rut).get(LIST).content.decode()
    mine = signed_in(tarnsund.maja).get("/g/tarnsund/report/mine/").content.decode()
    assert "checked" not in mine.partition('id="id_keys"')[2].partition(">")[0]
