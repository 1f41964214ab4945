"""Forms of presence: few presses, with what the organisation said last as the first suggestion."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from est_site.partners.forms import date_input, time_input
from est_site.partners.models import Area, Membership, Place
from incidents import times
from incidents.spans import YEAR
from situation.models import Presence, PresenceKind
from situation.presence_actions import Span

DAYS_BACK = 7  # the days that can be ticked; any other is written
EVENING, NIGHT = time(20), time(2)


BEGINS, ENDS, DAY = "begins", "ends", "day"  # what of a presence can be wrong


class Wrong(ValueError):
    """It cannot have been so: what of it, and why in words."""

    def __init__(self, about: str, why: str) -> None:
        super().__init__(why)
        self.about, self.why = about, why


def span_of(day: date, begins: time, ends: time, zone: ZoneInfo, now: datetime) -> Span:
    """The instants of the hours of a day, an earlier end being the next day's; `Wrong` where they cannot be."""
    try:
        start = times.instant(datetime.combine(day, begins), zone)
        end = times.instant(datetime.combine(day + timedelta(days=ends <= begins), ends), zone)
    except (times.NoSuchTime, OverflowError):
        raise Wrong(BEGINS, _("The clocks were moved past this time that night. Write another.")) from None
    if start > now:
        raise Wrong(BEGINS, _("This has not begun yet. Write what has been, not what is planned."))
    if now - start > YEAR:
        raise Wrong(DAY, _("That is more than a year ago. Check the year."))
    if end - start > Presence.LONGEST:
        raise Wrong(ENDS, _("That is more than 24 hours. Write each day by itself."))
    return start, end


class PresenceFields(forms.Form):
    """Who, where and between which hours."""

    other: ClassVar[str]  # the field in which any day can be written

    kind = forms.ChoiceField(label=gettext_lazy("Who"), choices=PresenceKind.choices, widget=forms.RadioSelect)
    area = forms.ModelChoiceField(label=gettext_lazy("Area"), queryset=Area.objects.none())
    place = forms.ModelChoiceField(
        label=gettext_lazy("Place"),
        queryset=Place.objects.none(),
        required=False,
        empty_label=gettext_lazy("the whole area"),
    )
    begins = forms.TimeField(label=gettext_lazy("From"), widget=time_input())
    ends = forms.TimeField(
        label=gettext_lazy("Until"),
        widget=time_input(),
        help_text=gettext_lazy("Earlier than the start: the next day."),
    )
    people = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=200, required=False)

    def __init__(self, *args: Any, member: Membership, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = member.group.zone, now
        self.today = now.astimezone(self.zone).date()
        area, place = self.fields["area"], self.fields["place"]
        assert isinstance(area, forms.ModelChoiceField)
        assert isinstance(place, forms.ModelChoiceField)
        area.queryset = Area.objects.visible_to(member).est().on(self.today).defer("geometry")
        place.queryset = Place.objects.visible_to(member).active().named()

    def spans(self, days: list[date], begins: time, ends: time) -> list[Span]:
        """The hours of each day, in whole instants; what cannot be is said at its field."""
        found = []
        for day in days:
            try:
                found.append(span_of(day, begins, ends, self.zone, self.now))
            except Wrong as wrong:
                field = self.other if wrong.about == DAY else wrong.about
                if not self.has_error(field):
                    self.add_error(field, wrong.why)
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        area, place = data.get("area"), data.get("place")
        if area and place and place.area_id and place.area_id != area.pk:
            self.add_error("place", _("The place lies in another area. Choose one of them anew."))
        return data


class RecordForm(PresenceFields):
    """One evening, or several at once with the same hours."""

    other = "other_day"

    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which days"),
        coerce=date.fromisoformat,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one day, or write another day.")},
        help_text=gettext_lazy("The day it began. Tick several if the hours were the same."),
    )
    other_day = forms.DateField(label=gettext_lazy("Another day"), widget=date_input(), required=False)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    field_order = ("kind", "area", "days", "begins", "ends", "place", "people", "other_day")

    def __init__(self, *args: Any, member: Membership, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, member=member, now=now, **kwargs)
        ticked = [self.today - timedelta(days=n) for n in range(DAYS_BACK + 1)]
        self.fields["days"].required = not self.data.get("other_day")
        self.fields["days"].choices = [(day.isoformat(), _named(day, n)) for n, day in enumerate(ticked)]  # type: ignore[attr-defined]

    def renewed(self) -> None:
        """Say that the form was used before, and let the same words be sent under a number of their own."""
        self.data = cast(Any, self.data).copy()
        cast(Any, self.data)["client_uuid"] = str(uuid.uuid4())
        self.add_error(None, _("This form had been used already. Check it and save again."))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        days = sorted({*data.get("days", []), *([data["other_day"]] if data.get("other_day") else [])})
        begins, ends = data.get("begins"), data.get("ends")
        if begins is not None and ends is not None:
            data["spans"] = self.spans(days, begins, ends)
        return data


class CorrectForm(PresenceFields):
    other = "day"

    day = forms.DateField(label=gettext_lazy("The day it began"), widget=date_input())
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("kind", "area", "day", "begins", "ends", "place", "people")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("day") and data.get("begins") is not None and data.get("ends") is not None:
            spans = self.spans([data["day"]], data["begins"], data["ends"])
            data["span"] = spans[0] if spans else None
        return data


def suggested(member: Membership, now: datetime) -> dict[str, Any]:
    """What one's own organisation said last; yesterday, and an evening where nothing has been said."""
    last = Presence.objects.visible_to(member).filter(organisation_id=member.organisation_id).order_by("-id").first()
    zone = member.group.zone
    begun: dict[str, Any] = {
        "days": [(now.astimezone(zone).date() - timedelta(days=1)).isoformat()],
        "begins": EVENING,
        "ends": NIGHT,
    }
    if last is None:
        return begun
    begins, ends = (at.astimezone(zone).time() for at in (last.starts_at, last.ends_at))
    return begun | {"kind": last.kind, "area": last.area_id, "place": last.place_id, "begins": begins, "ends": ends}


def as_said(presence: Presence) -> dict[str, Any]:
    """A presence as its form shows it."""
    zone = presence.group.zone
    start, end = presence.starts_at.astimezone(zone), presence.ends_at.astimezone(zone)
    return {
        "kind": presence.kind,
        "area": presence.area_id,
        "place": presence.place_id,
        "day": start.date(),
        "begins": start.time(),
        "ends": end.time(),
        "people": presence.people,
        "version": presence.version,
    }


def _named(day: date, back: int) -> str:
    if back < 2:
        return (_("today"), _("yesterday"))[back]
    return date_format(day, "D j/n")
