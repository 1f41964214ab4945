"""How a mark is drawn: a class of the stylesheet on the page, presentation attributes on paper."""

from __future__ import annotations

from collections.abc import Iterable
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
    "m-hatch-thin": {"fill": "#8a939b"},
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
    "m-obs-few": {"fill": "#fff", "font-size": "10.5", "font-weight": "700"},
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


def num(value: float) -> str:
    """At most one decimal and no exponent: coordinates stay short and the same everywhere."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def count_text(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u00a0")


def text_width(words: str, size: float) -> float:
    """A little more than the words take in either of the faces, so that what is said to fit does fit."""
    return size * sum(_CHARACTER.get(char, 0.63 if char.isupper() else 0.57) for char in words)


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


def shorten(words: str, room: float, size: float) -> str:
    """Whole when it fits, otherwise cut with an ellipsis; the whole text stands in the description."""
    if text_width(words, size) <= room:
        return words
    while words and text_width(f"{words}…", size) > room:
        words = words[:-1]
    return f"{words.rstrip()}…" if words else ""
