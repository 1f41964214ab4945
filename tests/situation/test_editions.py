"""Editions of the picture: the same figures for four audiences, and nothing in one that is not for it."""

from __future__ import annotations

import io
import itertools
import json
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from est_site import tenancy
from est_site.models import Document
from est_site.partners import limits
from est_site.partners.models import Area
from incidents.models import Visibility
from situation import edition_sheets, edition_words, editions
from situation.actions import evaluate_period
from situation.edition_actions import make_edition
from situation.editions import Span, month
from situation.models import PictureEdition, WheelEntry
from tests.cast import MONDAY, NOW, UTC, Town, make_incident, square
from tests.conftest import SignIn
from tests.situation.conftest import log_a_surge
from tests.situation.test_situation_page import words

WEEK = Span(MONDAY, MONDAY + timedelta(days=6))
MAKE = "/g/tarnsund/situation/editions/make/"


def made(town: Town, audience: str = "group", span: Span = WEEK, by: Any = None, **said: Any) -> PictureEdition:
    said = {"organisation": None, "client_uuid": uuid.uuid4()} | said
    with tenancy.inside(town.group):
        return make_edition(by=by or town.carin, span=span, audience=audience, now=NOW, **said)


def text(edition: PictureEdition) -> str:
    with tenancy.inside(edition.group):
        return edition_sheets.in_groups_language(edition, edition_sheets.sheet)


@pytest.fixture
def nine(inside: Town) -> Town:
    """Nine observations of the week: seven in Hamnen, two in Centrum."""
    for n in range(9):
        make_incident(inside, area=inside.areas["Hamnen" if n < 7 else "Centrum"], at=NOW - timedelta(hours=20 + n))
    return inside


days = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@given(days, st.integers(1, 30))
def test_months_and_stretches_before_a_span_touch_and_never_overlap(first: date, length: int) -> None:
    for span in (month(first), Span(first, first + timedelta(days=length - 1))):
        row = [*span.before(13), span]
        assert len(row) == 14
        for one, following in itertools.pairwise(row):
            assert one.last + timedelta(days=1) == following.first
        assert span.is_month == (span == month(span.first))


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(3, 10))
def test_no_hidden_count_is_told_by_the_sum(counts: list[int], least: int) -> None:
    shown = editions.public(
        {
            "total": [sum(counts), None],
            "areas": [{"id": n, "name": str(n)} for n in range(len(counts))],
            "area_totals": [[n, count, None] for n, count in enumerate(counts)],
            "categories": [],
            "category_totals": [],
            "organisations": [],
            "baseline": [],
            "heard": True,
        },
        least,
    )
    told = [n for _name, n in shown["areas"]]
    assert all(n is None or n == 0 or n >= least for n in told)
    assert told.count(None) != 1 or shown["total"] is None


def test_the_groups_edition_says_what_the_picture_says(nine: Town) -> None:
    said = text(made(nine))
    assert "9 observationer" in said
    assert "Hamnen" in said
    assert "får inte föras vidare" in said


def test_the_public_one_has_no_small_number_no_organisation_and_no_position(nine: Town) -> None:
    edition = made(nine, "public")
    assert set(edition.frozen["public"]) >= {"areas", "kinds", "heard"}
    assert "picture" not in edition.frozen
    said = text(edition)
    assert "färre än 5" in said
    assert "talen säger inte vilket" in said
    for name in nine.organisations.values():
        assert name.name not in said
    assert "<svg" not in said


def test_the_smallest_number_told_is_the_groups_own(nine: Town) -> None:
    nine.group.small_number = 10
    nine.group.save()
    nine.carin.group.small_number = 10
    assert "Färre än 10 observationer" in text(made(nine, "public"))


def test_the_steering_groups_names_nobody(nine: Town) -> None:
    edition = made(nine, "steering")
    assert {one["name"] for one in edition.frozen["picture"]["organisations"]} == {""}
    assert edition.frozen["picture"]["cells"] == edition.frozen["picture"]["strip"]["rows"] == []
    assert "organisationer har svarat" in text(edition)
    kept = json.dumps(edition.frozen, ensure_ascii=False)
    for organisation in nine.organisations.values():
        assert organisation.name not in kept


def test_one_organisations_says_its_own_share_and_is_not_seen_by_others(nine: Town, signed_in: SignIn) -> None:
    police = nine.organisations["police"]
    with tenancy.inside(nine.group):
        make_incident(nine, organisation=police, at=NOW - timedelta(hours=30))
    edition = made(nine, "own", organisation=police)
    assert f"{police.name} rapporterade 1 observation; alla tillsammans rapporterade 10." in text(edition)
    url = f"/g/tarnsund/situation/editions/{edition.pk}/"
    assert signed_in(nine.people["pontus"]).get(url).status_code == 200
    assert signed_in(nine.people["hanna"]).get(url).status_code == 404
    assert edition_sheets.title(edition) not in words(
        signed_in(nine.people["hanna"]).get("/g/tarnsund/situation/editions/")
    )


@pytest.mark.parametrize(("who", "audience"), [("maja", "public"), ("maja", "own")])
def test_who_does_not_keep_the_groups_papers_makes_none_for_the_public_or_for_others(
    nine: Town, who: str, audience: str
) -> None:
    other = nine.organisations["police"] if audience == "own" else None
    by = next(one for name, one in nine.people.items() if one.role == "member" and one.organisation != other)
    with pytest.raises(ValidationError):
        made(nine, audience, by=by, organisation=other)
    assert not PictureEdition.objects.filter(group=nine.group).exists()


def test_a_month_counts_its_own_days_and_says_that_only_weeks_are_judged(nine: Town) -> None:
    with tenancy.inside(nine.group):
        first = month(MONDAY).first
        for day in (first, first - timedelta(days=1)):
            make_incident(nine, at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    edition = made(nine, span=month(MONDAY))
    assert edition.frozen["picture"]["total"][0] == 10
    assert "november 2026" in text(edition)


def test_a_limited_observation_is_in_no_edition(nine: Town) -> None:
    with tenancy.inside(nine.group):
        make_incident(nine, visibility=Visibility.ORGANISATION, at=NOW - timedelta(hours=20))
    for audience in ("group", "steering"):
        assert made(nine, audience).frozen["picture"]["total"][0] == 9


@pytest.mark.parametrize(("length", "ok"), [(400, True), (401, False)])
def test_an_edition_holds_at_most_four_hundred_days(nine: Town, length: int, ok: bool) -> None:
    span = Span(MONDAY - timedelta(days=length - 1), MONDAY)
    if ok:
        assert made(nine, span=span).pk
        return
    with pytest.raises(ValidationError, match="400"):
        made(nine, span=span)


def test_days_that_have_not_begun_have_no_edition(nine: Town) -> None:
    tomorrow = NOW.date() + timedelta(days=2)
    with pytest.raises(ValidationError):
        made(nine, span=Span(tomorrow, tomorrow))


def test_the_same_form_twice_is_one_edition_and_one_file(nine: Town, signed_in: SignIn) -> None:
    carin = signed_in(nine.carin)
    said = {"client_uuid": uuid.uuid4(), "span": f"{WEEK.first}_{WEEK.last}", "audience": "public"}
    first, again = (carin.post(MAKE, said) for _n in range(2))
    assert first["location"] == again["location"]
    assert carin.post(MAKE, said | {"audience": "group"}).status_code == 422
    with tenancy.inside(nine.group):
        assert PictureEdition.objects.count() == Document.objects.filter(kind="picture.edition").count() == 1


def test_the_twenty_first_edition_of_an_hour_waits_and_keeps_what_was_chosen(nine: Town, signed_in: SignIn) -> None:
    assert limits.spend("edition", nine.carin, timezone.now(), 20) == 0
    said = {"client_uuid": uuid.uuid4(), "span": f"{WEEK.first}_{WEEK.last}", "audience": "steering"}
    answer = signed_in(nine.carin).post(MAKE, said)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 3000
    assert answer.context["form"]["audience"].value() == "steering"
    assert not PictureEdition.objects.exists()


def test_other_days_are_written_and_their_faults_stand_at_their_fields(nine: Town, signed_in: SignIn) -> None:
    carin = signed_in(nine.carin)
    said = {"client_uuid": uuid.uuid4(), "span": "other", "audience": "group"}
    assert "Skriv dagen" in words(carin.post(MAKE, said))
    wrong = said | {"first_day": "2026-11-20", "last_day": "2026-11-16"}
    assert "Sista dagen ligger före" in words(carin.post(MAKE, wrong))
    right = said | {"first_day": "2026-11-16", "last_day": "2026-11-20"}
    assert carin.post(MAKE, right).status_code == 302


def test_silence_is_not_zero_in_an_edition(inside: Town) -> None:
    for audience, sentence in (("group", "läget är okänt"), ("public", "inte samma sak som att inget har hänt")):
        said = text(made(inside, audience, span=Span(date(2026, 2, 3), date(2026, 2, 5))))
        assert sentence in said


def test_the_file_says_what_the_page_says_on_two_pages_at_most(nine: Town) -> None:
    for audience in ("group", "public"):
        edition = made(nine, audience)
        with tenancy.inside(nine.group):
            pages = PdfReader(io.BytesIO(edition_sheets.make_pdf(edition.pk))).pages
        assert len(pages) <= 2
        said = " ".join(page.extract_text() for page in pages).replace("\n", " ")
        assert "9 observationer" in said
        assert "Hamnen" in said


@pytest.mark.parametrize("audience", ["group", "steering", "own", "public"])
def test_the_file_of_a_large_town_with_much_to_say_has_two_pages_at_most(nine: Town, audience: str) -> None:
    log_a_surge(nine)
    with tenancy.inside(nine.group):
        Area.objects.filter(name="Hamnen").update(geometry=square(11.91, 57.95, 0.03))  # as high as a map can be
        for n in range(14):
            days = {"first_day": date(2026, 11, 24), "last_day": date(2026, 11, 26)}
            WheelEntry.objects.create(group=nine.group, title=f"Marknad {n} i hamnen", kind="event", **days)
        evaluate_period(period=nine.periods[-1], now=NOW + timedelta(days=1))
    edition = made(nine, audience, organisation=nine.organisations["police"] if audience == "own" else None)
    frozen = edition.frozen
    if audience == "public":
        frozen["public"]["areas"] = [[f"Stadsdelen nummer {n}", n * 7] for n in range(16)]
        frozen["public"]["kinds"] = [[f"Slag nummer {n}", f"Kind {n}", n * 7] for n in range(16)]
    else:
        picture = frozen["picture"]
        area, kind = picture["areas"][0], picture["categories"][0]
        picture["areas"] += [area | {"id": -n, "name": f"Stadsdelen nummer {n}"} for n in range(2, 18)]
        picture["area_totals"] += [[-n, 20 - n, 4.5] for n in range(2, 18)]
        picture["categories"] += [kind | {"id": -n, "sv": f"Slag nummer {n}"} for n in range(2, 18)]
        picture["category_totals"] += [[-n, 20 - n, 4.5] for n in range(2, 18)]
    edition.save()
    with tenancy.inside(nine.group):
        file = edition_sheets.make_pdf(edition.pk)
    assert len(PdfReader(io.BytesIO(file)).pages) <= 2


def test_a_week_is_named_by_its_number_and_a_month_by_its_name() -> None:
    with translation.override("sv"):
        assert edition_words.span_text(WEEK, weekly=True).startswith("vecka 47")
        assert edition_words.span_text(month(date(2026, 2, 9)), weekly=False) == "februari 2026"
        week_53 = Span(date(2026, 12, 28), date(2027, 1, 3))
        assert edition_words.span_text(week_53, weekly=True) == "vecka 53, 28 december 2026 – 3 januari 2027"
