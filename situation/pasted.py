"""Cells that somebody pasted: read to be looked at, and refused in words where they are no table, hold nothing or too much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from django import forms
from django.utils.translation import gettext as _

from incidents import pasting


class Read(Protocol):
    """What was read, row by row."""

    @property
    def rows(self) -> Sequence[Any]: ...


Found = TypeVar("Found", bound=Read)


def look(form: forms.Form, read: Callable[[str], Found], *, most: int, nothing: str, too_many: str) -> Found | None:
    """What stands in the form's field `pasted`; None where the form now says what is wrong with it."""
    if not form.is_valid():
        return None
    try:
        found = read(form.cleaned_data["pasted"])
    except pasting.NotATable:
        form.add_error("pasted", _("This cannot be read as a table. Copy the cells once more."))
        return None
    if not found.rows:
        form.add_error("pasted", nothing)
    elif len(found.rows) > most:
        form.add_error("pasted", too_many % {"most": most})
    return None if form.errors else found
