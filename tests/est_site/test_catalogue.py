"""Every text of code and templates stands in the Swedish catalogue, and nothing else does. English is the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import django
import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

from est_site.catalogues import PRIMARY, catalogues

ROOT: Path = settings.BASE_DIR
CATALOGUES = [path for path in catalogues(ROOT) if path.parts[-3] == PRIMARY]
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
Key = tuple[str, str]  # context, text


def keys(tree: ast.AST) -> Iterator[Key]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in CALLS and name not in {"npgettext", "npgettext_lazy"}:
            continue
        said = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if "pgettext" in name and len(said) >= 2:
            yield str(said[0]), str(said[1])
        elif said and isinstance(said[0], str):
            yield "", said[0]


def of_template(path: Path) -> Iterator[Key]:
    """The framework turns a template into calls between runs of X; each call is read as Python."""
    for call in re.finditer(
        r"\b(?:_|n?p?gettext)\((?:[^()'\"]|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")*\)", templatize(path.read_text())
    ):
        yield from keys(ast.parse(re.sub(r"\bu(?=['\"])", "", call.group(0))))


def in_the_source() -> set[Key]:
    found: set[Key] = set()
    for app in ("est_site", "incidents", "situation", "interventions", "reviews"):
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                found.update(keys(ast.parse(path.read_text())))
    for path in (ROOT / "templates").rglob("*.*"):
        found.update(of_template(path))
    return found


def entries() -> list[polib.POEntry]:
    return [entry for path in CATALOGUES for entry in polib.pofile(str(path)) if not entry.obsolete]


def in_the_catalogue() -> set[Key]:
    return {(entry.msgctxt or "", entry.msgid) for entry in entries()}


def test_every_text_of_the_source_has_its_place_in_the_catalogue() -> None:
    assert in_the_source() - in_the_catalogue() == set()


def test_the_catalogue_holds_nothing_that_the_source_no_longer_says() -> None:
    assert in_the_catalogue() - in_the_source() == set()


def test_every_text_is_said_in_swedish() -> None:
    unfinished = [entry.msgid for entry in entries() if not entry.translated()]
    assert unfinished == []


def test_a_translation_keeps_the_names_that_are_filled_in() -> None:
    def names(text: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", text))

    lost = [entry.msgid for entry in entries() if not entry.msgid_plural and names(entry.msgid) != names(entry.msgstr)]
    assert lost == []


@pytest.mark.parametrize("word", ["och", "eller", "inte", "för", "vecka", "område", "Spara"])
def test_no_swedish_word_stands_in_the_source(word: str) -> None:
    assert [text for _context, text in in_the_source() if re.search(rf"\b{word}\b", text)] == []


def test_no_word_of_the_framework_gets_another_meaning() -> None:
    """Its catalogue lies under ours: "May" said of a permission would rename the month on every page."""
    below = polib.pofile(str(Path(django.__file__).parent / f"conf/locale/{PRIMARY}/LC_MESSAGES/django.po"))
    framework = {entry.msgid: entry.msgstr for entry in below if not entry.msgctxt}
    changed = {
        entry.msgid: (framework[entry.msgid], entry.msgstr)
        for path in CATALOGUES
        for entry in polib.pofile(str(path))
        if not entry.msgctxt and not entry.obsolete and framework.get(entry.msgid, entry.msgstr) != entry.msgstr
    }
    assert changed == {"Order": ("Sortering", "Ordning")}  # of a formset, which we have none of
