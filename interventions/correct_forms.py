"""Forms about minutes that are frozen."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from est_site.guarding import GuardedForm
from est_site.partners.models import Membership
from interventions import minutes
from interventions.models import Edition, EditionFor, ItemKind


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


class IssueForm(GuardedForm, forms.Form):
    """The minutes for somebody else: which decisions the public may read of, and the archive's number."""

    guarded = ("diary",)

    audience = forms.ChoiceField(choices=EditionFor.choices, widget=forms.HiddenInput)
    chosen = forms.TypedMultipleChoiceField(
        label=_("Decisions that may be told"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    diary = forms.CharField(label=_("Diary number"), max_length=40, required=False)

    def __init__(self, *args: Any, latest: Edition, audience: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"audience": audience}, auto_id=f"id_{audience}_%s", **kwargs)
        lines = [line for line in latest.frozen["decisions"] if line["kind"] == "start"]
        if audience == EditionFor.PUBLIC and lines:
            choices = [(line["id"], f"{line['number']} {line['what']}") for line in lines]
            self.fields["chosen"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["chosen"]
        if audience != EditionFor.ARCHIVE:
            del self.fields["diary"]
            self.guarded = ()  # type: ignore[misc,assignment]

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"audience": data["audience"], "chosen": data.get("chosen", []), "diary": data.get("diary", "")}


class AdjusterForm(forms.Form):
    """One of those who were there."""

    member = forms.TypedChoiceField(label=_("Who"), empty_value=None)

    def __init__(self, *args: Any, choices: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {str(one.pk): one for one in choices}
        field = self.fields["member"]
        field.choices = [(pk, f"{one.organisation.name}: {one.user}") for pk, one in known.items()]  # type: ignore[attr-defined]
        field.coerce = known.get  # type: ignore[attr-defined]


class ApproveForm(forms.Form):
    """The version that was read, and the sign-in once more."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    password = forms.CharField(
        label=_("Your password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def is_right(self, user: Any) -> bool:
        """Whether the form holds and the password is this person's."""
        if self.is_valid() and not get_adapter().reauthenticate(user, self.cleaned_data["password"]):
            self.add_error("password", _("The password is not right. Try again."))
        return not self.errors
