"""Whether a clear difference holds without one of those who report, and how little is told of a single person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from incidents.models import Incident
from interventions.agenda import highlights
from situation import judged, reporting, rows
from situation.actions import frozen_figures
from situation.driven import driven, needed
from situation.judged import Judged, Key
from situation.material import DayCount, Material, Told, Voice
from situation.verdicts import ALL, evaluated
from tests.cast import NOW, Town, make_incident
from tests.situation.conftest import log_a_surge
from tests.situation.test_picture import week
from tests.situation.test_verdicts import now, past

FROZEN_AT = NOW + timedelta(hours=15)
NAMES = {1: "Polisen", 2: "Skolan", 3: "Kyrkan", 4: "Bostäder"}
COUNT = 16  # in a week in which up to seven are ordinary


def heard(by: dict[int, int], count: int = COUNT) -> Material:
    """A surge in Hamnen that these organisations have told of, each with so many."""
    told = tuple((week(n).first, 1) for n in range(13))
    return replace(
        now(past(), count), voices=[Voice(one, NAMES[one], True, True, None, told) for one in (by or {1: 0})]
    )


def told(by: dict[int, list[tuple[int | None, int, bool]]]) -> list[Told]:
    return [
        Told(week(0).first, 1, 7, organisation, reporter, alone, n)
        for organisation, persons in by.items()
        for reporter, n, alone in persons
    ]


def found(by: dict[int, list[tuple[int | None, int, bool]]], count: int = COUNT) -> dict[Any, tuple[str, list[str]]]:
    """What drives the week's figure of damage in Hamnen, and of nothing else."""
    given = heard(dict.fromkeys(by, 0), count)
    judgement = evaluated(given)
    kept = {
        n: (what, names)
        for n, what, names in driven(given, judgement, told(by))
        if judgement.found["rows"][n][:3] == [1, 7, 7]
    }
    assert len(kept) <= 1
    return kept


def test_a_surge_told_by_one_organisation_is_driven_by_it() -> None:
    alike = [(n, 4, True) for n in (11, 12, 13)]
    assert list(found({1: alike, 2: [(21, 2, True), (22, 2, True)]}).values()) == [("organisation", ["Polisen"])]


def test_a_surge_that_all_have_told_of_is_driven_by_nobody() -> None:
    assert found({one: [(10 * one, 4, True)] for one in NAMES}) == {}


def test_a_difference_that_is_only_just_clear_is_not_blamed_on_each_who_told_of_it() -> None:
    assert found({one: [(10 * one, 3, True)] for one in (1, 2, 3)}, count=10) == {}


def test_of_several_the_one_without_whom_nothing_is_left_drives_it() -> None:
    parts = {1: [(11, 4, True), (12, 4, True)], 2: [(21, 1, True)], 3: [(31, 1, True)]}
    assert list(found(parts, count=10).values()) == [("organisation", ["Polisen"])]


def test_where_only_one_organisation_reported_nothing_is_left_out() -> None:
    assert found({1: [(11, 16, True)]}) == {}


def test_one_single_reporter_is_told_without_a_name_or_an_organisation() -> None:
    parts = {1: [(11, 12, True)], 2: [(21, 2, True)], 3: [(31, 2, True)]}
    assert list(found(parts).values()) == [("reporter", [])]


def test_of_a_single_reporter_nothing_is_said_among_two_organisations() -> None:
    assert list(found({1: [(11, 12, True)], 2: [(21, 4, True)]}).values()) == [("organisation", ["Polisen"])]


def test_what_a_colleague_saw_too_does_not_rest_on_one_person() -> None:
    parts = {1: [(11, 12, False)], 2: [(21, 2, True)], 3: [(31, 2, True)]}
    assert list(found(parts).values()) == [("organisation", ["Polisen"])]


def test_what_came_from_a_file_has_no_reporter() -> None:
    parts = {1: [(None, 12, True)], 2: [(21, 2, True)], 3: [(31, 2, True)]}
    assert list(found(parts).values()) == [("organisation", ["Polisen"])]


def test_no_organisation_is_named_anywhere_once_a_reporter_drives_something() -> None:
    """Damage is one reporter's; what rests on an organisation beside it would tell where to look, or where not."""
    given = heard({1: 0, 2: 0, 3: 0})
    given = replace(given, counts=[*given.counts, DayCount(week(0).first, 1, 8, 16)])
    damage = told({1: [(11, 12, True)], 2: [(21, 2, True)], 3: [(31, 2, True)]})
    noise = [Told(week(0).first, 1, 8, 2, reporter, True, 4) for reporter in (21, 22, 23, 24)]
    kept = [(what, names) for _n, what, names in driven(given, evaluated(given), [*damage, *noise])]
    assert ("reporter", []) in kept
    assert ("organisation", []) in kept
    assert all(names == [] for _what, names in kept)


def test_a_fall_that_is_the_silence_of_one_is_driven_by_it() -> None:
    """The police told of eleven a week and tell of none; the school's two a week go on."""
    given = heard({1: 0, 2: 0})
    ordinary = [replace(row, count=13 if row.day < week(0).first else 2) for row in given.counts]
    before = [Told(week(n).first, 1, 7, 1, 11, True, 11) for n in range(1, 13)]
    same = [Told(week(n).first, 1, 7, 2, 21, True, 2) for n in range(13)]
    judgement = evaluated(replace(given, counts=ordinary))
    kept = {tuple(judgement.found["rows"][n][:3]): names for n, _what, names in driven(given, judgement, before + same)}
    assert kept[1, 7, 7] == ["Polisen"]


# from the tables to the words


@pytest.fixture
def surge(inside: Town) -> Town:
    """All four log one a week in Centrum; in the last week twelve more in Hamnen, of which nobody is the reporter."""
    log_a_surge(inside)
    Incident.objects.update(reporter=None)
    return inside


def frozen(town: Town) -> dict[str, Any]:
    return frozen_figures(town.periods[-1], group=town.group, cut_off=FROZEN_AT)


def in_swedish(town: Town) -> tuple[str, list[str], str]:
    """Headline, explanation of Hamnen, agenda."""
    picture = frozen(town)
    verdicts = Judged.of(picture)
    assert verdicts is not None
    with translation.override("sv"):
        why = judged.explained(verdicts, Key(town.areas["Hamnen"].pk, ALL))
        return judged.opening(picture, verdicts), why, " ".join(one["sv"] for one in highlights(picture))


def test_a_frozen_picture_says_who_drives_a_difference_in_headline_explanation_and_agenda(surge: Town) -> None:
    headline, why, agenda = in_swedish(surge)
    assert "(drivs av en organisation: Tärnsundsbostäder)" in headline
    assert "Utan rapporterna från Tärnsundsbostäder vore skillnaden inte tydlig." in why
    assert "Hamnen: 12, normalt 0 (drivs av en organisation: Tärnsundsbostäder)" in agenda


def test_a_picture_that_rests_on_one_person_holds_no_trace_of_whom(surge: Town) -> None:
    Incident.objects.filter(area=surge.areas["Hamnen"]).update(reporter=surge.rut)
    headline, why, agenda = in_swedish(surge)
    assert "(drivs av en enda rapportör)" in headline
    assert "Tärnsundsbostäder" not in f"{headline} {why} {agenda}"
    assert {tuple(names) for _n, _by, names in frozen(surge)["verdicts"]["driven"]} == {()}


def test_what_another_organisation_told_as_well_does_not_rest_on_the_first(surge: Town) -> None:
    for one in Incident.objects.filter(area=surge.areas["Hamnen"]):
        make_incident(surge, organisation=surge.organisations["police"], merged_into=one)
    assert frozen(surge)["verdicts"]["driven"] == []


def test_a_limited_report_of_the_same_event_changes_nothing_that_all_see(surge: Town) -> None:
    before = frozen(surge)["verdicts"]["driven"]
    for one in Incident.objects.filter(area=surge.areas["Hamnen"]):
        make_incident(surge, organisation=surge.organisations["police"], merged_into=one, visibility="police")
    assert frozen(surge)["verdicts"]["driven"] == before != []


def test_who_told_of_what_is_asked_in_three_questions_and_only_where_something_is_clear(surge: Town) -> None:
    material = rows.gather(surge.periods[-1], group=surge.group, cut_off=FROZEN_AT)
    with CaptureQueriesContext(connection) as captured:
        told_of = rows.told(surge.group.pk, [*material.earlier, material.period], FROZEN_AT)
    assert len(captured) == 3
    assert sum(one.count for one in told_of) == 12 * 4 + 12
    assert needed(evaluated(now(past(), 4))) == []


def test_an_older_picture_without_the_question_is_shown_as_it_was(surge: Town) -> None:
    picture = frozen(surge)
    del picture["verdicts"]["driven"]
    verdicts = Judged.of(picture)
    assert verdicts is not None
    assert "(" not in judged.opening(picture, verdicts)
    assert reporting.sentences(picture)
