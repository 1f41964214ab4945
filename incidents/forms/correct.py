"""The report form for what was logged before: the same fields, filled with what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Area, CategoryKind
from incidents.forms.report import ReportForm
from incidents.models import Incident, LocationPrecision
from incidents.questions import Answer


class CorrectForm(ReportForm):
    """What nobody touched stays as it was, to the second and the centimetre."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        self.incident = incident
        kwargs["initial"] = {**_said(incident), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for name in ("client_uuid", "since", "since_day"):
            del self.fields[name]
        self.fields["when"].required = False  # a time is given in full, whatever the day is today
        here = _("The position that was logged") if incident.lon is not None else _("Here")
        field = self.fields["where"]
        assert isinstance(field, forms.ChoiceField)
        areas = self.fields["area"]
        assert isinstance(areas, forms.ModelChoiceField)
        areas.queryset |= Area.objects.visible_to(self.member).filter(pk=incident.area_id)  # as it was drawn then
        kept = {"here": here}
        self._choose("where", [(key, kept.get(key, label)) for key, label in cast(Any, field.choices)])

    @property
    def keeps_position(self) -> bool:
        return self.incident.lon is not None

    @property
    def has_moved(self) -> bool:
        return bool({"where", "place_name", "area", "lon", "lat"} & set(self.changed_data))

    def answered(self, data: dict[str, Any]) -> Sequence[Answer]:
        """Of another category, nothing was answered yet."""
        return self.incident.answers if data.get("category") == self.incident.category else ()

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["when"] = "between"
        for name in ("occurred_from", "occurred_to", "discovered_at"):
            was, said = getattr(self.incident, name), self.cleaned_data.get(name)
            if said is not None and was is not None and _minute(said, self.zone) == _minute(was, self.zone):
                self.cleaned_data[name] = was
        data = super().clean()
        if not self.has_moved:
            data["approximate"] = self.incident.location_precision == LocationPrecision.APPROXIMATE
            if self.incident.lon is not None and self.incident.lat is not None:
                data["point"] = (self.incident.lon, self.incident.lat)
        return data

    def _clean_where(self, data: dict[str, Any]) -> None:
        """The position that was logged is what it was, wherever a pin has been meanwhile."""
        was = (self.incident.lon, self.incident.lat)
        if self.keeps_position and data.get("where") == "here":
            data["lon"], data["lat"] = was
        super()._clean_where(data)
        if self.keeps_position and data["point"] == was:
            data["approximate"] = self.incident.location_precision == LocationPrecision.APPROXIMATE

    def _clean_between(self, data: dict[str, Any], kind: str) -> None:
        """A time that nobody touched was a good answer when it was given."""
        start, end = data.get("occurred_from"), data.get("occurred_to") or data.get("occurred_from")
        same = (start, end, kind) == (self.incident.occurred_from, self.incident.occurred_to, self.incident.kind)
        if not same:
            super()._clean_between(data, kind)
            return
        data["occurred_to"], data["time_precision"] = end, self.incident.time_precision

    @property
    def earliest_ahead(self) -> datetime:
        """What was coming when it was logged may have come by now."""
        return self.incident.recorded_at if self.incident.kind == CategoryKind.UPCOMING else self.now


def _said(incident: Incident) -> dict[str, Any]:
    """What the form shows: the answers that would have made this observation."""
    category = incident.category
    found: dict[str, Any] = {
        name: getattr(incident, name)
        for name in ("version", "occurred_from", "occurred_to", "text", *ReportForm.DETAILS)
    }
    found["top"] = str(category.parent_id or category.pk)
    found["when"] = "between"
    found |= {f"q_{one['id']}": one["value"] for one in incident.answers}
    if category.parent_id:
        found[f"sub_{category.parent_id}"] = str(category.pk)
    if incident.place_id is not None:
        found["where"] = f"place-{incident.place_id}"
    elif incident.lon is not None:
        found |= {"where": "here", "lon": incident.lon, "lat": incident.lat}
    elif incident.area_id is not None:
        found |= {"where": "area", "area": incident.area_id}
    else:
        found["where"] = "unknown"
    return found


def _minute(instant: datetime, zone: ZoneInfo) -> datetime:
    """The wall time as a form shows it."""
    wall = instant.astimezone(zone).replace(tzinfo=None)
    return wall - timedelta(seconds=wall.second, microseconds=wall.microsecond)
