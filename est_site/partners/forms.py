"""The forms of the coordinator's settings. Each one's fields are the words of the action it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from est_site.partners import importing
from est_site.partners.models import (
    Area,
    Category,
    CategoryKind,
    Door,
    Group,
    Layer,
    Membership,
    Organisation,
    Period,
    Place,
    Role,
)

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

WEEKDAYS = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
]
ROLE_HINTS = _(
    "Reporter: reports and sees observations. Member: speaks for an organisation and sees the shared picture. "
    "Coordinator: leads the meetings and keeps these settings. Analyst: works with the figures. "
    "Steering group: reads pictures and minutes."
)


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class SettingsForm(ModelForm):
    """A form over a row: knows which version was shown, leaves uniqueness to the action."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("version", self.instance.version)
        else:
            del self.fields["version"]

    def validate_unique(self) -> None:
        """The action says it, under a lock and in words."""

    def validate_constraints(self) -> None:
        """As above."""


class OrganisationForm(SettingsForm):
    class Meta:
        model = Organisation
        fields: ClassVar[list[str]] = ["name", "kind", "reports", "joined_on"]
        widgets: ClassVar[dict[str, Any]] = {"joined_on": date_input()}
        help_texts: ClassVar[dict[str, Any]] = {
            "reports": _("If it says nothing before the deadline it is shown as silent."),
            "joined_on": _("Before this day nobody misses it. Leave it empty if it has been there from the start."),
        }


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Who has not used EST before gets a letter with a link to choose a password."),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, help_text=ROLE_HINTS)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["organisation"]
        choice.queryset = Organisation.objects.visible_to(member).active()


class MemberForm(SettingsForm):
    class Meta:
        model = Membership
        fields: ClassVar[list[str]] = ["organisation", "role", "valid_from", "valid_to"]
        widgets: ClassVar[dict[str, Any]] = {"valid_from": date_input(), "valid_to": date_input()}
        labels: ClassVar[dict[str, Any]] = {"organisation": _("Organisation")}
        help_texts: ClassVar[dict[str, Any]] = {
            "role": ROLE_HINTS,
            "valid_to": _("The last day, if one is set. Empty: until further notice."),
        }

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["organisation"]
        choice.queryset = Organisation.objects.visible_to(member)


class LastDayForm(forms.Form):
    """Ending something: the last day it holds."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    last_day = forms.DateField(label=_("Last day"), widget=date_input())


class AreaForm(SettingsForm):
    class Meta:
        model = Area
        fields: ClassVar[list[str]] = ["name", "code", "population"]
        help_texts: ClassVar[dict[str, Any]] = {
            "code": _("What the municipality's own systems call the area."),
            "population": _("Lets figures be compared per inhabitant."),
        }


class FileForm(forms.Form):
    """A GeoJSON file, read as far as its reference system."""

    file = forms.FileField(
        label=_("GeoJSON file"),
        help_text=_("WGS 84 or SWEREF 99, at most 10 MB and 5,000 areas."),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > importing.MAX_BYTES:
            raise ValidationError(gettext("The file is larger than 10 MB."))
        return file


class ImportForm(FileForm):
    layer = forms.ChoiceField(
        label=_("Layer"),
        choices=Layer.choices,
        help_text=_("EST areas are the ones the picture is about. The others are drawn for comparison."),
    )
    valid_from = forms.DateField(
        label=_("Holds from"),
        widget=date_input(),
        help_text=_("Observations from that day on are counted in these areas."),
    )


class ImportFieldsForm(forms.Form):
    """Which of the file's properties means what; stands in the address of the report."""

    name_field = forms.ChoiceField(label=_("Name of the area"))
    population_field = forms.ChoiceField(label=_("Inhabitants"), required=False)
    layer = forms.ChoiceField(choices=Layer.choices, widget=forms.HiddenInput)
    valid_from = forms.DateField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, fields: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, name) for name in fields]
        name_field: Any = self.fields["name_field"]
        population_field: Any = self.fields["population_field"]
        name_field.choices = choices
        population_field.choices = [("", _("not in the file")), *choices]


class RedrawForm(FileForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    first_day = forms.DateField(
        label=_("New border from"),
        widget=date_input(),
        help_text=_("What happened before that day keeps the border it had."),
    )


class PlaceForm(SettingsForm):
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What people say when they mean this place, one name on each line."),
    )

    class Meta:
        model = Place
        fields: ClassVar[list[str]] = ["name", "object_type", "lat", "lon"]
        widgets: ClassVar[dict[str, Any]] = {
            "lat": forms.TextInput(attrs={"inputmode": "decimal"}),
            "lon": forms.TextInput(attrs={"inputmode": "decimal"}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "lat": _("In degrees, for example 57.905. The area is found from the point."),
            "lon": _("In degrees, for example 11.905."),
        }

    field_order = ("name", "aliases", "object_type", "lat", "lon")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("aliases", "\n".join(self.instance.aliases))
        for name, limit in (("lat", 90), ("lon", 180)):
            point: Any = forms.FloatField(
                label=self.fields[name].label,
                help_text=self.fields[name].help_text,
                widget=self.fields[name].widget,
                required=False,
                min_value=-limit,
                max_value=limit,
                localize=False,
            )
            self.fields[name] = point

    def clean_aliases(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["aliases"].splitlines() if line.strip()]
        if any(len(name) > 120 for name in names):
            raise ValidationError(gettext("Each name may have at most 120 characters."))
        return names


class CategoryForm(SettingsForm):
    class Meta:
        model = Category
        fields: ClassVar[list[str]] = ["name_sv", "name_en"]
        help_texts: ClassVar[dict[str, Any]] = {
            "name_en": _("Shown to those who read EST in English. Empty: the Swedish name."),
        }


class MainCategoryForm(CategoryForm):
    only_for = forms.TypedMultipleChoiceField(
        label=_("Only for"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "The organisations that may report it and what lies under it. None chosen: all. Everybody still sees it."
        ),
    )

    class Meta(CategoryForm.Meta):
        fields: ClassVar[list[str]] = ["name_sv", "name_en", "near_metres", "near_hours", "only_for"]
        help_texts: ClassVar[dict[str, Any]] = CategoryForm.Meta.help_texts | {
            "near_metres": _("So near each other, two reports are shown as perhaps the same event. At most 2,000."),
            "near_hours": _("And so near in time. Conditions last, so for them only the distance counts. At most 336."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.filter(group_id=self.instance.group_id)
        in_use = rows.filter(models.Q(is_active=True) | models.Q(pk__in=self.instance.only_for))
        choice: Any = self.fields["only_for"]
        choice.choices = [(row.pk, row.name) for row in in_use.order_by("name")]


class NewCategoryForm(CategoryForm):
    parent = forms.ModelChoiceField(
        label=_("Under"),
        queryset=Category.objects.none(),
        required=False,
        empty_label=_("nothing: a main category"),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=CategoryKind.choices,
        help_text=_(
            "An event happens once. A condition lasts until it is put right. Upcoming is something that is planned. "
            "A category under another has the kind of the one above."
        ),
    )
    field_order = ("parent", "name_sv", "name_en", "kind")

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["parent"]
        choice.queryset = Category.objects.visible_to(member).active().top()


class DoorForm(SettingsForm):
    title = forms.CharField(label=_("Name"), max_length=60)
    use = forms.CharField(label=_("When to use it"), max_length=160)
    field_order = ("title", "use", "phone", "link")

    class Meta:
        model = Door
        fields: ClassVar[list[str]] = ["title", "use", "phone", "link"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = (self.instance.title, self.instance.use)
        if self.instance.pk:
            self.known = {"title": self.instance.name, "use": self.instance.when}
            self.initial.update(self.known)

    def clean(self) -> dict[str, Any]:
        """Words that were not changed stay those of the reader's language."""
        data = super().clean() or self.cleaned_data
        for name, own in zip(("title", "use"), self.own, strict=True):
            if not own and self.instance.pk and data.get(name) == self.known[name]:
                data[name] = ""
        return data


class ScheduleForm(SettingsForm):
    weekday = forms.TypedChoiceField(
        label=_("Weekday"),
        choices=WEEKDAYS,
        coerce=int,
        help_text=_("The first such day after the period is over."),
    )

    class Meta:
        model = Group
        fields: ClassVar[list[str]] = [
            "cadence",
            "weekday",
            "meeting_time",
            "meeting_minutes",
            "meeting_place",
            "deadline_lead_hours",
            "prepare_lead_hours",
            "correction_hours",
            "review_cadence",
            "language",
            "small_number",
        ]
        widgets: ClassVar[dict[str, Any]] = {"meeting_time": time_input()}
        help_texts: ClassVar[dict[str, Any]] = {
            "cadence": _("Begins after the last period that is already made; those there are stay as they are."),
            "meeting_time": _("On the clock of the group's own time zone, summer and winter alike."),
            "meeting_minutes": _("How long a meeting is planned to take."),
            "deadline_lead_hours": _("Who has said nothing by then is shown as silent."),
            "prepare_lead_hours": _("The picture is frozen, the agenda is made and sent to the participants."),
            "correction_hours": _(
                "Whoever was at the meeting may remark on its minutes for so long; 0 for not at all."
            ),
            "review_cadence": _("How often the group looks back and chooses what to focus on."),
            "language": _("The language of agendas, minutes and letters that EST writes."),
            "small_number": _("From 3 to 10. Papers for the public say of fewer only that they are fewer."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, least, most in (
            ("meeting_minutes", 5, 480),
            ("deadline_lead_hours", 1, 168),
            ("prepare_lead_hours", 1, 72),
            ("correction_hours", 0, 168),
            ("small_number", 3, 10),
        ):
            field: Any = self.fields[name]
            field.min_value, field.max_value = least, most
            field.validators = [
                *forms.IntegerField(min_value=least, max_value=most).validators,
            ]
            field.widget.attrs |= {"min": least, "max": most}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        deadline, prepare = data.get("deadline_lead_hours"), data.get("prepare_lead_hours")
        if deadline is not None and prepare is not None and prepare > deadline:
            self.add_error(
                "prepare_lead_hours",
                gettext("The agenda cannot be made before the report deadline (%(hours)s hours before).")
                % {"hours": deadline},
            )
        return data


class MergeForm(forms.Form):
    first = forms.ModelChoiceField(label=_("From"), queryset=Period.objects.none())
    last = forms.ModelChoiceField(label=_("To and including"), queryset=Period.objects.none())

    def __init__(self, *args: Any, periods: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            choice: Any = self.fields[name]
            choice.queryset = periods


class MoveForm(forms.Form):
    last_day = forms.DateField(label=_("Last day"), widget=date_input())
