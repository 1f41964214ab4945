"""Charts as inline SVG: classes of the stylesheet on a page, presentation attributes in a PDF. Pure.

`idn` must be unique in the page; words come from the caller. A small mark without a title is hidden from
assistive technology, because its number stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Verdict = Literal["", "more-sure", "more-maybe", "less-sure", "less-maybe"]
Attributes = dict[str, str]

# sure is filled, maybe is open: the shape says it without the colour
VERDICT_CLASS: dict[str, str] = {
    "more-sure": "c-more",
    "more-maybe": "c-open-more",
    "less-sure": "c-less",
    "less-maybe": "c-open-less",
}
PRINT_FONT = "EST Document"
INK, INK_2, RULE, BAND, MORE, LESS = "#000", "#42505d", "#bbb", "#e2ddcf", "#c8521f", "#2a819a"

# the stylesheet's classes as they look on paper; the renderer of PDFs reads no classes inside an SVG
PRINT: dict[str, Attributes] = {
    "c-axis": {"fill": "none", "stroke": RULE, "stroke-width": "1"},
    "c-axis-strong": {"fill": "none", "stroke": INK, "stroke-width": "1"},
    "c-grid": {"fill": "none", "stroke": RULE, "stroke-width": "1"},
    "c-band": {"fill": BAND},
    "c-line": {"fill": "none", "stroke": INK_2, "stroke-width": "1.4", "stroke-linejoin": "round"},
    "c-line-strong": {"fill": "none", "stroke": INK, "stroke-width": "2.25", "stroke-linejoin": "round"},
    "c-line-2": {"fill": "none", "stroke": "#6f6a5e", "stroke-width": "1.6", "stroke-dasharray": "5 4"},
    "c-bar": {"fill": "#8a8577"},
    "c-dot": {"fill": INK},
    "c-more": {"fill": MORE},
    "c-less": {"fill": LESS},
    "c-open-more": {"fill": "#fff", "stroke": MORE, "stroke-width": "1.7", "stroke-linejoin": "round"},
    "c-open-less": {"fill": "#fff", "stroke": LESS, "stroke-width": "1.7", "stroke-linejoin": "round"},
    "c-text": {"fill": INK, "font-size": "14"},
    "c-text-2": {"fill": INK_2, "font-size": "13"},
    "c-text-b": {"font-weight": "700"},
    "mid": {"text-anchor": "middle"},
    "end": {"text-anchor": "end"},
    "h-1": {"fill": "#b9c9d6"},
    "h-2": {"fill": "#7f9fb9"},
    "h-3": {"fill": "#446f97"},
    "h-4": {"fill": "#17497a"},
    "h-5": {"fill": "#0b2a4a"},
    "m-sea": {"fill": "#e6eef0"},
    "m-depth": {"fill": "none", "stroke": "#c3d5db", "stroke-width": "1"},
    "m-land": {"fill": "#faf7ee"},
    "m-area": {"fill": "#faf7ee", "stroke": "#83857c", "stroke-width": "1", "stroke-linejoin": "round"},
    "m-more-sure": {"fill": "#f6dccb"},
    "m-less-sure": {"fill": "#d5e7ea"},
    "m-coast": {"fill": "none", "stroke": INK, "stroke-width": "1.5", "stroke-linejoin": "round"},
    "m-on": {"fill": "none", "stroke": "#0e3155", "stroke-width": "3.5", "stroke-linejoin": "round"},
    "m-hatch-more": {"fill": "none", "stroke": MORE, "stroke-width": "1.6"},
    "m-hatch-less": {"fill": "none", "stroke": LESS, "stroke-width": "1.6"},
    "m-hatch-thin": {"fill": "#616d78"},
    "m-count": {"fill": INK, "font-size": "21", "font-weight": "700", "text-anchor": "middle"},
    "m-name": {"fill": INK, "font-size": "14.5", "text-anchor": "middle"},
    "m-small": {"fill": INK_2, "font-size": "12.5"},
    "m-more": {"fill": "#ac3a0e"},
    "m-less": {"fill": "#13657c"},
    "m-halo-more": {},
    "m-hide": {},
    "m-spot": {"fill": INK, "stroke": "#fff", "stroke-width": "1.5"},
    "m-spot-text": {"fill": "#fff", "font-size": "13", "font-weight": "700", "text-anchor": "middle"},
    "m-obs": {"fill": MORE, "stroke": "#fff", "stroke-width": "1.5"},
    "m-obs-old": {"fill": "none", "stroke": INK_2, "stroke-width": "1.3"},
    "m-rose": {"fill": INK},
    "m-line": {"fill": "none", "stroke": INK, "stroke-width": "1"},
    "m-frame": {"fill": "none", "stroke": INK, "stroke-width": "1"},
    "m-frame-tick": {"fill": "none", "stroke": INK, "stroke-width": "4"},
    "when-wide": {},
    "when-narrow": {"display": "none"},
}


# width in em of what is clearly wider or narrower than the rest
_CHARACTER = dict.fromkeys(" iljft.,:;'|-", 0.32) | dict.fromkeys("mwMW@%", 0.86)


@dataclass(frozen=True, slots=True)
class Ink:
    """Names how a mark is drawn: a class on the page, attributes on paper."""

    for_pdf: bool = False

    def __call__(self, classes: str) -> str:
        if not self.for_pdf:
            return f'class="{classes}"'
        merged: Attributes = {}
        for name in classes.split():
            merged |= PRINT[name]
        return " ".join(f'{key}="{value}"' for key, value in merged.items())

    def text(self, classes: str, x: float, y: float, words: str) -> str:
        return f'<text {self(classes)} x="{num(x)}" y="{num(y)}">{escape(words)}</text>'

    def path(self, classes: str, d: str) -> str:
        return f'<path {self(classes)} d="{d}"/>'

    def circle(self, classes: str, x: float, y: float, r: float) -> str:
        return f'<circle {self(classes)} cx="{num(x)}" cy="{num(y)}" r="{num(r)}"/>'

    def rect(self, classes: str, x: float, y: float, width: float, height: float) -> str:
        box = f'x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}"'
        return f"<rect {self(classes)} {box}/>"


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


def num(value: float) -> str:
    """At most one decimal and no exponent: coordinates stay short and the same everywhere."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def count_text(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u00a0")


def text_width(words: str, size: float) -> float:
    """A little more than the words take in either of the faces, so that what is said to fit does fit."""
    return size * sum(_CHARACTER.get(char, 0.63 if char.isupper() else 0.54) for char in words)


def figure(
    idn: str,
    title: str,
    desc: str,
    width: float,
    height: float,
    body: Iterable[str],
    *,
    for_pdf: bool,
    cls: str = "",
    role: str = "img",
) -> SafeString:
    """The shell: a direct child <title> is what a PDF takes as the alternative text."""
    size = f'viewBox="0 0 {num(width)} {num(height)}"'
    size += f' width="{num(width)}" height="{num(height)}" font-family="{PRINT_FONT}"' if for_pdf else ""
    size += f' class="{cls}"' if cls and not for_pdf else ""
    if not title:
        return mark_safe(f'<svg xmlns="http://www.w3.org/2000/svg" {size} aria-hidden="true">{"".join(body)}</svg>')
    ids = f"{idn}-t {idn}-d" if desc else f"{idn}-t"
    words = f'<title id="{escape(idn)}-t">{escape(title)}</title>'
    words += f'<desc id="{escape(idn)}-d">{escape(desc)}</desc>' if desc else ""
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="{role}" aria-labelledby="{escape(ids)}">'
    return mark_safe(f"{opening}{words}{''.join(body)}</svg>")


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
    idn: str = "",
    title: str = "",
    small: bool = False,
    for_pdf: bool = False,
) -> SafeString:
    """The last weeks in a table cell. None is a week nobody reported: a gap, not a zero."""
    ink = Ink(for_pdf)
    top = _top([*values, *(band or ())])
    xs = _spread(len(values), 2, 98)
    body = []

    def y(value: float) -> float:
        return 21 - 18 * value / top

    if band:
        body.append(ink.rect("c-band", 2, y(band[1]), 96, max(1, y(band[0]) - y(band[1]))))
    body += [ink.path("c-line", d) for d in _strokes(xs, values, y)]
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
    left = min(260.0, max(text_width(bar.label, 14) for bar in rows)) + 10
    top = _top([bar.value for bar in rows] + [bar.normal[1] for bar in rows if bar.normal])
    body = []

    def x(value: float) -> float:
        return left + (width - left - 70) * value / top

    for index, bar in enumerate(rows):
        y = 4 + index * row
        body.append(ink.text("c-text end", left - 10, y + 15, shorten(bar.label, left - 10, 14)))
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
    right = width - 14 - max(text_width(one.name, 14) for one in series)
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
    """Weekday by hour, the dot's area is the count. `matrix[weekday][hour]` is by the calendar, Monday first;
    the drawn day starts at 06, so the hours after midnight stand on the row of the evening before.
    `days` are the long and the short names."""
    ink, left, cell, row = Ink(for_pdf), 92.0, 29.0, 36.0
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
        for column in range(24):
            hour = (column + 6) % 24
            value = matrix[(day + (hour < 6)) % 7][hour]
            if value > 0:
                shade = min(5, 1 + int(5 * value / top))
                body.append(
                    ink.circle(f"h-{shade}", left + cell * (column + 0.5), y, max(1.8, 13.5 * math.sqrt(value / top)))
                )
    return figure(idn, title, desc, left + cell * 24 + 4, 24 + row * 7 + 4, body, for_pdf=for_pdf)


def shorten(words: str, room: float, size: float) -> str:
    """Whole when it fits, otherwise cut with an ellipsis; the whole text stands in the description."""
    if text_width(words, size) <= room:
        return words
    while words and text_width(f"{words}…", size) > room:
        words = words[:-1]
    return f"{words.rstrip()}…" if words else ""


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
