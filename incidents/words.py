"""The personal-data guard as the rows of others meet it: a file is held, a system is refused."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from est_site import guard
from est_site.guard import Finding

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


def findings(text: str) -> list[Finding]:
    """What may not stand in a row unless a person has looked at it. Advice stops nobody."""
    return [finding for finding in guard.check(text) if finding.severity in HOLDS]


def kinds(text: str) -> list[str]:
    """The kinds of what was found, each once."""
    return sorted({finding.kind for finding in findings(text)})
