"""What a choice in the list is called."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from est_site import guard
from est_site.guarding import GuardedForm
from incidents.filters import FilterForm

NEEDED = {"block", "warn"}


class FilterNameForm(GuardedForm, forms.Form):
    guarded: ClassVar[tuple[str, ...]] = ("name",)

    name = forms.CharField(
        label=gettext_lazy("What do you call it?"),
        max_length=40,
        help_text=gettext_lazy("For example: The harbour, open conditions."),
    )


class SaveFilterForm(FilterNameForm):
    """With the choice itself, as the list was narrowed when it was asked for."""

    def __init__(self, *args: Any, chosen: FilterForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = chosen

    def clean(self) -> None:
        if not self.chosen.narrows:
            raise ValidationError(_("Nothing is chosen in the list. Choose something there first, then save it."))
        words = self.chosen.chosen.get("q", "")
        if any(found.severity in NEEDED for found in guard.check(words)):
            told = _("The words you look for may lead to a person. They can be looked for, but not saved.")
            raise ValidationError(told)
