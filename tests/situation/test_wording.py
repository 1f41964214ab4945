"""The sentences a chairperson reads aloud."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from situation import wording


@pytest.fixture(autouse=True)
def _swedish():
    with translation.override("sv"):
        yield


def said(state: str, name: str = "Polisen", expected: bool = True) -> dict[str, Any]:
    return {"id": 1, "name": name, "expected": expected, "state": state, "reports": 1 if state == "reported" else 0}


def figures(**fields: Any) -> dict[str, Any]:
    """W47 with 86 observations against 79, nine of eleven heard."""
    names = ["Stationsvärdarna", "Räddningstjänsten"]
    return {
        "heard": True,
        "as_of": "2026-11-24",
        "period": {"id": 1, "label": "2026-W47", "weeks": "47", "first_day": "2026-11-16", "last_day": "2026-11-22"},
        "total": [86, 79.1],
        "baseline": [f"2026-W{n}" for n in range(39, 47)],
        "baseline_days": [7] * 8,
        "areas": [{"id": 1, "name": "Hamnen"}, {"id": 2, "name": "Centrum"}, {"id": 3, "name": "Åsen"}],
        "area_totals": [[1, 22, 11.3], [2, 11, 13.0], [3, 2, 2.0]],
        "ended": [],
        "organisations": [said("reported")] * 7 + [said("calm")] * 2 + [said("silent", name) for name in names],
    } | fields


def test_a_week_is_said_with_its_count_and_its_mean() -> None:
    assert wording.headline(figures()) == "86 observationer vecka 47, i snitt 79 de åtta perioderna före."


def test_it_is_said_in_english_too() -> None:
    with translation.override("en"):
        assert wording.headline(figures()) == "86 observations in week 47, on average 79 in the eight periods before."


def test_who_was_heard_is_said_with_who_was_silent() -> None:
    assert wording.sentences(figures())[0] == (
        "Nio av elva organisationer har sagt något, två är tysta: Stationsvärdarna och Räddningstjänsten."
    )


def test_the_areas_with_most_are_named_with_their_own_mean() -> None:
    assert "Flest i Hamnen, 22 (i snitt 11) och Centrum, 11 (i snitt 13)." in wording.sentences(figures())


def test_nobody_is_named_where_the_order_is_a_tie() -> None:
    tie = figures(area_totals=[[1, 2, 1.0], [2, 2, 1.0], [3, 2, 1.0]])
    assert wording.most(tie) == ""


def test_too_few_periods_are_said_to_be_too_few() -> None:
    young = figures(baseline=["2026-W45", "2026-W46", "2026-W44"], baseline_days=[7] * 3)
    assert wording.headline(young) == "86 observationer vecka 47, i snitt 79 de tre perioderna före."
    assert "EST bygger upp en normalbild (3 av 8 perioder)." in wording.sentences(young)


def test_the_first_period_has_nothing_to_compare_with() -> None:
    first = figures(baseline=[], baseline_days=[], total=[86, None])
    assert wording.headline(first) == "86 observationer vecka 47."
    assert "Det finns ännu inget att jämföra med." in wording.sentences(first)


def test_a_period_going_on_is_not_held_against_whole_ones() -> None:
    going_on = figures(as_of="2026-11-19", total=[31, 79.1])
    assert wording.headline(going_on) == "31 observationer hittills vecka 47; en hel period har i snitt 79."
    assert "(i snitt" not in " ".join(wording.sentences(going_on))


def test_a_merged_period_is_compared_by_the_week() -> None:
    period = {"id": 1, "label": "2026-W46–47", "weeks": "46–47", "first_day": "2026-11-09", "last_day": "2026-11-22"}
    merged = figures(period=period, total=[24, 19.0])
    assert wording.headline(merged) == (
        "24 observationer vecka 46–47: 12 i veckan, mot i snitt 9,5 i veckan de åtta perioderna före."
    )
    assert any("olika långa" in sentence for sentence in wording.sentences(merged))


def test_silence_from_everybody_is_unknown_and_not_zero() -> None:
    silent = figures(heard=False, total=[0, 79.1], organisations=[said("silent")] * 4)
    assert wording.headline(silent) == "Ingen har sagt något om vecka 47, så läget är okänt."
    assert wording.sentences(silent) == ["Ingen av de fyra organisationerna har sagt något."]


def test_calm_from_everybody_is_no_observations() -> None:
    calm = figures(total=[0, 79.1], area_totals=[[1, 0, 11.3]], organisations=[said("calm")] * 4)
    assert wording.headline(calm).startswith("Inga observationer vecka 47, i snitt 79")
    assert wording.sentences(calm) == ["Alla fyra organisationer har sagt något."]


def test_who_is_not_expected_to_report_is_not_called_silent() -> None:
    organisations = [said("reported"), said("silent", "Kyrkan", expected=False)]
    assert wording.coverage(organisations) == "Den enda organisationen har sagt något."


@pytest.mark.parametrize(
    ("count", "mean", "words"),
    [(22, 11.3, "11 fler"), (3, 6.6, "4 färre"), (2, 2.3, "ungefär som i snitt"), (2, None, "inget att jämföra med")],
)
def test_a_difference_is_said_in_whole_observations(count: int, mean: float | None, words: str) -> None:
    assert wording.difference(count, mean) == words


@given(st.integers(0, 500), st.none() | st.floats(0, 500))
def test_a_difference_is_never_a_percentage(count: int, mean: float | None) -> None:
    assert "%" not in wording.difference(count, mean)


def test_what_came_after_the_freezing_is_said_by_area() -> None:
    names = {1: "Hamnen", 2: "Centrum", None: "utanför områdena"}
    assert wording.added([(1, 2), (None, 1)], names) == (
        "Sedan bilden frystes har tre observationer kommit till: Hamnen 2 och utanför områdena 1."
    )
    assert wording.added([(2, -1)], names) == "En har tagits bort eller flyttats: Centrum 1."
    assert wording.added([], names) == "Inget har kommit till sedan bilden frystes."


def test_every_sentence_reads_well_in_both_languages_whatever_the_figures() -> None:
    for language in ("sv", "en"):
        with translation.override(language):
            for sentence in [wording.headline(figures()), *wording.sentences(figures())]:
                assert sentence[0].isupper() or sentence[0].isdigit()
                assert sentence.endswith(".")
                assert "%(" not in sentence


@pytest.mark.parametrize(("mean", "text"), [(2.97, "3"), (2.38, "2,4"), (0.06, "0,1"), (9.96, "10"), (64.6, "65")])
def test_a_mean_is_rounded_and_never_cut(mean: float, text: str) -> None:
    with translation.override("sv"):
        assert wording.mean_text(mean) == text
