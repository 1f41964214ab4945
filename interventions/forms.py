"""Forms of the meeting: parse and validate, never decide."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from est_site.guarding import GuardedForm
from est_site.partners.forms import date_input, time_input
from est_site.partners.models import Area, Category, Membership, Organisation, Place
from incidents.models import Visibility
from interventions.actions import NewIntervention
from interventions.models import Channel, DecisionKind, Delivered
from situation.models import Attendance, Colour


def own_rows(member: Membership, day: date) -> dict[str, Any]:
    """What the member may choose among."""
    return {
        "responsible": Organisation.objects.visible_to(member).active(),
        "area": Area.objects.visible_to(member).est().on(day),
        "place": Place.objects.visible_to(member).active().named(),
        "category": Category.objects.visible_to(member).active().top(),
    }


class MoveForm(GuardedForm, forms.Form):
    """Another hour or place for a sitting."""

    guarded: ClassVar[tuple[str, ...]] = ("where",)

    version = forms.IntegerField(widget=forms.HiddenInput)
    day = forms.DateField(label=_("Day"), widget=date_input())
    at = forms.TimeField(label=_("Time"), widget=time_input())
    where = forms.CharField(label=_("Place"), max_length=120, required=False)


class InterventionFields(GuardedForm, forms.Form):
    """What, where, when and who of an intervention."""

    guarded: ClassVar[tuple[str, ...]] = ("what", "hours", "why")

    what = forms.CharField(label=_("What"), max_length=200)
    place = forms.ModelChoiceField(label=_("Place"), queryset=Place.objects.none(), required=False)
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none(), required=False)
    first_day = forms.DateField(label=_("From"), widget=date_input())
    last_day = forms.DateField(label=_("To"), widget=date_input(), required=False)
    hours = forms.CharField(label=_("Hours"), max_length=80, required=False)
    responsible = forms.ModelChoiceField(label=_("Who is responsible"), queryset=Organisation.objects.none())
    category = forms.ModelChoiceField(label=_("Against"), queryset=Category.objects.none(), required=False)
    why = forms.CharField(
        label=_("Why, and how it is supposed to work"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )
    follow_up_on = forms.DateField(label=_("Followed up"), widget=date_input())
    visibility = forms.ChoiceField(label=_("Seen by"), choices=Visibility.choices, initial=Visibility.GROUP)

    def __init__(self, *args: Any, member: Membership, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in own_rows(member, day).items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        if "visibility" in self.fields and member.organisation.kind != "police":
            self.fields["visibility"].choices = [c for c in Visibility.choices if c[0] != Visibility.POLICE]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last, follow = data.get("first_day"), data.get("last_day"), data.get("follow_up_on")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        if first and follow and follow < first:
            self.add_error("follow_up_on", _("It cannot be followed up before it has begun."))
        return data

    def new(self) -> NewIntervention:
        data = self.cleaned_data
        names = ("what", "place", "area", "first_day", "last_day", "hours", "responsible", "category", "why")
        return NewIntervention(
            **{name: data[name] for name in names}, follow_up_on=data["follow_up_on"], visibility=data["visibility"]
        )


class DecideForm(InterventionFields):
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class FollowUpForm(GuardedForm, forms.Form):
    """Was it done, and what now."""

    guarded = ("reason",)

    delivered = forms.ChoiceField(
        label=_("Was it done?"), choices=Delivered.choices, widget=forms.RadioSelect, required=False
    )
    kind = forms.ChoiceField(
        label=_("Decision"),
        choices=[choice for choice in DecisionKind.choices if choice[0] not in ("start", "replace", "drop")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)
    follow_up_on = forms.DateField(label=_("Followed up"), widget=date_input(), required=False)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("delivered") in (Delivered.PARTLY, Delivered.NOT) and not data.get("reason", "").strip():
            self.add_error("reason", _("Say why it was not done, or only partly."))
        if data.get("kind") in (DecisionKind.EXPAND, DecisionKind.END) and not data.get("reason", "").strip():
            self.add_error("reason", _("Say why it is expanded or ended."))
        return data


class ReplaceForm(InterventionFields):
    """The intervention that takes over, and why."""

    guarded = (*InterventionFields.guarded, "reason")

    delivered = forms.ChoiceField(
        label=_("Was the old one done?"), choices=[("", _("Not said")), *Delivered.choices], required=False
    )
    reason = forms.CharField(label=_("Why it is replaced"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class NoteForm(GuardedForm, forms.Form):
    guarded = ("note",)

    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False, strip=True
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ItemForm(GuardedForm, forms.Form):
    """An item of the coordinator's own."""

    guarded = ("heading",)

    heading = forms.CharField(label=_("Heading"), max_length=120)
    limited_to = forms.ModelChoiceField(
        label=_("Seen by"), queryset=Organisation.objects.none(), required=False, empty_label=_("the whole group")
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["limited_to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.visible_to(member).active()


class InformForm(GuardedForm, forms.Form):
    """Who is told what, how, by whom and when."""

    guarded = ("recipient", "text")

    recipient = forms.CharField(label=_("To whom"), max_length=120)
    responsible = forms.ModelChoiceField(label=_("Who sends it"), queryset=Organisation.objects.none())
    text = forms.CharField(label=_("What"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices)
    due_on = forms.DateField(label=_("No later than"), widget=date_input())
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["responsible"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.visible_to(member).active()


class ColourForm(forms.Form):
    colour = forms.ChoiceField(label=_("Colour"), choices=Colour.choices, widget=forms.RadioSelect)


class MeaningsForm(GuardedForm, forms.Form):
    """What the group means by each colour."""

    guarded = tuple(Colour.values)

    green = forms.CharField(label=_("Green"), max_length=200, required=False)
    yellow = forms.CharField(label=_("Yellow"), max_length=200, required=False)
    red = forms.CharField(label=_("Red"), max_length=200, required=False)


class VoteForm(forms.Form):
    """A colour for each area; an area may be left without."""

    def __init__(self, *args: Any, areas: Sequence[Area], given: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for area in areas:
            self.fields[f"area{area.pk}"] = forms.ChoiceField(
                label=area.name,
                choices=Colour.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=given.get(area.pk, ""),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.fields and not self.errors and not any(data.values()):
            self.add_error(next(iter(self.fields)), _("Give at least one area a colour."))
        return data

    def colours(self) -> dict[int, str]:
        return {int(name.removeprefix("area")): colour for name, colour in self.cleaned_data.items() if colour}


class AttendanceForm(GuardedForm, forms.Form):
    """Which organisations are in the room, which of them by a stand-in, and who else."""

    guarded = ("guests",)

    present = forms.MultipleChoiceField(label=_("Present"), widget=forms.CheckboxSelectMultiple, required=False)
    stand_ins = forms.MultipleChoiceField(label=_("Stand-in"), widget=forms.CheckboxSelectMultiple, required=False)
    guests = forms.CharField(
        label=_("Guests"),
        max_length=200,
        required=False,
        help_text=_("Organisations and functions, no names: the rescue service (2), the principal of Hamnskolan."),
    )

    def __init__(self, *args: Any, lines: list[Attendance], guests: str = "", **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "present": [str(line.organisation_id) for line in lines if line.present],
                "stand_ins": [str(line.organisation_id) for line in lines if line.stand_in],
                "guests": guests,
            },
        )
        super().__init__(*args, **kwargs)
        self.names = [line.organisation.name for line in lines]
        for name in ("present", "stand_ins"):
            self.fields[name].choices = [(str(line.organisation_id), line.organisation.name) for line in lines]  # type: ignore[attr-defined]

    def rows(self) -> Iterator[tuple[str, BoundWidget, BoundWidget]]:
        """Each organisation's name with its two boxes."""
        return zip(self.names, self["present"], self["stand_ins"], strict=True)

    def organisations(self, field: str) -> set[int]:
        return {int(value) for value in self.cleaned_data[field]}
