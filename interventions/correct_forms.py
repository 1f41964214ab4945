"""Forms about minutes that are frozen."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from allauth.account.forms import ReauthenticateForm
from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from est_site.guarding import GuardedForm
from est_site.partners.models import Membership
from interventions import editions, minutes
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

    chosen = forms.TypedMultipleChoiceField(
        label=_("Decisions that may be told"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    diary = forms.CharField(label=_("Diary number"), max_length=40, required=False)

    def __init__(self, *args: Any, latest: Edition, audience: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{audience}_%s", **kwargs)
        lines = editions.tellable(latest.frozen) if audience == EditionFor.PUBLIC else []
        choices = [(line["id"], f"{line['number']} {line['what']}") for line in lines]
        self.fields["chosen"].choices = choices  # type: ignore[attr-defined]  # of a field that was declared with them
        unused = [name for name, used in (("chosen", choices), ("diary", audience == EditionFor.ARCHIVE)) if not used]
        for name in unused:
            del self.fields[name]


class AdjusterForm(forms.Form):
    """One of those who were there."""

    member = forms.ChoiceField(label=_("Who"))

    def __init__(self, *args: Any, choices: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(one.pk): one for one in choices}
        called = [(pk, f"{one.organisation.name}: {one.user}") for pk, one in self.known.items()]
        self.fields["member"].choices = called  # type: ignore[attr-defined]  # of a field that was declared with them

    def clean_member(self) -> Membership:
        return self.known[self.cleaned_data["member"]]


class ApproveForm(ReauthenticateForm):
    """The version that was read, and the password once more; wrong ones are counted as at the sign-in."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label, self.fields["password"].help_text = _("Your password"), ""
        del self.fields["password"].widget.attrs["placeholder"]
