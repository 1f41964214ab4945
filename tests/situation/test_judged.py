"""What the verdicts of a picture are called on the page, and how each is explained: never more than the figures carry."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.utils import translation

from situation import judged, lines, wording
from situation.judged import Judged, Key, Names
from situation.links import Observations
from situation.picture import assemble
from situation.verdicts import ALL, evaluate
from tests.situation.test_picture import week
from tests.situation.test_verdicts import now, past

CALLED = Names(
    {1: "Hamnen", 2: "Centrum", None: "Outside the areas", ALL: "All areas"}, {7: "Damage", ALL: "All kinds"}
)


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def picture(count: int, earlier: int = 20) -> dict[str, Any]:
    given = now(past(earlier=earlier), count)
    return assemble(given) | {"verdicts": evaluate(given)}


def of(count: int, **changes: Any) -> Judged:
    frozen = picture(count)
    frozen["verdicts"] |= changes
    found = Judged.of(frozen)
    assert found is not None
    return found


@pytest.mark.parametrize("key", ["verdicts", ""])
def test_a_picture_without_verdicts_is_not_judged(key: str) -> None:
    frozen = picture(3, earlier=4)  # too short a past
    frozen.pop(key, None)
    assert Judged.of(frozen) is None


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (30, "Clearly more observations than normal: damage in Hamnen."),
        (4, "Week 100 is within the normal."),
        (8, "Week 100 possibly has more observations than normal."),
    ],
)
def test_the_headline_says_what_the_total_and_the_clear_differences_carry(count: int, said: str) -> None:
    assert judged.headline(of(count), CALLED, wording.weeks_text("100")) == said


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ([(1, 7), (1, ALL), (ALL, 7), (ALL, ALL)], "damage in Hamnen"),
        ([(ALL, ALL), (1, 7)], "all areas together"),
        ([(1, ALL), (2, ALL)], "Hamnen and Centrum"),
        ([(1, 7), (2, 7)], "damage in Hamnen"),
        ([(None, ALL)], "outside the areas"),
    ],
)
def test_the_headline_names_at_most_two_things_and_none_of_them_twice(shown: list[Any], said: str) -> None:
    one = of(30).found[Key(1, 7)]
    found = Judged({Key(*key): one for key in shown}, [Key(*key) for key in shown], 4, 0.1, False)
    assert judged.headline(found, CALLED, "week 1") == f"Clearly more observations than normal: {said}."


def test_where_the_reporting_has_changed_nothing_is_called_different() -> None:
    frozen = of(30, reporting={"now": 0.5, "usual": 0.9, "changed": True}, shown=[])
    assert judged.headline(frozen, CALLED, "week 1") == "Week 1 cannot be compared: the reporting has changed."
    assert judged.sentences(frozen, CALLED) == []
    assert {frozen.word(one) for one in frozen.found.values()} <= {"changed", "thin"}
    assert frozen.clear == 0
    assert "says nothing about the town" in judged.explained(frozen, Key(1, 7))[-1]


def test_each_clear_difference_is_told_with_its_normal_and_what_chance_brings() -> None:
    frozen = of(30)
    one = frozen.found[Key(1, 7)]
    said = judged.sentences(frozen, CALLED)
    assert said[0] == f"Damage in Hamnen: 30, normally {one.low}–{one.high}."
    assert "by chance alone" in said[-1]


def test_an_explanation_gives_interval_chance_and_what_could_have_been_seen() -> None:
    frozen = of(30)
    one = frozen.found[Key(1, 7)]
    said = " ".join(judged.explained(frozen, Key(1, 7)))
    for words in (
        "30 observations in 7 days.",
        f"Compared with {one.weeks} weeks",
        f"Normal is {one.low}–{one.high}",
        f"More than {one.limit} is called clearly more.",
        "less than 1 of 1,000 ordinary periods",
        f"A doubling would be discovered {round(100 * (one.power or 0))} times in 100.",
    ):
        assert words in said


def test_too_little_says_how_many_weeks_there_are() -> None:
    frozen = of(3)
    key = Key(1, 7)
    found = Judged({**frozen.found, key: frozen.found[key]._replace(p=None, word="thin", weeks=3)}, [], 1, 0.0, False)
    assert "three of the eight weeks" in judged.explained(found, key)[1]


def test_a_chance_is_told_for_the_side_on_which_the_count_lies() -> None:
    assert "So few or fewer" in " ".join(judged.explained(of(0), Key(1, 7)))
    assert "So many or more" in " ".join(judged.explained(of(8), Key(1, 7)))


def test_every_comparison_has_an_address_and_no_other_text_has() -> None:
    frozen = of(4)
    assert all(judged.asked(dict(parse_qsl(key.query)), frozen) == key for key in frozen.found)
    for area, kind in [("", ""), ("1", ""), ("9", "9"), ("1 ", "7"), ("<b>", "*"), ("None", "7")]:
        assert judged.asked({"area": area, "kind": kind}, of(4)) == Key(ALL, ALL)
    assert judged.asked({"area": "1", "kind": "7", "span": "year"}, of(4)) == Key(ALL, ALL)
    assert judged.asked({}, of(30)) == of(30).shown[0]


def test_what_differs_stands_first_in_the_list() -> None:
    frozen = picture(30)
    found = lines.area_lines(frozen, Observations("", week(0).id), Judged.of(frozen))
    assert [line.name for line in found] == ["Hamnen"]
    assert (found[0].word, found[0].cells[0].word) == ("more-sure", "more-sure")
    assert found[0].cells[0].beside == found[0].normal


def test_a_kind_is_small_in_a_sentence_but_an_abbreviation_stays() -> None:
    assert [judged.lowered(name) for name in ("Skadegörelse", "EU-val", "A", "")] == ["skadegörelse", "EU-val", "a", ""]
