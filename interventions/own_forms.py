"""Forms of what an organisation brings to a meeting, and of what the meeting says of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from est_site.guarding import GuardedForm
from est_site.partners.forms import date_input
from interventions.actions import NewIntervention
from interventions.forms import InterventionFields
from interventions.models import DecisionKind, Delivered, DeliverySaid, Intervention


class RoundNoteForm(GuardedForm, forms.Form):
    """The organisation's word round the table."""

    guarded: ClassVar[tuple[str, ...]] = ("text",)

    text = forms.CharField(
        label=_("Round the table"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DeliveredForm(GuardedForm, forms.Form):
    """Each of the organisation's running interventions: was it done, and why not. What is left blank is not said."""

    def __init__(
        self, *args: Any, rows: Sequence[Intervention], said: Mapping[int, DeliverySaid], **kwargs: Any
    ) -> None:
        self.guarded = tuple(f"why{row.pk}" for row in rows)  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        for row in rows:
            known = said.get(row.pk)
            self.fields[f"done{row.pk}"] = forms.ChoiceField(
                label=row.what,
                choices=Delivered.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=known.delivered if known else "",
            )
            self.fields[f"why{row.pk}"] = forms.CharField(
                label=_("Why"),
                max_length=500,
                required=False,
                initial=known.why if known else "",
                widget=forms.TextInput(attrs={"data-guarded": ""}),
            )
        self.of = [row.pk for row in rows]

    def pairs(self) -> Iterator[tuple[BoundField, BoundField]]:
        for pk in self.of:
            yield self[f"done{pk}"], self[f"why{pk}"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for pk in self.of:
            done, why = data.get(f"done{pk}"), data.get(f"why{pk}", "")
            if done in (Delivered.PARTLY, Delivered.NOT) and not why:
                self.add_error(f"why{pk}", _("Say why it was not done, or only partly."))
            if why and not done and f"done{pk}" not in self.errors:
                self.add_error(f"done{pk}", _("Say whether it was done."))
        return data

    def said(self) -> dict[int, tuple[str, str]]:
        data = self.cleaned_data
        return {pk: (data[f"done{pk}"], data[f"why{pk}"]) for pk in self.of if data[f"done{pk}"]}


class ProposalForm(InterventionFields):
    """What an organisation proposes: the meeting says when it is followed up, and everybody sees it."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    follow_up_on = None  # type: ignore[assignment]
    visibility = None  # type: ignore[assignment]

    def new(self) -> NewIntervention:
        names = ("what", "place", "area", "first_day", "last_day", "hours", "responsible", "category", "why")
        return NewIntervention(**{name: self.cleaned_data[name] for name in names})


class ProposalDecisionForm(GuardedForm, forms.Form):
    """The meeting takes a proposal up, or says why not."""

    guarded = ("reason",)

    kind = forms.ChoiceField(
        label=_("Decision"),
        choices=[(DecisionKind.START, _("Start it")), (DecisionKind.DROP, _("Not now"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)
    follow_up_on = forms.DateField(label=_("Followed up"), widget=date_input(), required=False)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == DecisionKind.DROP and not data.get("reason", "").strip():
            self.add_error("reason", _("Say why it is not taken up: whoever proposed it reads it."))
        return data
