"""The guard in forms: what it finds is asked about beside the field, and what was let through is noted without the text.

A form says which fields it guards, in one line. A personal identity number stops it; what leads to a person asks for a
choice, to take it out or why it stays; advice is only shown.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from est_site import audit, guard
from est_site.guard import Finding
from est_site.models import GuardOverride, GuardReason
from est_site.partners.models import Membership

log = logging.getLogger(__name__)

REMOVE = "remove"
AROUND = 24  # characters shown on each side of what was found
KINDS = {
    "personnummer": gettext_lazy("personal identity number"),
    "phone": gettext_lazy("telephone number"),
    "email": gettext_lazy("e-mail address"),
    "plate": gettext_lazy("registration number"),
    "account": gettext_lazy("account number"),
    "apartment": gettext_lazy("flat or door"),
    "handle": gettext_lazy("name in social media"),
    "name": gettext_lazy("name"),
    "sensitive": gettext_lazy("sensitive word"),
}


@dataclass(frozen=True)
class Shown:
    """A finding with a few words around it."""

    before: str
    match: str
    after: str
    severity: str
    reason: str


class Guard:
    """What the guard says about one field, for `components/guard.html`."""

    def __init__(self, name: str, html_id: str, text: str = "", answers: Mapping[str, Any] | None = None) -> None:
        self.name, self.html_id = name, html_id
        self.text = text.replace(
            "\r\n", "\n"
        )  # a browser says line ends in one way while writing and in another when sending
        self.findings = guard.check(self.text)
        answers = answers or {}
        said = answers.get(f"guard_{name}", "")
        self.agreed = answers.get(f"guard_{name}_seen", "") == self.seen and said in self.choices
        self.choice = said if self.agreed else REMOVE

    @property
    def warned(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "warn"]

    @property
    def blocked(self) -> bool:
        return any(finding.severity == "block" for finding in self.findings)

    @property
    def seen(self) -> str:
        """What a choice was made about: another finding asks again."""
        found = "\0".join(f"{f.kind}\0{self.text[f.start : f.end]}" for f in self.warned)
        return salted_hmac("est_site.guarding", found, algorithm="sha256").hexdigest()[:16] if found else ""

    @property
    def choices(self) -> dict[str, Any]:
        return {REMOVE: _("Take it out")} | dict(GuardReason.choices)

    @property
    def shown(self) -> list[Shown]:
        return [
            Shown(
                before=("…" if f.start > AROUND else "") + self.text[max(0, f.start - AROUND) : f.start],
                match=self.text[f.start : f.end],
                after=self.text[f.end : f.end + AROUND] + ("…" if f.end + AROUND < len(self.text) else ""),
                severity=f.severity,
                reason=_(f.reason),
            )
            for f in self.findings[:12]
        ]

    def cleaned(self) -> str:
        return guard.cleaned(self.text, _("[removed]"), "warn")

    def kinds(self, severity: str) -> str:
        names = dict.fromkeys(str(KINDS[f.kind]) for f in self.findings if f.severity == severity)
        return get_text_list(list(names), _("and"))

    def note(self) -> None:
        """Kinds and counts, never the text."""
        for kind, count in sorted(Counter(f.kind for f in self.findings).items()):
            log.info("guard", extra={"kind": kind, "count": count})


class GuardedForm(forms.BaseForm):
    """Beside `forms.Form` or `forms.ModelForm`: `guarded` names the free texts."""

    guarded: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.let_through: dict[str, tuple[Counter[str], str]] = {}
        for name in self.guarded:
            if name in self.fields:
                self.fields[name].widget.attrs["data-guarded"] = ""

    def guard_of(self, name: str) -> Guard | None:
        if name not in self.guarded:
            return None
        full = self.add_prefix(name)
        text = self.data.get(full, "") if self.is_bound else ""
        return Guard(full, f"{self[name].auto_id}_guard", text, self.data if self.is_bound else {})

    def _post_clean(self) -> None:
        """After everything else was looked at, and before a row is filled from it."""
        for name in self.guarded:
            text = self.cleaned_data.get(name)
            if isinstance(text, str) and text:
                self._guard(name, text)
        super()._post_clean()  # type: ignore[misc]

    def _guard(self, name: str, text: str) -> None:
        full, label = self.add_prefix(name), str(self[name].label).rstrip("?:. ")
        found = Guard(full, "", text, self.data)
        found.note()
        if found.blocked:
            told = _("Take the personal identity number out of “%(label)s”. EST is about places, never about persons.")
            self.add_error(name, told % {"label": label})
        elif found.warned and not found.agreed:
            told = _("“%(label)s” may lead to a person (%(kinds)s). Choose below the field what is to be done.")
            self.add_error(name, told % {"label": label, "kinds": found.kinds("warn")})
        elif found.warned and found.choice == REMOVE:
            self._take_out(name, found.cleaned())
        elif found.warned:
            self.let_through[name] = (Counter(f.kind for f in found.warned), found.choice)

    def _take_out(self, name: str, text: str) -> None:
        try:
            self.fields[name].run_validators(text)  # the mark may be longer than what it stands for
        except ValidationError as error:
            self.add_error(name, error)
        else:
            self.cleaned_data[name] = text

    def keep_overrides(self, *, on: models.Model, by: Membership, now: datetime) -> None:
        """Note what was let through and why, after the row was saved."""
        for name, (kinds, reason) in self.let_through.items():
            note_override(on=on, field=name, kinds=kinds, reason=reason, by=by, now=now)


def note_override(
    *, on: models.Model, field: str, kinds: Mapping[str, int], reason: str, by: Membership, now: datetime
) -> GuardOverride:
    """Somebody chose to keep what the guard warned about. The same said twice is said once."""
    row, is_new = GuardOverride.objects.get_or_create(
        group_id=by.group_id,
        model=on._meta.label_lower,
        row_id=on.pk,
        field=field,
        kinds=dict(kinds),
        reason=reason,
        by=by,
        defaults={"at": now},
    )
    if is_new:
        audit.append(what="guard.override", by=by, on=on, now=now, fields=[field], count=sum(kinds.values()))
    return row
