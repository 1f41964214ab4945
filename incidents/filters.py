"""How the list of observations is narrowed; the choice stands in the address."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Area, Category, CategoryKind, Layer, Membership, Organisation, Period
from est_site.partners.models.periods import PeriodQuerySet, weeks_label
from est_site.partners.models.places import AreaQuerySet
from incidents import searching
from incidents.models import IncidentQuerySet


class FilterForm(forms.Form):
    period = forms.ChoiceField(label=_("Period"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    category = forms.ModelChoiceField(
        label=_("What"), queryset=Category.objects.none(), required=False, empty_label=_("everything")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("every")), *CategoryKind.choices], required=False)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("every")), ("open", _("open conditions")), ("ended", _("put right"))],
        required=False,
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False, empty_label=_("every")
    )
    q = forms.CharField(label=_("Words"), max_length=100, required=False, widget=forms.TextInput({"type": "search"}))

    def __init__(self, *args: Any, member: Membership, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self._offer_periods(Period.objects.visible_to(member).regular().filter(first_day__lte=today))
        querysets = {
            "category": Category.objects.visible_to(member).top().order_by("position", "id"),
            "organisation": Organisation.objects.visible_to(member),
        }
        for name, rows in querysets.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.areas = list(Area.objects.visible_to(member).est().on(today).to_draw())
        self._offer_areas(Area.objects.visible_to(member))

    def _offer_periods(self, periods: PeriodQuerySet) -> None:
        """Years of weeks: as plain values they take a tenth of the time."""
        rows = periods.order_by("-first_day").values_list("pk", "first_day", "last_day")
        self.periods = {str(pk): (first, last) for pk, first, last in rows}
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("every")), *((pk, weeks_label(*days)) for pk, days in self.periods.items())]

    def _offer_areas(self, areas: AreaQuerySet) -> None:
        """One choice for all drawings of a name, as in the picture; what is no longer drawn comes last.

        The address may name any drawing, of other layers too: that is where an older picture's figures lead.
        """
        rows = areas.order_by("valid_from").values_list("layer", "name", "pk", "valid_to")
        named: defaultdict[tuple[str, str], list[tuple[int, date | None]]] = defaultdict(list)
        for layer, name, pk, until in rows:
            named[layer, name].append((pk, until))
        self.drawings = {
            pk: [one for one, _until in drawings] for drawings in named.values() for pk, _until in drawings
        }
        asked = str(self.data.get("area", ""))
        drawn, gone = [], []
        now = {area.pk for area in self.areas}
        for (layer, name), drawings in sorted(named.items(), key=lambda item: item[0][1]):
            current = [pk for pk, _until in drawings if pk in now]
            last, until = drawings[-1]
            pk = next((pk for pk, _until in drawings if str(pk) == asked), (current or [last])[0])
            if current:
                drawn.append((pk, name))
            elif layer == Layer.EST and until is not None:
                gone.append((pk, _("%(name)s (until %(day)s)") % {"name": name, "day": until.isoformat()}))
            elif str(pk) == asked:
                gone.append((pk, name))
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("every")), *drawn, ("none", _("outside every area")), *gone]

    def narrow(self, rows: IncidentQuerySet) -> IncidentQuerySet:
        """The rows that fit what was chosen; a choice that does not exist narrows nothing and says so."""
        chosen = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        if period := self.periods.get(chosen.get("period", "")):
            rows = rows.between(*period)
        if area := chosen.get("area"):
            rows = rows.filter(area=None) if area == "none" else rows.filter(area_id__in=self.drawings[int(area)])
        if category := chosen.get("category"):
            rows = rows.filter(Q(category=category) | Q(category__parent=category))
        if kind := chosen.get("kind"):
            rows = rows.filter(kind=kind)
        if state := chosen.get("state"):
            rows = rows.filter(kind=CategoryKind.CONDITION, ended_at__isnull=state == "open")
        if organisation := chosen.get("organisation"):
            rows = rows.filter(organisation=organisation)
        if words := chosen.get("q"):
            rows = rows.filter(searching.said(self.member, words))
        return rows

    @property
    def areas_on_map(self) -> list[Area]:
        """The chosen area as it is drawn today, large; else all of them."""
        chosen = str(getattr(self, "cleaned_data", {}).get("area", ""))
        if not chosen.isdigit():
            return self.areas
        return [area for area in self.areas if area.pk in self.drawings[int(chosen)]] or self.areas

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen and exists, always in one order."""
        known = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return {name: known[name] for name in self.fields if known.get(name)}

    @property
    def narrows(self) -> bool:
        return bool(self.chosen)

    @property
    def query(self) -> str:
        """The choice as the address says it."""
        return urlencode({name: getattr(value, "pk", value) for name, value in self.chosen.items()})

    @property
    def told(self) -> list[tuple[str, str]]:
        """The choice in words."""
        return [(str(self.fields[name].label), self._word(name, value)) for name, value in self.chosen.items()]

    def _word(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if type(field) is not forms.ChoiceField:
            return str(value)
        choices: Any = field.choices
        return next(str(word) for key, word in choices if str(key) == value)
