"""Several observations in one form."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from est_site import tenancy
from est_site.models import AuditEvent, GuardOverride
from est_site.partners.models import Category, Place, PlaceKind
from incidents import moments, pasting
from incidents.models import Draft, Incident
from tests import cast
from tests.conftest import SignIn

REPORT = "/g/tarnsund/report/"
URL = f"{REPORT}table/"
PASTE, ROWS, DRAFT = f"{URL}paste/", f"{URL}rows/", f"{URL}draft/"
FIELDS = ("what", "where", "start", "end", "words")
TODAY = date(2026, 11, 22)


@pytest.fixture
def rut(tarnsund: cast.Town, signed_in: SignIn) -> Client:
    return signed_in(tarnsund.rut)


def yesterday(town: cast.Town) -> str:
    return (timezone.now() - timedelta(days=1)).astimezone(town.group.zone).date().isoformat()


def row(town: cast.Town, **said: str) -> dict[str, str]:
    return {"what": "Klotter", "where": "Kiosken", "start": f"{yesterday(town)} 10:15", "end": "", "words": ""} | said


def table(*rows: dict[str, str], **more: Any) -> dict[str, Any]:
    sent = {f"r{n}-{name}": value for n, said in enumerate(rows, start=1) for name, value in said.items()}
    return {"client_uuid": str(uuid.uuid4()), "pasted": "", **sent, **more}


def pasted(*lines: tuple[str, ...]) -> str:
    return "\n".join("\t".join(cells) for cells in lines)


def saved(town: cast.Town) -> list[Incident]:
    with tenancy.inside(town.group):
        return list(Incident.objects.select_related("category", "place", "area").order_by("id"))


def test_three_rows_are_saved_together_as_what_they_say(tarnsund: cast.Town, rut: Client) -> None:
    rows = (
        row(tarnsund, words="Färg på gaveln."),
        row(tarnsund, what="Skadegörelse: Glaskross", where="centrum"),
        row(tarnsund, what="Samling av personer", where="Gångtunneln"),
    )
    answer = rut.post(URL, table(*rows))
    assert (answer.status_code, answer["Location"]) == (303, REPORT)
    found = saved(tarnsund)
    assert [one.category.code for one in found] == ["graffiti", "glass", "gathering"]
    assert [str(one.place or one.area) for one in found] == ["Hamnplan, kiosken", "Centrum", "Gångtunneln"]
    assert [one.area.name for one in found if one.area] == ["Hamnen", "Centrum", "Stationsområdet"]
    assert {one.reporter_id for one in found} == {tarnsund.rut.pk}
    assert len({one.sending for one in found}) == 1
    assert found[0].text == "Färg på gaveln."


def test_the_thanks_say_how_many_and_which_numbers(tarnsund: cast.Town, rut: Client) -> None:
    page = rut.post(URL, table(row(tarnsund), row(tarnsund)), follow=True).content.decode()
    first, last = saved(tarnsund)
    assert f"2 observationer är sparade: nummer {first.number} till {last.number}." in page


def test_rows_of_one_form_are_one_link_of_the_audit_chain(tarnsund: cast.Town, rut: Client) -> None:
    rut.post(URL, table(row(tarnsund, words="Hemliga ord"), row(tarnsund)))
    with tenancy.inside(tarnsund.group):
        (event,) = AuditEvent.objects.all()
    assert '"count": 2' in event.body
    assert "Hemliga" not in event.body


WRONG: list[tuple[dict[str, str], str]] = [
    ({"what": ""}, "what"),
    ({"what": "Okänt slag"}, "what"),
    ({"where": ""}, "where"),
    ({"where": "Ingenstans"}, "where"),
    ({"start": ""}, "start"),
    ({"start": "10:15"}, "start"),
    ({"start": "i går"}, "start"),
    ({"start": "2026-02-30"}, "start"),
    ({"start": "2026-03-29 02:30"}, "start"),
    ({"start": "2099-01-01"}, "start"),
    ({"start": "2020-01-01"}, "start"),
    ({"end": "senare"}, "end"),
    ({"end": "2020-01-01 10:00"}, "end"),
    ({"words": "å" * 501}, "words"),
    ({"words": "Född 19121212-1212."}, "words"),
    ({"words": "Ring 070-174 06 35."}, "words"),
]


@pytest.mark.parametrize(("changed", "field"), WRONG)
def test_a_faulty_row_saves_none_of_them_and_says_which_it_is_twice_in_the_same_words(
    tarnsund: cast.Town, rut: Client, changed: dict[str, str], field: str
) -> None:
    answer = rut.post(URL, table(row(tarnsund, words="Två lyktor."), row(tarnsund, words="x") | changed))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [f"r2-{field}"]
    (message,) = form.errors[f"r2-{field}"]
    assert message.startswith("Rad 2: ")
    page = answer.content.decode()
    shown = message.replace("”", "”")
    assert page.count(shown) == 2
    assert "Två lyktor." in page
    assert "<title>Fel:" in page
    assert saved(tarnsund) == []


def test_rows_left_empty_are_not_saved_and_neither_is_what_only_the_row_above_gave(
    tarnsund: cast.Town, rut: Client
) -> None:
    first = row(tarnsund)
    inherited = row(tarnsund, what="", start=yesterday(tarnsund))
    begun = dict.fromkeys(FIELDS, "") | {"start": cast.MONDAY.isoformat()}
    empty = dict.fromkeys(FIELDS, "")
    assert rut.post(URL, table(first, inherited, begun, empty)).status_code == 303
    assert len(saved(tarnsund)) == 1


def test_a_table_without_anything_in_it_asks_for_a_row(tarnsund: cast.Town, rut: Client) -> None:
    answer = rut.post(URL, table(dict.fromkeys(FIELDS, "")))
    assert answer.status_code == 422
    assert "Inget är skrivet än" in answer.content.decode()


@pytest.mark.parametrize(("count", "status"), [(200, 303), (201, 422)])
def test_two_hundred_rows_are_saved_and_not_one_more(tarnsund: cast.Town, rut: Client, count: int, status: int) -> None:
    answer = rut.post(URL, table(*[row(tarnsund)] * count))
    assert answer.status_code == status
    assert len(saved(tarnsund)) == (count if status == 303 else 0)
    if status == 422:
        assert "201 rader är för många" in answer.content.decode()


def test_the_same_form_sent_again_saves_nothing_more(tarnsund: cast.Town, rut: Client) -> None:
    form = table(row(tarnsund), row(tarnsund, what="Glaskross"))
    first, second = rut.post(URL, form), rut.post(URL, form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(saved(tarnsund)) == 2


def test_the_same_form_with_one_row_more_is_asked_about_and_keeps_what_was_typed(
    tarnsund: cast.Town, rut: Client
) -> None:
    form = table(row(tarnsund))
    rut.post(URL, form)
    answer = rut.post(URL, table(row(tarnsund), row(tarnsund, words="En till."), client_uuid=form["client_uuid"]))
    assert answer.status_code == 422
    assert "En till." in answer.content.decode()
    assert answer.context["form"]["client_uuid"].value() != form["client_uuid"]
    assert len(saved(tarnsund)) == 1


def test_a_form_number_somebody_else_used_saves_nothing(tarnsund: cast.Town, rut: Client, signed_in: SignIn) -> None:
    form = table(row(tarnsund))
    signed_in(tarnsund.hanna).post(URL, form)
    assert rut.post(URL, form).status_code == 422
    assert [one.reporter_id for one in saved(tarnsund)] == [tarnsund.hanna.pk]


def test_a_warning_is_answered_row_by_row_and_the_reason_is_noted_on_the_row(tarnsund: cast.Town, rut: Client) -> None:
    rows = (row(tarnsund), row(tarnsund, words="Ring 070-174 06 35."))
    asked = rut.post(URL, table(*rows)).context["form"].rows[1].guard_of("words")
    answer = rut.post(URL, table(*rows, **{"guard_r2-words": "public", "guard_r2-words_seen": asked.seen}))
    assert answer.status_code == 303
    second = saved(tarnsund)[1]
    assert second.text == "Ring 070-174 06 35."
    with tenancy.inside(tarnsund.group):
        assert GuardOverride.objects.get().row_id == second.pk


def test_what_is_taken_out_is_taken_out_before_it_is_saved(tarnsund: cast.Town, rut: Client) -> None:
    rows = (row(tarnsund, words="Ring 070-174 06 35."),)
    asked = rut.post(URL, table(*rows)).context["form"].rows[0].guard_of("words")
    rut.post(URL, table(*rows, **{"guard_r1-words": "remove", "guard_r1-words_seen": asked.seen}))
    assert "070" not in saved(tarnsund)[0].text


def test_names_of_another_group_are_not_known(tarnsund: cast.Town, bjorkvik: cast.Town, rut: Client) -> None:
    foreign = bjorkvik.places["kajen"].name
    assert rut.post(URL, table(row(tarnsund, where=foreign))).status_code == 422


def test_an_address_is_a_place(tarnsund: cast.Town, rut: Client) -> None:
    with tenancy.inside(tarnsund.group):
        Place.objects.create(group=tarnsund.group, name="Ekhagsvägen 4", kind=PlaceKind.ADDRESS, lon=11.915, lat=57.905)
    rut.post(URL, table(row(tarnsund, where="ekhagsvägen 4")))
    (found,) = saved(tarnsund)
    assert (found.place and found.place.name, found.area and found.area.name) == ("Ekhagsvägen 4", "Centrum")


def test_a_name_that_two_kinds_share_asks_for_the_first_level(tarnsund: cast.Town, rut: Client) -> None:
    with tenancy.inside(tarnsund.group):
        parent = tarnsund.categories["gathering"]
        Category.objects.create(group=tarnsund.group, parent=parent, code="twice", name_sv="Klotter", position=3)
    assert "Flera slag heter" in rut.post(URL, table(row(tarnsund))).content.decode()
    assert rut.post(URL, table(row(tarnsund, what="Skadegörelse: Klotter"))).status_code == 303


def test_a_page_shows_what_was_reported_with_it_as_far_as_one_may_see(
    tarnsund: cast.Town, rut: Client, signed_in: SignIn
) -> None:
    rut.post(URL, table(row(tarnsund), row(tarnsund), row(tarnsund)))
    first, second, third = saved(tarnsund)
    with tenancy.inside(tarnsund.group):
        Incident.objects.filter(pk=third.pk).update(visibility="organisation")
    page = signed_in(tarnsund.viktor).get(f"/g/tarnsund/incidents/{first.pk}/").content.decode()
    assert "Rapporterad tillsammans med" in page
    assert f"/incidents/{second.pk}/" in page
    assert f"/incidents/{third.pk}/" not in page


def test_more_rows_have_the_place_and_the_day_of_the_last_and_lose_nothing(tarnsund: cast.Town, rut: Client) -> None:
    answer = rut.post(ROWS, table(row(tarnsund, words="Två lyktor.")))
    rows = answer.context["form"].rows
    assert (answer.status_code, len(rows)) == (200, 6)
    assert (rows[5]["where"].value(), rows[5]["start"].value()) == ("Kiosken", yesterday(tarnsund))
    assert "Två lyktor." in answer.content.decode()


def test_what_is_pasted_is_shown_with_its_faults_and_not_saved(tarnsund: cast.Town, rut: Client) -> None:
    cells = pasted(
        ("Klotter", "Kiosken", f"{yesterday(tarnsund)} 10:15", "", "Färg"), ("Klottre", "Centrum", "x", "", "")
    )
    answer = rut.post(PASTE, table(row(tarnsund), pasted=cells))
    form = answer.context["form"]
    assert answer.status_code == 422
    assert [one["what"].value() for one in form.rows] == ["Klotter", "Klotter", "Klottre"]
    assert list(form.errors) == ["r3-what", "r3-start"]
    assert "3 rader är inlästa. 1 av dem behöver något. Inget är sparat ännu." in answer.content.decode()
    assert saved(tarnsund) == []


def test_columns_are_known_by_their_headings_in_any_order(tarnsund: cast.Town, rut: Client) -> None:
    day = yesterday(tarnsund)
    cells = pasted(
        ("Beskrivning", "Datum", "Tid", "Händelsetyp", "Stadsdel", "Plats"),
        ("Färg", day, "10:15", "Klotter", "Centrum", "Kiosken"),
        ("Glas", day, "11.30", "Glaskross", "Centrum", ""),
    )
    form = rut.post(PASTE, table(pasted=cells)).context["form"]
    assert [[one[name].value() for name in FIELDS] for one in form.rows] == [
        ["Klotter", "Kiosken", f"{day} 10:15", "", "Färg"],
        ["Glaskross", "Centrum", f"{day} 11.30", "", "Glas"],
    ]
    assert not form.errors


@pytest.mark.parametrize(("count", "status"), [(200, 200), (201, 422)])
def test_two_hundred_rows_can_be_pasted_and_one_more_stays_in_the_field(
    tarnsund: cast.Town, rut: Client, count: int, status: int
) -> None:
    cells = pasted(*[("Klotter", "Kiosken", yesterday(tarnsund), "", f"nr {n}") for n in range(count)])
    answer = rut.post(PASTE, table(pasted=cells))
    assert answer.status_code == status
    if status == 422:
        assert answer.context["form"]["pasted"].value() == cells


@pytest.mark.parametrize("cells", ["", "\n\n", "a\0b"])
def test_what_is_no_table_is_said_at_the_field(rut: Client, cells: str) -> None:
    answer = rut.post(PASTE, table(pasted=cells))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["pasted"])


def test_cells_that_were_pasted_and_forgotten_are_not_lost_on_saving(tarnsund: cast.Town, rut: Client) -> None:
    answer = rut.post(URL, table(row(tarnsund), pasted="Klotter\tKiosken"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["pasted"])


def test_a_table_that_was_begun_is_there_again_beside_the_reports_own_draft(tarnsund: cast.Town, rut: Client) -> None:
    rut.post(f"{REPORT}draft/", {"client_uuid": str(uuid.uuid4()), "text": "Två lyktor"})
    form = table(row(tarnsund, words="Färg på gaveln."))
    assert rut.post(DRAFT, form).status_code == 204
    shown = rut.get(URL).context["form"]
    assert (shown.rows[0]["words"].value(), str(shown["client_uuid"].value())) == (
        "Färg på gaveln.",
        form["client_uuid"],
    )
    assert rut.get(REPORT).context["form"]["text"].value() == "Två lyktor"
    rut.post(URL, form)
    with tenancy.inside(tarnsund.group):
        assert [draft.form for draft in Draft.objects.all()] == ["report"]


def test_a_last_word_that_arrives_after_the_table_itself_keeps_no_draft(tarnsund: cast.Town, rut: Client) -> None:
    form = table(row(tarnsund))
    rut.post(URL, form)
    rut.post(DRAFT, form)
    with tenancy.inside(tarnsund.group):
        assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("2026-11-22 16:41", TODAY, time(16, 41)),
        ("2026-11-22T16:41:09", TODAY, time(16, 41)),
        ("2026-11-22", TODAY, None),
        ("22/11 16.41", TODAY, time(16, 41)),
        ("22/11/2026 kl 9:05", TODAY, time(9, 5)),
        ("3/1", date(2027, 1, 3), None),
        ("30/12", date(2026, 12, 30), None),
        ("16.41", None, time(16, 41)),
    ],
)
def test_a_moment_is_read_as_people_write_it(text: str, day: date | None, at: time | None) -> None:
    assert moments.read(text, TODAY) == moments.Said(day, at)


@pytest.mark.parametrize(
    "text", ["", "i går", "31/2", "2026-13-01", "25:00", "22/11 ", "2026-11-22 x", "2026-11-2216:41"]
)
def test_what_is_no_moment_is_not_read_as_one(text: str) -> None:
    if text.strip() == "22/11":
        assert moments.read(text, TODAY).day == TODAY
        return
    with pytest.raises(moments.NotRead):
        moments.read(text, TODAY)


def test_an_end_earlier_in_the_day_belongs_to_the_next_day() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=cast.NOW.tzinfo)
    start, end = moments.read("2026-11-20 22:00", TODAY), moments.read("02:00", TODAY)
    begins, ends, precision = moments.span(start, end, cast.NOW.tzinfo, now)  # type: ignore[arg-type]
    assert (ends - begins, precision) == (timedelta(hours=4), "interval")


def test_a_quotation_mark_alone_swallows_no_rows() -> None:
    assert len(pasting.rows('Klotter\t"Kiosken\t22/11\nKlotter\tCentrum\t22/11')) == 2


def test_a_cell_with_a_line_end_in_quotation_marks_is_one_row() -> None:
    (found,) = pasting.rows('Klotter\tKiosken\t22/11\t\t"Färg\npå gaveln"')
    assert found["words"] == "Färg på gaveln"
