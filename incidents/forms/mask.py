"""What is masked, and why: choices, and no words in which a person could be named again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _


class MaskReason(models.TextChoices):
    PERSON = "person", _("It names or points out a person")
    DWELLING = "dwelling", _("It tells where somebody lives")
    TACTICS = "tactics", _("It must not be known (secrecy)")
    OTHER = "other", _("It does not belong in EST")


class MaskForm(forms.Form):
    words = forms.BooleanField(label=_("The words"), required=False)
    pictures = forms.BooleanField(label=_("The photos"), required=False)
    reason = forms.ChoiceField(
        label=_("Why is it masked?"),
        choices=MaskReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it is masked.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("words") or data.get("pictures")):
            self.add_error("words", _("Choose what is masked: the words, the photos, or both."))
        return data
