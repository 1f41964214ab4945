"""The stylesheet and the templates keep what look.md and the content policy promise."""

from __future__ import annotations

import gzip
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

CSS = (settings.BASE_DIR / "static/css/est.css").read_text()
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
FORBIDDEN = {
    "a style attribute": r"\sstyle\s*=",
    "an inline handler": r"\son[a-z]+=[\"']",
    "an htmx handler": r"\bhx-on\b",
    "computed htmx values": r"[\"'](js|javascript):",
    "a trigger filter": r"hx-trigger\s*=\s*(\"[^\"]*\[|'[^']*\[)",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "an inline style sheet": r"<style\b",
    "a data address": r"[\"'(]data:",
    "a foreign address": r"(src|href)\s*=\s*[\"'](https?:)?//",
    "unescaped text": r"\|\s*safe\b|\{%\s*autoescape off",
    "an incomplete field": r"placeholder\s*=",
}
MARK_SAFE_ALLOWED = {"est_site/charts/ink.py"}  # every drawing goes through it, and it escapes


@pytest.mark.parametrize("fault", FORBIDDEN)
def test_no_template_holds(fault: str) -> None:
    """Documents for the PDF alone may have their own style sheet: no browser opens them."""
    found = [
        f"{path.relative_to(settings.BASE_DIR)}: {match.group(0)}"
        for path in TEMPLATES
        if "documents" not in path.parts
        for match in re.finditer(FORBIDDEN[fault], path.read_text(), re.IGNORECASE)
    ]
    assert found == []


def test_html_is_trusted_only_where_it_is_allowed() -> None:
    trusting = {
        str(path.relative_to(settings.BASE_DIR))
        for app in ("est_site", "incidents", "situation", "interventions", "reviews")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if re.search(r"\bmark_safe\b|\bSafeString\(", path.read_text())
    }
    assert trusting <= MARK_SAFE_ALLOWED


def test_every_component_says_its_parameters_first() -> None:
    silent = [
        path.name
        for path in (settings.BASE_DIR / "templates/components").iterdir()
        if not path.read_text().startswith("{% comment %}")
    ]
    assert silent == []


def test_the_style_guide_shows_every_component() -> None:
    folder = settings.BASE_DIR / "templates"
    shown = (folder / "est_site/styleguide.html").read_text() + (folder / "est_site/styleguide_board.html").read_text()
    parts = {
        "field_label.html",
        "field_hint.html",
        "field_error.html",
        "choices.html",
        "follow_icon.html",
        "guard.html",
        "guard_found.html",
        "icons.html",
        "verdict_word.html",
    }
    missing = {path.name for path in (folder / "components").iterdir() if path.name not in shown} - parts
    assert missing == set()


def test_the_style_sheet_is_small() -> None:
    assert len(gzip.compress(CSS.encode())) <= 20_000


def test_our_script_is_small_and_uses_no_eval() -> None:
    script = (settings.BASE_DIR / "static/js/est.js").read_text()
    assert len(script.splitlines()) <= 200
    assert not re.search(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", script)


def test_every_file_the_style_sheet_names_exists() -> None:
    named = [name for name in re.findall(r'url\("?([^")]+)"?\)', CSS) if not name.startswith("#")]
    assert [name for name in named if finders.find(name.removeprefix("../")) is None] == []


def tokens(theme: str) -> dict[str, str]:
    block = re.search(rf'\[data-theme="{theme}"\] \{{(.*?)\n  \}}', CSS, re.DOTALL)
    assert block
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block.group(1)))


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted([light(one), light(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_ink_can_be_read_on_every_ground(theme: str) -> None:
    colour = tokens(theme)
    grounds = {
        "ink": ["paper", "sunk", "lift", "blue-wash", "more-wash", "less-wash", "land", "sea"],
        "ink-2": ["paper", "sunk", "lift", "blue-wash", "land", "sea"],
        "ink-3": ["paper", "lift"],
        "blue": ["paper", "sunk", "lift", "blue-wash"],
        "more": ["paper", "lift", "more-wash"],
        "less": ["paper", "lift", "less-wash"],
        "red": ["paper", "lift"],
        "on-blue": ["blue"],
        "paper": ["ink"],
    }
    weak = [
        f"{ink} on {ground}: {contrast(colour[ink], colour[ground]):.2f}"
        for ink, places in grounds.items()
        for ground in places
        if contrast(colour[ink], colour[ground]) < 4.5
    ]
    assert weak == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_edge_and_sign_can_be_seen(theme: str) -> None:
    colour = tokens(theme)
    signs = ["edge", "more-line", "less-line", "green", "red", "yellow-ink", "focus", "land-line"]
    weak = [sign for sign in signs if contrast(colour[sign], colour["paper"]) < 3]
    assert weak == []


def test_the_dark_theme_is_the_same_by_choice_and_by_the_system() -> None:
    blocks = re.findall(r'(?:not\(\[data-theme="light"\]\)|^  \[data-theme="dark"\]) \{(.*?)\}', CSS, re.DOTALL | re.M)
    assert len(blocks) == 2
    assert blocks[0].split() == blocks[1].split()
