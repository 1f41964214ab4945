"""How the list of observations is narrowed; the choice stands in the address."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Area, Category, CategoryKind, Membership, Organisation, Period
from incidents.models import IncidentQuerySet


class FilterForm(forms.Form):
    period = forms.ModelChoiceField(
        label=_("Period"), queryset=Period.objects.none(), required=False, empty_label=_("every")
    )
    area = forms.ChoiceField(label=_("Area"), required=False)
    category = forms.ModelChoiceField(
        label=_("What"), queryset=Category.objects.none(), required=False, empty_label=_("everything")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("every")), *CategoryKind.choices], required=False)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False, empty_label=_("every")
    )
    q = forms.CharField(label=_("Words"), max_length=100, required=False, widget=forms.TextInput({"type": "search"}))

    def __init__(self, *args: Any, member: Membership, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begun = Period.objects.visible_to(member).regular().filter(first_day__lte=today).order_by("-first_day")
        querysets = {
            "period": begun,
            "category": Category.objects.visible_to(member).top().order_by("position", "id"),
            "organisation": Organisation.objects.visible_to(member),
        }
        for name, rows in querysets.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)
        self.areas = list(Area.objects.visible_to(member).est().on(today))
        area.choices = [
            ("", _("every")),
            *((a.pk, a.name) for a in self.areas),
            ("none", _("outside every area")),
        ]

    def narrow(self, rows: IncidentQuerySet) -> IncidentQuerySet:
        """The rows that fit what was chosen; a choice that does not exist narrows nothing and says so."""
        chosen = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        if period := chosen.get("period"):
            rows = rows.between(period.first_day, period.last_day)
        if area := chosen.get("area"):
            rows = rows.filter(area=None) if area == "none" else rows.filter(area_id=int(area))
        if category := chosen.get("category"):
            rows = rows.filter(Q(category=category) | Q(category__parent=category))
        if kind := chosen.get("kind"):
            rows = rows.filter(kind=kind)
        if organisation := chosen.get("organisation"):
            rows = rows.filter(organisation=organisation)
        if words := chosen.get("q"):
            rows = rows.filter(text__icontains=words)
        return rows

    @property
    def narrows(self) -> bool:
        return any(getattr(self, "cleaned_data", {}).values())
