"""The hours of a week in larger pieces. Pure: seven rows, Monday first, of as many equal cells as a day is kept in."""

from __future__ import annotations

from collections.abc import Sequence

BLOCK = 3  # hours
PART = 6  # hours; the day begins at six, so that a night is one part and belongs to the evening before
PARTS = 24 // PART

Week = Sequence[Sequence[float]]


def blocks(hours: Week) -> list[list[float]]:
    """Hours by blocks of three."""
    return [[sum(day[at : at + BLOCK]) for at in range(0, 24, BLOCK)] for day in hours]


def parts(week: Week) -> list[list[float]]:
    """By quarters of the day that begins at six: the last one lies half in the calendar's next day."""
    cells = len(week[0])
    each = cells // PARTS
    return [
        [
            sum(week[(day + at // cells) % 7][at % cells] for at in range(first, first + each))
            for first in range(each, each + cells, each)
        ]
        for day in range(7)
    ]


def called(part: int) -> str:
    """`18–00`."""
    first = PART + part * PART
    return f"{first % 24:02}–{(first + PART) % 24:02}"
