"""The personal-data guard as the rows of others meet it: a file is held, a system is refused."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS = {
    "personnummer": _("a personal identity number"),
    "phone": _("a telephone number"),
    "email": _("an e-mail address"),
    "plate": _("a registration number of a vehicle"),
    "account": _("an account or payment number"),
    "apartment": _("a flat or a door"),
    "handle": _("a name in social media"),
    "name": _("a name of a person"),
    "sensitive": _("something about a person's health, origin or belief"),
}
HOLDS = ("block", "warn")


def findings(text: str) -> Sequence[Any]:
    """What may not stand in a row unless a person has looked at it. Advice stops nobody."""
    check = _check() if text else None
    return [finding for finding in check(text) if finding.severity in HOLDS] if check else ()


@cache
def _check() -> Any:
    return import_module("est_site.guard").check if find_spec("est_site.guard") else None


def kinds(text: str) -> list[str]:
    """The kinds of what was found, each once."""
    return sorted({finding.kind for finding in findings(text)})
