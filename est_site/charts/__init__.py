"""Charts as inline SVG: classes of the stylesheet on a page, presentation attributes in a PDF. Pure.

`idn` must be unique in the page; words come from the caller. A small mark without a title is hidden from
assistive technology, because its number stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from est_site.charts.ink import VERDICT_CLASS, Ink, Verdict, count_text, figure, num, shorten, text_width

LETTERS_ON_A_PHONE = 23.0  # what the stylesheet gives a drawing that is narrow; room is kept for them


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: float
    text: str = ""
    normal: tuple[float, float] | None = None
    verdict: Verdict = ""


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: Sequence[float | None]


def nice_ticks(maximum: float, at_most: int = 5) -> list[int]:
    """Whole numbers from 0 to at least the maximum."""
    step = 1
    while step * at_most < maximum:
        step = next(k * 10 ** (len(str(step)) - 1) for k in (1, 2, 5, 10) if k * 10 ** (len(str(step)) - 1) > step)
    return [step * n for n in range(max(1, math.ceil(maximum / step)) + 1)]


def spark(
    values: Sequence[float | None],
    band: tuple[float, float] | None = None,
    *,
    verdict: Verdict = "",
    ticks: Sequence[int] = (),
    idn: str = "",
    title: str = "",
    small: bool = False,
    for_pdf: bool = False,
) -> SafeString:
    """The last weeks in a table cell. None is a week nobody reported: a gap, not a zero; `ticks` are marked above."""
    ink = Ink(for_pdf)
    top = _top([*values, *(band or ())])
    xs = _spread(len(values), 2, 98)
    body = []

    def y(value: float) -> float:
        return 21 - 18 * value / top

    if band:
        body.append(ink.rect("c-band", 2, y(band[1]), 96, max(1, y(band[0]) - y(band[1]))))
    body += [ink.path("c-line", d) for d in _strokes(xs, values, y)]
    body += [ink.path("c-axis-strong", f"M{num(xs[n])} 0v5") for n in ticks if n < len(xs)]
    if not values:
        body.append(ink.path("c-axis", "M2 21H98"))
    elif values[-1] is not None:
        body.append(ink.circle(VERDICT_CLASS.get(verdict, "c-dot"), xs[-1], y(values[-1]), 3))
    return figure(idn, title, "", 104, 24, body, for_pdf=for_pdf, cls="spark spark-s" if small else "spark")


def range_mark(
    value: float | None,
    low: float,
    high: float,
    maximum: float,
    *,
    verdict: Verdict = "",
    idn: str = "",
    title: str = "",
    for_pdf: bool = False,
) -> SafeString:
    """A count against its normal interval on a scale from 0 that the whole table shares."""
    ink = Ink(for_pdf)
    top = _top([maximum, high, value or 0])

    def x(number: float) -> float:
        return 6 + 108 * number / top

    body = [ink.path("c-axis", "M4 8H116"), ink.rect("c-band", x(low), 3, max(2, x(high) - x(low)), 10)]
    if value is not None and verdict:
        tip = (2, 13) if verdict.startswith("more") else (14, 3)
        body.append(ink.path(VERDICT_CLASS[verdict], f"M{num(x(value))} {tip[0]}l6 {tip[1] - tip[0]}h-12z"))
    elif value is not None:
        body.append(ink.circle("c-dot", x(value), 8, 3.2))
    return figure(idn, title, "", 120, 16, body, for_pdf=for_pdf, cls="range")


def bars(
    rows: Sequence[Bar], *, idn: str, title: str, desc: str = "", empty: str = "", for_pdf: bool = False
) -> SafeString:
    """Horizontal bars from 0, each with its label and its value; the normal interval as a band behind."""
    ink, width, row = Ink(for_pdf), 640.0, 28.0
    if not rows:
        return _empty(idn, title, desc or empty, empty, for_pdf)
    size = 14 if for_pdf else LETTERS_ON_A_PHONE
    left = min(260.0, max(text_width(bar.label, size) for bar in rows)) + 10
    top = _top([bar.value for bar in rows] + [bar.normal[1] for bar in rows if bar.normal])
    body = []

    def x(value: float) -> float:
        return left + (width - left - 70) * value / top

    for index, bar in enumerate(rows):
        y = 4 + index * row
        body.append(ink.text("c-text end", left - 10, y + 15, shorten(bar.label, left - 10, size)))
        if bar.normal:
            low, high = bar.normal
            body.append(ink.rect("c-band", x(low), y, max(2, x(high) - x(low)), row - 8))
        inset = 5 if bar.normal else 0
        if bar.value > 0:
            fill = VERDICT_CLASS.get(bar.verdict, "c-bar")
            body.append(ink.rect(fill, left, y + inset, x(bar.value) - left, row - 8 - 2 * inset))
        beside = max(x(bar.value), x(bar.normal[1]) if bar.normal else 0) + 6
        body.append(ink.text("c-text c-text-b", beside, y + 15, bar.text or count_text(bar.value)))
    height = row * len(rows) + 4
    body.append(ink.path("c-axis-strong", f"M{num(left)} 0V{num(height)}"))
    said = desc or "; ".join(f"{bar.label} {bar.text or count_text(bar.value)}" for bar in rows)
    return figure(idn, title, said, width, height, body, for_pdf=for_pdf)


def line(
    xs: Sequence[str],
    series: Sequence[Series],
    band: Sequence[tuple[float, float] | None] | None = None,
    *,
    idn: str,
    title: str,
    desc: str = "",
    empty: str = "",
    for_pdf: bool = False,
) -> SafeString:
    """At most two series, each named at its end; the first is the one that matters. None leaves a gap."""
    if len(series) > 2:
        raise ValueError("a line chart shows at most two series")
    ink, width, height, left = Ink(for_pdf), 640.0, 260.0, 44.0
    drawn = [value for one in series for value in one.values if value is not None]
    if not xs or not drawn:
        return _empty(idn, title, desc or empty, empty, for_pdf)
    size = 14 if for_pdf else LETTERS_ON_A_PHONE
    right = width - 14 - max(text_width(one.name, size) for one in series)
    ticks = nice_ticks(max([*drawn, *(high for pair in band or () if pair for high in pair)]))
    positions = _spread(len(xs), left + 4, right - 8)

    def y(value: float) -> float:
        return height - 30 - (height - 44) * value / ticks[-1]

    body = []
    for tick in ticks:
        body.append(ink.path("c-grid" if tick else "c-axis-strong", f"M{num(left)} {num(y(tick))}H{num(right)}"))
        body.append(ink.text("c-text-2 end", left - 8, y(tick) + 4.5, count_text(tick)))
    body += [ink.path("c-band", d) for d in _bands(positions, band or (), y)]
    step = math.ceil(len(xs) * max(text_width(x, 13) + 10 for x in xs) / (right - left))
    for index in range(len(xs) - 1, -1, -max(1, step)):
        body.append(ink.text("c-text-2 mid", positions[index], height - 8, xs[index]))
    for one, style in reversed(list(zip(series, ("c-line-strong", "c-line-2"), strict=False))):
        body += [ink.path(style, d) for d in _strokes(positions, one.values, y)]
    body += _end_labels(ink, series, positions, right, y)
    said = desc or "; ".join(f"{one.name}: {_listed(xs, one.values)}" for one in series)
    return figure(idn, title, said, width, height, body, for_pdf=for_pdf)


def hours(
    matrix: Sequence[Sequence[float]],
    days: Sequence[tuple[str, str]],
    *,
    idn: str,
    title: str,
    desc: str = "",
    for_pdf: bool = False,
) -> SafeString:
    """Weekday by hour, the dot's area is the count. `matrix[weekday][hour]` is by the calendar, Monday first; fewer
    than 24 to a day are blocks of hours. The drawn day starts at 06, so the hours after midnight stand on the row of
    the evening before. `days` are the long and the short names."""
    ink, left, cell, row = Ink(for_pdf), 92.0, 29.0, 36.0
    count = len(matrix[0])
    block, first = 24 // count, count // 4
    top = max((value for day in matrix for value in day), default=0)
    body = []
    for column in range(0, 24, 3):
        classes = "c-text-2 mid" if column % 6 == 0 else "c-text-2 mid when-wide"
        body.append(ink.text(classes, left + cell * (column + 0.5), 16, f"{(column + 6) % 24:02}"))
    body.append(ink.path("c-axis", f"M{num(left + cell * 18)} 24V{num(24 + row * 7)}"))
    for day, (long, short) in enumerate(days):
        y = 44 + row * day
        body.append(ink.text("c-text when-wide", 0, y + 5, long))
        if not for_pdf:
            body.append(ink.text("c-text when-narrow", 0, y + 8, short))
        body.append(ink.path("c-axis", f"M{num(left)} {num(y)}H{num(left + cell * 24)}"))
        for column in range(count):
            at = (column + first) % count
            value = matrix[(day + (at < first)) % 7][at]
            if value > 0:
                shade = min(5, 1 + int(5 * value / top))
                body.append(
                    ink.circle(
                        f"h-{shade}", left + cell * block * (column + 0.5), y, max(1.8, 13.5 * math.sqrt(value / top))
                    )
                )
    return figure(idn, title, desc, left + cell * 24 + 4, 24 + row * 7 + 4, body, for_pdf=for_pdf)


def _top(values: Iterable[float | None]) -> float:
    """All-zero data lies flat on the base line; it does not fill the chart."""
    return max([1.0, *(value for value in values if value is not None)])


def _spread(count: int, first: float, last: float) -> list[float]:
    return [last if count == 1 else first + (last - first) * n / (count - 1) for n in range(count)]


def _runs(values: Sequence[object | None]) -> list[range]:
    runs, start = [], 0
    for index in range(len(values) + 1):
        if index == len(values) or values[index] is None:
            if index > start:
                runs.append(range(start, index))
            start = index + 1
    return runs


def _strokes(xs: Sequence[float], values: Sequence[float | None], y: Callable[[float], float]) -> list[str]:
    strokes = []
    for run in _runs(values):
        points = [f"{num(xs[i])} {num(y(values[i] or 0))}" for i in run]
        strokes.append(f"M{'L'.join(points)}" if len(points) > 1 else f"M{points[0]}h.1")
    return strokes


def _bands(xs: Sequence[float], band: Sequence[tuple[float, float] | None], y: Callable[[float], float]) -> list[str]:
    shapes = []
    for run in _runs(band):
        pairs = [(xs[i], band[i] or (0.0, 0.0)) for i in run]
        over = [f"{num(x)} {num(y(high))}" for x, (_, high) in pairs]
        under = [f"{num(x)} {num(y(low))}" for x, (low, _) in reversed(pairs)]
        shapes.append(f"M{'L'.join([*over, *under])}Z")
    return shapes


def _end_labels(
    ink: Ink, series: Sequence[Series], xs: Sequence[float], right: float, y: Callable[[float], float]
) -> list[str]:
    body: list[str] = []
    placed: list[float] = []
    for one in series:
        last = max((index for index, value in enumerate(one.values) if value is not None), default=None)
        if last is None:
            continue
        at = y(one.values[last] or 0)
        if not placed:
            body.append(ink.circle("c-dot", xs[last], at, 4))
        label = at + 5
        if placed and abs(label - placed[0]) < 17:
            label = placed[0] + (17 if label >= placed[0] else -17)
        placed.append(label)
        body.append(ink.text("c-text c-text-b" if len(placed) == 1 else "c-text-2", right + 4, label, one.name))
    return body


def _listed(xs: Sequence[str], values: Sequence[float | None]) -> str:
    return ", ".join(f"{x} {'–' if value is None else count_text(value)}" for x, value in zip(xs, values, strict=True))


def _empty(idn: str, title: str, desc: str, sentence: str, for_pdf: bool) -> SafeString:
    ink = Ink(for_pdf)
    body = [ink.path("c-axis", "M0 79.5H640"), ink.text("c-text-2 mid", 320, 46, sentence)]
    return figure(idn, title, desc, 640, 80, body, for_pdf=for_pdf)
