"""Calm in some areas."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from est_site.partners.models import Area, Membership


class CalmAreasForm(forms.Form):
    areas = forms.ModelMultipleChoiceField(
        label=_("Where was it calm?"),
        queryset=Area.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one area where it was calm.")},
    )

    def __init__(self, *args: Any, member: Membership, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["areas"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Area.objects.visible_to(member).est().on(today)
