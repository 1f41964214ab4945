"""The form of an edition: which days, for whom."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from est_site.partners.forms import date_input
from est_site.partners.models import Membership, Organisation, Period
from situation import edition_words
from situation.edition_actions import may_make_for
from situation.editions import Span, month
from situation.models import EditionFor

PERIODS, MONTHS = 8, 12  # offered by name; any other days are written
OTHER = "other"


class EditionForm(forms.Form):
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    span = forms.ChoiceField(label=gettext_lazy("Which days"))
    first_day = forms.DateField(label=gettext_lazy("First of the other days"), widget=date_input(), required=False)
    last_day = forms.DateField(label=gettext_lazy("Last of them"), widget=date_input(), required=False)
    audience = forms.ChoiceField(label=gettext_lazy("Made for"), widget=forms.RadioSelect)
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("none"),
        help_text=gettext_lazy("Only where it is made for one."),
    )

    def __init__(self, *args: Any, member: Membership, now: datetime, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"client_uuid": uuid.uuid4(), "audience": EditionFor.GROUP})
        super().__init__(*args, **kwargs)
        span, audience, organisation = (self.fields[name] for name in ("span", "audience", "organisation"))
        assert isinstance(span, forms.ChoiceField)
        assert isinstance(audience, forms.ChoiceField)
        assert isinstance(organisation, forms.ModelChoiceField)
        span.choices = [
            *_offered(member, now.astimezone(member.group.zone).date()),
            (OTHER, _("other days, written below")),
        ]
        audience.choices = [(one.value, one.label) for one in EditionFor if may_make_for(member, one, None)]
        organisation.queryset = Organisation.objects.visible_to(member)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("span") == OTHER:
            first, last = said.get("first_day"), said.get("last_day")
            for name in ("first_day", "last_day"):
                if said.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Write the day, or choose among the days above."))
            if first and last and last < first:
                self.add_error("last_day", _("The last day lies before the first."))
            elif first and last:
                said["days"] = Span(first, last)
        elif said.get("span"):
            said["days"] = Span(*(date.fromisoformat(day) for day in said["span"].split("_")))
        if said.get("audience") != EditionFor.ORGANISATION:
            said["organisation"] = None
        return said


def _offered(member: Membership, today: date) -> list[tuple[str, str]]:
    periods = Period.objects.visible_to(member).regular().filter(first_day__lte=today).order_by("-first_day")
    weeks = [(Span(one.first_day, one.last_day), True) for one in periods[:PERIODS]]
    months = [month(today)]
    while len(months) < MONTHS:
        months.append(months[-1].before(1)[0])
    return [
        (f"{one.first}_{one.last}", capfirst(edition_words.span_text(one, weekly=weekly)))
        for one, weekly in [*weeks, *((one, False) for one in months)]
    ]
