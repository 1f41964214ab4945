"""What is called different, what chance would bring anyway, and where nothing can be said."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from situation import verdicts
from situation.deviation import farrington, pooled_dispersion, predictive
from situation.material import AreaRow, DayCount, Material, Stretch, Voice
from situation.verdicts import ALL, Past, Series, Verdict, dispersion, evaluate
from tests.situation.test_picture import area, every_week, material, stretch, week


def figures(found: dict, days: int = 7) -> dict[tuple, Verdict]:
    return {(row[0], row[1]): Verdict(*row) for row in found["rows"] if row[2] == days}


def past(
    earlier: int = 12, areas: Sequence[AreaRow] = (area(1, "Hamnen"),), per_week: Sequence[int] = (3, 4, 2, 5)
) -> Material:
    """A past of ordinary weeks in one area; the week itself as the first of them."""
    counts = [DayCount(week(n).first, 1, 7, per_week[n % len(per_week)]) for n in range(earlier + 1)]
    return material([row for row in counts if row.count], earlier=earlier, areas=areas)


def now(given: Material, count: int) -> Material:
    before = [row for row in given.counts if row.day < given.period.first]
    return replace(given, counts=[*before, DayCount(given.period.first, 1, 7, count)])


@pytest.mark.parametrize(("count", "word"), [(30, "more-sure"), (12, "more-sure"), (8, "more-maybe"), (4, "normal")])
def test_a_count_is_called_by_its_chance(count: int, word: str) -> None:
    found = figures(evaluate(now(past(), count)))[1, 7]
    assert (found.events, found.word) == (count, word)


@pytest.mark.parametrize(("usual", "word"), [(2, "normal"), (4, "less-maybe"), (12, "less-sure")])
def test_a_fall_to_nothing_shows_only_where_much_is_normal(usual: int, word: str) -> None:
    told = [row for row in past(per_week=(usual,)).counts if row.day not in week(0)]
    calm = frozenset({(5, week(0).id)})  # that nobody spoke would be unknown, not zero
    found = figures(evaluate(replace(past(), counts=told, calm=calm)))[1, 7]
    assert (found.events, found.word) == (0, word)


def test_the_normal_is_that_of_the_twelve_weeks_before() -> None:
    found = figures(evaluate(past(earlier=20)))[1, 7]
    baseline = [row.count for row in past(earlier=20).counts if 1 <= (week(0).first - row.day).days // 7 <= 12]
    normal = predictive(baseline)
    assert (found.mean, found.low, found.high, found.limit) == (
        round(normal.mean, 2),
        normal.low,
        normal.high,
        normal.limit,
    )
    assert found.weeks == 12


@given(st.integers(0, 60))
@settings(max_examples=20, deadline=None)
def test_more_events_never_make_a_verdict_milder(count: int) -> None:
    order = ["less-sure", "less-maybe", "normal", "more-maybe", "more-sure"]
    lower, higher = (figures(evaluate(now(past(), n)))[1, 7] for n in (count + 1, count + 2))
    assert order.index(lower.word) <= order.index(higher.word)


def test_fewer_than_eight_weeks_give_no_verdict_but_the_weeks_there_are() -> None:
    found = evaluate(past(earlier=5))
    assert (found["weeks"], found["comparisons"], found["shown"]) == (5, 0, [])
    assert {row.word for row in figures(found).values()} == {"thin"}
    assert (figures(found)[1, 7].events, figures(found)[1, 7].mean) == (3, None)


def test_eight_weeks_are_enough_for_the_week_and_not_yet_for_four() -> None:
    found = evaluate(past(earlier=8))
    assert figures(found)[ALL, ALL].word == "normal"
    assert figures(found, 28)[ALL, ALL].word == "thin"


def test_weeks_in_which_nobody_spoke_are_no_history() -> None:
    quiet = past(earlier=9)
    heard = replace(quiet, counts=[row for row in quiet.counts if row.day not in week(2) and row.day not in week(3)])
    assert evaluate(heard)["weeks"] == 7
    assert {row.word for row in figures(evaluate(heard)).values()} == {"thin"}


def test_a_new_area_is_judged_when_it_has_its_own_eight_weeks() -> None:
    new = area(2, "Kajen", since=week(5).first)
    given_past = past(areas=[area(1, "Hamnen"), new])
    found = figures(evaluate(given_past))
    assert (found[2, ALL].word, found[2, ALL].weeks) == ("thin", 5)
    assert found[1, ALL].word == "normal"


def test_four_weeks_are_judged_together() -> None:
    drift = past(earlier=24, per_week=(3,))
    counts = [replace(row, count=5) if row.day >= week(3).first else row for row in drift.counts]
    found = evaluate(replace(drift, counts=counts))
    assert figures(found)[1, 7].word == "normal"
    assert figures(found, 28)[1, 7].events == 20
    assert figures(found, 28)[1, 7].word == "more-maybe"


def test_a_period_that_is_going_on_is_not_judged() -> None:
    running = replace(past(), today=week(0).last)
    assert evaluate(running)["rows"] == []


def test_a_period_of_which_nobody_spoke_is_not_judged() -> None:
    silent = past()
    assert evaluate(replace(silent, counts=silent.counts[1:]))["rows"] == []


def test_two_weeks_are_held_against_twice_the_normal() -> None:
    two = Stretch(101, "2026-W47–48", "47–48", week(0).first, week(0).first + timedelta(days=13))
    found = figures(evaluate(replace(past(per_week=(3,)), period=two, today=two.last + timedelta(days=1))), 14)[1, 7]
    assert found.mean == pytest.approx(2 * (12 * 3 + 0.5) / 12, abs=0.006)
    assert found.events == 3


def test_a_merged_period_counts_in_the_baseline_by_its_length() -> None:
    single = past(earlier=12, per_week=(3,))
    merged = [one for one in single.earlier if one.id not in (week(5).id, week(4).id)]
    merged.insert(7, Stretch(95, "2026-W42–43", "42–43", week(5).first, week(4).last))
    assert figures(evaluate(replace(single, earlier=merged)))[1, 7] == figures(evaluate(single))[1, 7]


def test_a_year_of_53_weeks_moves_nothing() -> None:
    long_past = past(earlier=70, per_week=(3,))
    start = date(2027, 1, 4)  # the Monday after 2026-W53
    moved = [stretch(200 - n, start - timedelta(weeks=n)) for n in range(71)]
    counts = [DayCount(one.first, 1, 7, 3) for one in moved]
    later = replace(long_past, period=moved[0], earlier=moved[:0:-1], counts=counts, today=start + timedelta(days=8))
    assert figures(evaluate(later))[1, 7] == figures(evaluate(long_past))[1, 7]
    assert figures(evaluate(later))[1, 7].weeks == 19


def test_the_same_weeks_of_last_year_are_in_the_baseline() -> None:
    given_past = past(earlier=70, per_week=(3,))
    season = [
        replace(row, count=12) if week(55).first <= row.day <= week(49).last else row for row in given_past.counts
    ]
    assert figures(evaluate(replace(given_past, counts=season)))[1, 7].mean > figures(evaluate(given_past))[1, 7].mean


def test_the_dispersion_is_pooled_over_all_past_weeks_against_their_own_baselines() -> None:
    chance = random.Random(3)
    shown = [week(n) for n in range(30, -1, -1)]
    line = Past(shown, frozenset(range(31)))
    family = [Series((a, 7), [chance.choice([0, 0, 1, 9]) for _n in shown], 0) for a in range(6)]
    series = [
        ([one.counts[n]], [one.counts[k] for k in line.baseline(n, 0)])
        for one in family
        for n in range(30)
        if line.baseline(n, 0)
    ]
    assert dispersion(family, line) == pytest.approx(pooled_dispersion(series))
    assert dispersion(family, line) > 1.5


def test_at_most_five_are_shown_the_least_likely_first() -> None:
    areas = [area(n, f"Area {n}") for n in range(1, 8)]
    counts = [row for n in range(1, 8) for row in every_week(13, area_id=n, count=3)]
    wild = [replace(row, count=12 + row.area_id) if row.day in week(0) else row for row in counts]
    found = evaluate(material(wild, earlier=12, areas=areas, voices=[], calm=()))
    shown = [Verdict(*found["rows"][n]) for n in found["shown"]]
    assert len(shown) == 5
    assert [one.p for one in shown] == sorted(one.p for one in shown)
    assert {one.word for one in shown} == {"more-sure"}


def test_every_comparison_is_counted_and_adjusted() -> None:
    found = evaluate(past(earlier=24))
    rows = [Verdict(*row) for row in found["rows"]]
    assert found["comparisons"] == len(rows) == 2 * (1 * 2 + 1 + 2 + 1)  # an area, two categories, both totals, twice
    assert all(row.p <= row.adjusted <= 1 for row in rows)
    assert 0 < found["by_chance"] <= 0.02 * len(rows)


def test_chance_alone_flags_no_more_than_it_says() -> None:
    chance = random.Random(11)
    flags = said = 0.0
    for _town in range(60):
        counts = [DayCount(week(n).first, 1, 7, sum(chance.random() < 0.05 for _k in range(100))) for n in range(25)]
        found = evaluate(material([row for row in counts if row.count], earlier=24, areas=[area(1, "Hamnen")]))
        week_rows = figures(found)[1, 7]
        flags += week_rows.word in ("more-sure", "less-sure")
        said += 1
    assert flags / said <= 0.07  # 2 % nominal; 60 weeks


def test_a_doubling_of_few_events_is_seldom_seen() -> None:
    found = figures(evaluate(past(earlier=24, per_week=(1,))))
    assert found[1, 7].power < 0.15
    assert figures(evaluate(past(earlier=24, per_week=(30,))))[1, 7].power > 0.9


def test_what_few_of_the_expected_have_told_is_changed_reporting() -> None:
    told = tuple((week(n).first, 1) for n in range(13))
    voices = [Voice(1, "Polisen", True, True, None, told), Voice(2, "Skolan", True, True, None, told[1:])]
    found = evaluate(now(replace(past(), voices=voices), 30))
    assert found["reporting"] == {"now": 0.5, "usual": 1.0, "changed": True}
    assert found["shown"] == []
    assert figures(found)[1, 7].word == "more-sure"  # the word stays, greyed by the page


def test_a_calm_report_is_heard_and_who_is_not_expected_is_not_missed() -> None:
    told = tuple((week(n).first, 1) for n in range(13))
    voices = [
        Voice(1, "Polisen", True, True, None, told),
        Voice(2, "Skolan", True, True, None, told[1:]),
        Voice(3, "Kyrkan", False, True, None, ()),
    ]
    found = evaluate(replace(past(), voices=voices, calm=frozenset({(2, week(0).id)})))
    assert found["reporting"] == {"now": 1.0, "usual": 1.0, "changed": False}


def test_an_organisation_more_is_more_reporting() -> None:
    told = tuple((week(n).first, 1) for n in range(13))
    voices = [
        Voice(1, "Polisen", True, True, None, told),
        Voice(2, "Skolan", True, True, week(0).first, told[:1]),
    ]
    assert evaluate(replace(past(), voices=voices))["reporting"] == {"now": 1.0, "usual": 0.5, "changed": True}
    later = replace(voices[1], joined=week(0).last + timedelta(days=1))
    found = evaluate(replace(past(), voices=[voices[0], later]))
    assert found["reporting"] == {"now": 1.0, "usual": 1.0, "changed": False}


def test_with_three_years_a_disagreement_with_farrington_is_only_possible() -> None:
    quiet = past(earlier=160, per_week=(2, 3, 1, 2))
    # last half year higher: the weeks before call 9 normal, the years before do not
    counts = [replace(row, count=row.count + 6) if row.day >= week(20).first else row for row in quiet.counts]
    risen = replace(quiet, counts=counts)
    series = [row.count for row in reversed(counts)]
    assert farrington(series, 160, 3).alarm
    found = figures(evaluate(risen))[1, 7]
    assert found.p > 0.01
    assert found.word == "more-maybe"


def test_the_result_says_how_it_was_made() -> None:
    found = evaluate(past())
    assert found["method"] == verdicts.METHOD
    assert (found["clear"], found["possible"]) == (0.01, 0.10)
    assert found["cut_off"] == past().cut_off.isoformat()
