"""Forms about minutes that are frozen."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from est_site.guarding import GuardedForm
from interventions import minutes
from interventions.models import Edition, ItemKind


class RemarkForm(GuardedForm, forms.Form):
    """What is wrong or missing."""

    guarded = ("text",)

    text = forms.CharField(label=_("Your remark"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class CorrectForm(GuardedForm, forms.Form):
    """The notes of every item as the latest version has them, and what is changed."""

    what = forms.CharField(label=_("What is changed, and why"), max_length=500)
    guests = forms.CharField(label=_("Guests"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        items = minutes.items_of(edition.frozen)
        self.names = [f"note{n}" for n in range(len(items))]
        self.guarded = ("what", "guests", *self.names)  # type: ignore[misc]
        first = {"version": edition.version, "guests": edition.frozen.get("guests", "")}
        kwargs.setdefault("initial", first)
        super().__init__(*args, **kwargs)
        for name, item in zip(self.names, items, strict=True):
            title = item.get("heading") or str(ItemKind(item["kind"]).label)
            self.fields[name] = forms.CharField(
                label=title,
                max_length=4000,
                required=False,
                initial=item["note"],
                widget=forms.Textarea(attrs={"rows": 2, "data-guarded": ""}),
            )

    def items(self) -> Iterator[BoundField]:
        return (self[name] for name in self.names)

    def notes(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.names]
