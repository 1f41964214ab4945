"""Why an observation is taken back: one of a few reasons, and no words in which a person could be named."""

from __future__ import annotations

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _


class WithdrawReason(models.TextChoices):
    MISTAKE = "mistake", _("It was a mistake")
    DOUBLE = "double", _("It was logged twice")
    ELSEWHERE = "elsewhere", _("It is not for the EST group")


class WithdrawForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why is it withdrawn?"),
        choices=WithdrawReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it is withdrawn.")},
    )
