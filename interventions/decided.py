"""Decisions found again: narrowed by what the reader asks for, and as the figures of the group's own work need them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Area, Membership, Organisation
from interventions.models import Decision, DecisionKind
from interventions.work import Decided

LEAST = 2  # letters of a word that is looked for


class DecisionFilter(forms.Form):
    """What is asked for; anything that is no choice asks for everything."""

    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none(), required=False, empty_label=_("every"))
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False, empty_label=_("every")
    )
    kind = forms.ChoiceField(label=_("Decision"), choices=[("", _("every")), *DecisionKind.choices], required=False)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("every")), ("running", _("running")), ("overdue", _("overdue"))],
        required=False,
    )
    q = forms.CharField(label=_("Words"), max_length=100, required=False, widget=forms.TextInput({"type": "search"}))

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("area", Area.objects.visible_to(member).est().defer("geometry").order_by("name")),
            ("organisation", Organisation.objects.visible_to(member)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def narrow(self, rows: QuerySet[Decision], today: date) -> QuerySet[Decision]:
        """Only what was asked for; a word shorter than two letters is not looked for."""
        self.is_valid()
        data = self.cleaned_data
        if data.get("area"):
            rows = rows.filter(intervention__area=data["area"])
        if data.get("organisation"):
            rows = rows.filter(intervention__responsible=data["organisation"])
        if data.get("kind"):
            rows = rows.filter(kind=data["kind"])
        if len(word := data.get("q", "").strip()) >= LEAST:
            rows = rows.filter(Q(what__icontains=word) | Q(reason__icontains=word))
        if data.get("state"):
            later = Decision.objects.filter(intervention=OuterRef("intervention"), pk__gt=OuterRef("pk"))
            rows = rows.filter(~Exists(later), intervention__status="running")
        if data.get("state") == "overdue":
            rows = rows.filter(intervention__follow_up_on__lt=today)
        return rows


def shown(member: Membership) -> QuerySet[Decision]:
    """What this member may see, the latest first, with what a line needs."""
    related = ("intervention__responsible", "intervention__place", "intervention__area", "meeting__group")
    rows = Decision.objects.visible_to(member).select_related(*related).defer("intervention__area__geometry")
    return rows.order_by("-meeting__starts_at", "-number")


def of_the_group(group_id: int, zone: Any) -> list[Decided]:
    """Every shared decision, for the figures: limited ones never enter a figure. One query."""
    rows = Decision.objects.filter(group_id=group_id, intervention__visibility="group").order_by("decided_at", "pk")
    values = rows.values_list("intervention_id", "decided_at", "kind", "delivered", "follow_up_on")
    return [Decided(of, at.astimezone(zone).date(), *said) for of, at, *said in values]
