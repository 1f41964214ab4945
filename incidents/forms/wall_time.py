"""A time as a person says it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents import times


class WallTimeField(forms.DateTimeField):
    """A wall time in the group's zone, given back as the instant it means."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": _("Give a date and a time, for example 2026-11-22 16:41.")}  # noqa: RUF012
    zone = ZoneInfo("UTC")  # the form sets it

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        wall = forms.fields.BaseTemporalField.to_python(self, value)
        assert isinstance(wall, datetime)
        try:
            return times.instant(wall, self.zone)
        except times.NoSuchTime:
            raise ValidationError(_("The clocks were moved forward past that time. Give another.")) from None
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def strptime(self, value: str, format: str) -> datetime:
        return datetime.strptime(value, format)  # noqa: DTZ007  a wall time has no zone yet

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(self.zone).replace(tzinfo=None) if isinstance(value, datetime) else value
