"""Forms of the way in for files: which file, what its columns mean, what its values mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from est_site.access import Permission, may
from est_site.partners import sheets
from est_site.partners.models import Category, Membership, Organisation
from incidents import guessing, words
from incidents.models import TEXT_LIMIT

FORMATS = [
    ("", _("2026-11-22 16:41, or a date alone")),
    ("%Y-%m-%d %H.%M", "2026-11-22 16.41"),
    ("%d/%m/%Y %H:%M", _("22/11/2026 16:41, day first")),
    ("%d.%m.%Y %H:%M", "22.11.2026 16:41"),
    ("%m/%d/%Y %H:%M", _("11/22/2026 16:41, month first")),
    ("%Y%m%d %H%M", "20261122 1641"),
    ("%d/%m/%Y", _("22/11/2026, day first, no time")),
    ("%Y%m%d", "20261122"),
]
LEAVE_OUT = "-"


class UploadForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("Whose observations are they?"), queryset=Organisation.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, Excel (.xlsx), GeoJSON with points, or JSON: at most 10 MB and 10,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.geojson,.json"}),
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may(member, Permission.IMPORT):  # it is their own organisation's
            del self.fields["organisation"]
            return
        choice: Any = self.fields["organisation"]
        choice.queryset = Organisation.objects.visible_to(member).active()
        choice.initial = member.organisation_id

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > sheets.MAX_BYTES:
            raise ValidationError(gettext("The file is larger than 10 MB. Divide it."))
        self.content = file.read()
        try:
            sheet = sheets.open_sheet(self.content)
        except sheets.Unreadable as problem:
            raise ValidationError(problem.reason) from None
        if not sheet.records:
            raise ValidationError(gettext("The file has no rows below its header."))
        return file


class ColumnsForm(forms.Form):
    """Which column means what. Its values become the mapping that `mapping.parse` reads."""

    name = forms.CharField(
        label=_("Which system do the rows come from?"),
        max_length=40,
        help_text=_("A short name. The answers are kept under it for the next file."),
    )
    id = forms.ChoiceField(
        label=_("Number of the row in that system"),
        required=False,
        help_text=_("So that the same row is never taken in twice. Without it a row is known by all that it says."),
    )
    time_from = forms.ChoiceField(label=_("When"))
    time_to = forms.ChoiceField(label=_("Until when"), required=False)
    time_format = forms.ChoiceField(label=_("Times look like"), choices=FORMATS, required=False)
    time_zone = forms.ChoiceField(label=_("Times are in"), required=False)
    category = forms.ChoiceField(label=_("What: the column"), required=False)
    code = forms.ChoiceField(label=_("or the same for all rows"), required=False)
    place = forms.ChoiceField(label=_("Name of the place"), required=False)
    area = forms.ChoiceField(label=_("Name of the area"), required=False)
    lon = forms.ChoiceField(label=_("Longitude (WGS 84)"), required=False)
    lat = forms.ChoiceField(label=_("Latitude (WGS 84)"), required=False)
    words = forms.ChoiceField(label=_("A few words"), required=False)
    only_column = forms.ChoiceField(label=_("Only rows where"), required=False)
    only_value = forms.CharField(label=_("is"), max_length=120, required=False)

    COLUMNS = ("id", "time_from", "time_to", "category", "place", "area", "lon", "lat", "words", "only_column")

    def __init__(
        self, *args: Any, header: list[str], categories: Sequence[Category], zone: str, said: dict[str, Any], **kw: Any
    ) -> None:
        super().__init__(*args, **{"initial": _initial(said), **kw})
        columns = [("", _("not in the file")), *((name, name) for name in dict.fromkeys(header) if name)]
        for name in self.COLUMNS:
            self._choices(name, columns)
        self._choices("time_zone", [("", zone), ("UTC", "UTC")])
        self._choices("code", [("", _("no, as the column says")), *((row.code, row.name) for row in categories)])
        form = said.get("time", {}).get("format", "")
        if form and form not in dict(FORMATS):
            self._choices("time_format", [*FORMATS, (form, form)])

    def _choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("lon")) != bool(data.get("lat")):
            self.add_error("lat", gettext("Longitude and latitude go together."))
        if bool(data.get("category")) == bool(data.get("code")) and "category" in data:
            self.add_error(
                "category", gettext("Choose the column that says what it was, or one category for all rows.")
            )
        if bool(data.get("only_column")) != bool(data.get("only_value")):
            self.add_error("only_value", gettext("Choose a column and write what must stand in it, or neither."))
        if any(character in str(data.get("name", "")) for character in ":\n"):
            self.add_error("name", gettext("The name may not hold a colon."))
        return data

    def mapping(self, said: dict[str, Any]) -> dict[str, Any]:
        """The mapping as it was, with these answers in it."""
        data = self.cleaned_data
        category = {"column": data["category"]} if data["category"] else {"code": data["code"]}
        if data["category"]:
            category = {**said.get("category", {}), **category}
            category.pop("code", None)
        where = {**said.get("where", {}), **{name: data[name] for name in ("lon", "lat", "place", "area")}}
        return {
            "name": data["name"],
            "id": data["id"],
            "words": data["words"],
            "time": {name: data[f"time_{name}"] for name in ("from", "to", "format", "zone")},
            "category": category,
            "where": where,
            "only": {"column": data["only_column"], "value": data["only_value"]},
        }


def _initial(said: dict[str, Any]) -> dict[str, Any]:
    time, category, where, only = (said.get(part, {}) for part in ("time", "category", "where", "only"))
    return {
        **{name: said.get(name, "") for name in ("name", "id", "words")},
        **{f"time_{name}": time.get(name, "") for name in ("from", "to", "format", "zone")},
        **{name: where.get(name, "") for name in ("lon", "lat", "place", "area")},
        "category": category.get("column", ""),
        "code": category.get("code", ""),
        "only_column": only.get("column", ""),
        "only_value": only.get("value", ""),
    }


def _counted(value: str, count: int) -> str:
    return ngettext("%(value)s (%(count)s row)", "%(value)s (%(count)s rows)", count) % {"value": value, "count": count}


class ValuesForm(forms.Form):
    """What the values of the file are called here: each category, each place, and what holds for the rest."""

    def __init__(
        self,
        *args: Any,
        said: dict[str, Any],
        values: tuple[list[tuple[str, int]], list[tuple[str, int]]],
        categories: Sequence[Category],
        spots: guessing.Spots,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.spots, self.said = spots, said
        self.category_values, self.place_values = ([value for value, _n in found[: guessing.SHOWN]] for found in values)
        self._ask_categories(values[0], categories)
        self._ask_places(values[1])
        self.fields["remember"] = forms.BooleanField(
            label=_("Remember these answers for the next file"), required=False, initial=True
        )

    def _ask_categories(self, found: list[tuple[str, int]], categories: Sequence[Category]) -> None:
        said = self.said["category"]
        codes, leave_out = said.get("codes", {}), said.get("leave_out", [])
        choices = [("", _("a fault")), (LEAVE_OUT, _("leave out")), *((row.code, row.name) for row in categories)]
        rest = LEAVE_OUT if said.get("others") == "leave out" else ""
        for n, (value, count) in enumerate(found[: guessing.SHOWN]):
            initial = codes.get(value) or (LEAVE_OUT if value in leave_out else rest)
            label = _counted(value, count)
            self.fields[f"category_{n}"] = forms.ChoiceField(
                label=label, choices=choices, initial=initial, required=False
            )
        if found:
            self.fields["category_rest"] = forms.ChoiceField(
                label=_("Whatever else stands there"), choices=choices[:2], initial=rest, required=False
            )

    def _ask_places(self, found: list[tuple[str, int]]) -> None:
        targets = self.said["where"].get("places", {})
        for n, (value, count) in enumerate(found[: guessing.SHOWN]):
            target = targets.get(value)
            known = self.spots.target(value) or "unknown"
            self.fields[f"place_{n}"] = forms.CharField(
                label=_counted(value, count),
                initial=self.spots.name(known if target is None else target),
                required=False,
                max_length=120,
                widget=forms.TextInput(attrs={"list": "spots", "autocomplete": "off"}),
            )
        if found:
            self.fields["place_rest"] = forms.ChoiceField(
                label=_("Whatever else stands there"),
                choices=[("unknown", _("area unknown")), ("fault", _("a fault"))],
                initial=self.said["where"].get("others", "unknown"),
            )

    @property
    def categories(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("category_")]

    @property
    def places(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("place_")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.targets: dict[str, str] = {}
        for n, value in enumerate(self.place_values):
            target = self.spots.target(data.get(f"place_{n}", ""))
            if target is None:
                reason = gettext("No place and no area is called that. Leave it empty when it is not known.")
                self.add_error(f"place_{n}", reason)
            else:
                self.targets[value] = target
        return data

    def mapping(self) -> dict[str, Any]:
        data = self.cleaned_data
        chosen = {value: data[f"category_{n}"] for n, value in enumerate(self.category_values)}
        category, where = dict(self.said["category"]), dict(self.said["where"])
        if category.get("column"):
            asked = set(chosen)
            codes = {value: code for value, code in category.get("codes", {}).items() if value not in asked}
            category["codes"] = codes | {value: code for value, code in chosen.items() if code not in ("", LEAVE_OUT)}
            kept = [value for value in category.get("leave_out", []) if value not in asked]
            category["leave_out"] = kept + [value for value, code in chosen.items() if code == LEAVE_OUT]
            category["others"] = "leave out" if data.get("category_rest") == LEAVE_OUT else "fault"
        if where.get("place"):
            where["places"] = {**where.get("places", {}), **self.targets}
            where["others"] = data.get("place_rest") or "unknown"
        return {**self.said, "category": category, "where": where}

    def remembered(self) -> dict[str, Any]:
        """What the next file may know: nothing of what points at a person, and nothing without the tick."""
        if not self.cleaned_data["remember"]:
            return self.said
        made = self.mapping()
        category, where = dict(made["category"]), dict(made["where"])
        for part, name in ((category, "codes"), (where, "places")):
            if name in part:
                part[name] = {value: target for value, target in part[name].items() if not words.findings(value)}
        if "leave_out" in category:
            category["leave_out"] = [value for value in category["leave_out"] if not words.findings(value)]
        return {**made, "category": category, "where": where}


class HeldForm(forms.Form):
    text = forms.CharField(
        label=_("The words, without what points at somebody"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
