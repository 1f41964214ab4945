"""More disorder, or more reporting? The sentences under the strip."""

from __future__ import annotations

import math
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from situation.reporting import Two, sentences, two

State = int | str | None


def picture(rows: dict[str, tuple[State, State]], **more: Any) -> dict[str, Any]:
    """As much of a picture as the sentences read: what each said of the period before, and of this one."""
    period = {"first_day": "2026-11-16", "last_day": "2026-11-22", "weeks": "47"}
    return {
        "as_of": "2026-11-24",
        "period": period,
        "organisations": [{"id": n, "name": name} for n, name in enumerate(rows)],
        "strip": {"weeks": ["46", "47"], "rows": [[n, [None, *said]] for n, said in enumerate(rows.values())]},
    } | more


def said(rows: dict[str, tuple[State, State]], **more: Any) -> str:
    with translation.override("sv"):
        return " ".join(sentences(picture(rows, **more))).replace("\u00a0", " ")


def test_an_increase_that_is_only_more_who_answer_is_called_so() -> None:
    words = said({"Kommunen": (20, 20), "Polisen": (20, 20), "Väktarna": (None, 20)})
    assert "60 observationer från 3 som svarade, mot 40 från 2 i vecka 46." in words
    assert "Svarar nu men inte då: Väktarna." in words
    assert "Ökningen är inte större än ökningen av antalet som svarar." in words
    assert "De 2 som rapporterade i båda gick från 40 till 40 (0 %)." in words


def test_an_increase_from_the_same_reporters_is_more_each() -> None:
    words = said({"Kommunen": (20, 30), "Polisen": (20, 31)})
    assert "Ökningen kommer av fler rapporter per organisation, inte av att fler svarar." in words
    assert "De 2 som rapporterade i båda gick från 40 till 61 (+52 %)." in words
    assert "drivs" in words


def test_an_increase_that_one_organisation_makes_is_named_as_driven_by_it() -> None:
    words = said({"Kommunen": (20, 21), "Polisen": (20, 21), "Bostäder": (10, 30)})
    assert "91 % av ökningen kommer från Bostäder: den drivs av en organisation." in words


def test_without_the_one_that_grew_there_would_be_no_increase() -> None:
    words = said({"Kommunen": (20, 12), "Polisen": (20, 20), "Bostäder": (10, 40)})
    assert "Utan Bostäder vore det ingen ökning: den drivs av en organisation." in words
    assert (
        "56 % av alla rapporter kommer från Bostäder; det är som om 2,4 organisationer rapporterade lika mycket."
        in words
    )


@pytest.mark.parametrize(("after", "few"), [(8, True), (9, False)])
def test_under_twenty_in_both_there_is_no_share(after: int, few: bool) -> None:
    words = said({"Kommunen": (5, after), "Polisen": (5, 1)})
    assert ("För få för att dela upp" in words) == few
    assert ("rapporter kommer från Kommunen" in words) != few


def test_calm_is_an_answer_and_silence_is_none() -> None:
    found = two(picture({"Kommunen": (30, 30), "Polisen": ("calm", None), "Bostäder": (None, "calm")}))
    assert found is not None
    assert (found.active, found.totals) == ((2, 2), (30, 30))


def test_who_has_joined_since_is_called_so() -> None:
    words = said({"Kommunen": (20, 20), "Bostäder": ("away", 3)})
    assert "Har kommit med sedan dess: Bostäder." in words
    assert "Svarar nu" not in words


@pytest.mark.parametrize(
    "more",
    [{"as_of": "2026-11-20"}, {"strip": {"weeks": ["47"], "rows": [[0, [4]], [1, [3]]]}}],
    ids=["a period that runs", "the first period there is"],
)
def test_there_is_nothing_to_say_of(more: dict[str, Any]) -> None:
    assert said({"Kommunen": (20, 20), "Polisen": (20, 30)}, **more) == ""


def test_nothing_is_said_where_nobody_spoke_of_the_period_before() -> None:
    assert said({"Kommunen": (None, 20), "Polisen": (None, 30)}) == ""


def test_periods_of_different_length_are_not_divided() -> None:
    strip = {"weeks": ["44–45", "46"], "rows": [[0, [40, 20]], [1, [40, 20]]]}
    words = said({"Kommunen": (40, 20), "Polisen": (40, 20)}, strip=strip)
    assert "De två perioderna är olika långa" in words
    assert "%" not in words


counts = st.one_of(st.none(), st.integers(0, 500))


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.tuples(counts, counts), max_size=8))
def test_the_parts_of_a_change_add_up_whatever_was_said(rows: dict[str, tuple[int | None, int | None]]) -> None:
    found = Two({name: one[0] for name, one in rows.items()}, {name: one[1] for name, one in rows.items()})
    if parts := found.divided:
        assert math.isclose(parts.reporter_part + parts.intensity_part, parts.total, abs_tol=1e-9)
        assert math.isclose(math.exp(parts.total), found.totals[1] / found.totals[0])
    sentences(picture(dict(rows)))


def test_two_weeks_and_four_are_not_divided() -> None:
    strip = {"weeks": ["43–44", "45–48"], "rows": [[0, [20, 40]], [1, [20, 40]]]}
    assert "%" not in said({"Kommunen": (20, 40), "Polisen": (20, 40)}, strip=strip)


def test_two_who_grow_alike_drive_nothing_and_are_not_one_sided() -> None:
    words = said({"Kommunen": (20, 40), "Polisen": (20, 40)})
    assert "drivs" not in words
    assert "rapporterade lika mycket" not in words


def test_a_new_voice_is_named_and_drives_nothing() -> None:
    words = said({"Kommunen": (20, 20), "Polisen": (20, 20), "Skolan": ("away", 9)})
    assert "Har kommit med sedan dess: Skolan." in words
    assert "drivs" not in words
