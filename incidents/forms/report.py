"""The report form."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils import formats
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from est_site.guarding import GuardedForm
from est_site.partners.models import Area, CategoryKind, Membership, ObjectType, Place, PlaceKind
from incidents import questions, spans, times
from incidents.choices import TILES, OwnPlace, Tile
from incidents.forms.wall_time import WallTimeField
from incidents.models import TEXT_LIMIT, Certainty, PeopleBand, Photo, PoliceReported, TimePrecision, Visibility
from incidents.photos.field import PhotosField
from incidents.pins import NEAR_ENOUGH

WHERE_OTHER = [
    ("place", _("Another named place")),
    ("area", _("Only the area")),
    ("unknown", _("Somewhere else, or not known")),
    ("pin", _("On the map")),
]
WHEN = [
    ("now", _("Now")),
    ("night", _("Last night")),
    ("evening", _("Yesterday evening")),
    ("between", _("Between …")),
]


SINCE = [("today", _("Since today")), ("earlier", _("Since an earlier day"))]


class ReportForm(GuardedForm, forms.Form):
    """What, where, when, and a few words. Everything else is folded away.

    The kind of what was chosen decides how "when" is asked: a condition is so since a day, what is coming lies ahead.
    """

    guarded = ("text", "done_at_once")

    client_uuid = forms.UUIDField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    top = forms.ChoiceField(
        label=_("What?"), widget=forms.RadioSelect, error_messages={"required": _("Choose what it is about.")}
    )
    where = forms.ChoiceField(
        label=_("Where?"), widget=forms.RadioSelect, error_messages={"required": _("Choose where it was.")}
    )
    place_name = forms.CharField(label=_("Name of the place"), max_length=120, required=False)
    area = forms.ModelChoiceField(
        label=_("Area"), queryset=Area.objects.none(), required=False, empty_label=_("Choose an area")
    )
    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    accuracy = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=0)
    when = forms.ChoiceField(
        label=_("When?"),
        choices=WHEN,
        initial="now",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose when it was.")},
    )
    since = forms.ChoiceField(
        label=_("Since when?"), choices=SINCE, initial="today", widget=forms.RadioSelect, required=False
    )
    since_day = forms.DateField(
        label=_("Since which day?"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    occurred_from = WallTimeField(label=_("From"), required=False)
    occurred_to = WallTimeField(label=_("To"), required=False)
    text = forms.CharField(
        label=_("A few words"), max_length=TEXT_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = PhotosField(label=_("Photos"), required=False)
    dropped = forms.TypedMultipleChoiceField(label=_("Take out"), coerce=int, required=False)
    certainty = forms.ChoiceField(label=_("How sure?"), choices=Certainty.choices, initial="seen", required=False)
    severity = forms.TypedChoiceField(
        label=_("How serious?"),
        choices=[("", _("not judged")), ("1", _("1, small")), ("2", _("2, plain")), ("3", _("3, serious"))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    people = forms.ChoiceField(
        label=_("People involved"), choices=[("", _("not known")), *PeopleBand.choices], required=False
    )
    police_reported = forms.ChoiceField(
        label=_("Reported to the police?"), choices=PoliceReported.choices, initial="unknown", required=False
    )
    object_type = forms.ChoiceField(
        label=_("Kind of place"), choices=[("", _("not said")), *ObjectType.choices], required=False
    )
    discovered_at = WallTimeField(label=_("Discovered"), required=False)
    done_at_once = forms.CharField(
        label=_("What was done at once?"),
        max_length=200,
        required=False,
        help_text=_("For example: swept up the glass."),
    )
    visibility = forms.ChoiceField(label=_("Who may see it?"), choices=[], initial="group", required=False)

    WRITTEN: ClassVar[dict[str, str]] = {"place": "place_name", "area": "area"}  # answer -> the field that goes with it
    DETAILS = (
        "certainty",
        "severity",
        "people",
        "police_reported",
        "object_type",
        "discovered_at",
        "done_at_once",
        "visibility",
    )

    def __init__(
        self,
        *args: Any,
        member: Membership,
        now: datetime,
        tiles: Sequence[Tile],
        places: Sequence[OwnPlace],
        waiting: Sequence[Photo] = (),
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.member, self.now, self.zone = member, now, member.group.zone
        self.tiles = {str(tile.category.pk): tile for tile in tiles}
        self.own_places = places
        self.places = {f"place-{own.place.pk}": own.place for own in places}
        self._choose("top", [(key, tile.category.name) for key, tile in self.tiles.items()])
        for tile in tiles:
            if tile.under:
                self.fields[tile.sub_name] = forms.ChoiceField(
                    label=tile.category.name,
                    choices=[(sub.pk, sub.name) for sub in tile.under],
                    required=False,
                    widget=forms.RadioSelect,
                )
            for question in tile.every_question:
                self.fields[questions.name_of(question)] = questions.field_of(question)
        own = [(key, place.name) for key, place in self.places.items()]
        self._choose("where", [*own, ("here", _("Here")), *WHERE_OTHER])
        self._choose("visibility", [v for v in Visibility.choices if self._may_choose(v[0])])
        self._choose("dropped", [(photo.pk, photo.pk) for photo in waiting])
        self.waiting = waiting
        self.fields["place_name"].widget.attrs |= {"list": "places", "autocomplete": "off"}
        today = now.astimezone(self.zone).date()
        areas = self.fields["area"]
        assert isinstance(areas, forms.ModelChoiceField)
        areas.queryset = Area.objects.visible_to(member).est().on(today).defer("geometry")
        for field in self.fields.values():
            if isinstance(field, WallTimeField):
                field.zone = self.zone
        self.initial.setdefault("client_uuid", uuid.uuid4())

    @cached_property
    def what(self) -> list[dict[str, Any]]:
        """Each tile with its control and the second choice that opens under it."""
        return [
            {
                "control": control,
                "icon": tile.category.icon or "note",
                "kind": tile.category.kind,
                "sub": self[tile.sub_name] if tile.under else None,
                "asked": [self[questions.name_of(one)] for one in tile.questions.get(tile.category.pk, ())],
                "under": self._under(tile),
            }
            for control, tile in zip(self["top"].subwidgets, self.tiles.values(), strict=True)
        ]

    def _under(self, tile: Tile) -> list[dict[str, Any]]:
        """The second choices one by one where one of them has questions of its own, else nothing: they are shown as a set."""
        if not any(sub.pk in tile.questions for sub in tile.under):
            return []
        rows = zip(self[tile.sub_name].subwidgets, tile.under, strict=True)
        return [
            {"control": control, "asked": [self[questions.name_of(one)] for one in tile.questions.get(sub.pk, ())]}
            for control, sub in rows
        ]

    @property
    def what_first(self) -> list[dict[str, Any]]:
        return self.what[: self._shown]

    @property
    def what_more(self) -> list[dict[str, Any]]:
        return self.what[self._shown :]

    @property
    def _shown(self) -> int:
        return len(self.tiles) if len(self.tiles) <= TILES else TILES - 1

    @property
    def more_is_open(self) -> bool:
        """Whether what was chosen stands among the folded tiles."""
        return self["top"].value() in list(self.tiles)[self._shown :]

    @property
    def where_own(self) -> list[dict[str, Any]]:
        return [
            {"control": control, "latest": own.latest}
            for control, own in zip(self["where"].subwidgets, self.own_places, strict=False)
        ]

    @cached_property
    def where_other(self) -> dict[str, Any]:
        return {control.data["value"]: control for control in list(self["where"].subwidgets)[len(self.own_places) :]}

    @property
    def when_each(self) -> dict[str, Any]:
        return {control.data["value"]: control for control in self["when"].subwidgets}

    @property
    def since_each(self) -> dict[str, Any]:
        return {control.data["value"]: control for control in self["since"].subwidgets}

    @property
    def details(self) -> list[Any]:
        return [self[name] for name in self.DETAILS]

    @property
    def details_are_open(self) -> bool:
        return any(name in self.errors for name in self.DETAILS)

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _may_choose(self, visibility: str) -> bool:
        return visibility != Visibility.POLICE or self.member.organisation.kind == "police"

    def renewed(self, client_uuid: uuid.UUID) -> None:
        """Say that the form was used before, and let the same words be sent under a number of their own."""
        self.data = {**self.data.dict(), "client_uuid": str(client_uuid)}  # type: ignore[attr-defined]
        self.add_error(None, _("This form had been used already. Check it and save again."))

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        tile = self.tiles.get(data.get("top", ""))
        if tile is not None:
            data["category"] = next((c for c in tile.under if str(c.pk) == data.get(tile.sub_name)), tile.category)
        self._read_answers(data, tile)
        data |= {"place": None, "point": None, "approximate": False}
        self._clean_where(data)
        kind = tile.category.kind if tile else CategoryKind.EVENT
        self._read_when(data, kind)
        if kind == CategoryKind.CONDITION:
            data["people"] = ""  # about a place alone
        discovered = data.get("discovered_at")
        if discovered is not None and discovered > self.now:
            self.add_error("discovered_at", _("Discovered cannot lie ahead. It is %(now)s now.") % self._now())
        data["certainty"] = data.get("certainty") or Certainty.SEEN
        data["police_reported"] = data.get("police_reported") or PoliceReported.UNKNOWN
        data["visibility"] = data.get("visibility") or Visibility.GROUP
        return data

    def _read_answers(self, data: dict[str, Any], tile: Tile | None) -> None:
        """To the questions of what was chosen; those of the other tiles are folded away."""
        chosen = (tile.category, data["category"]) if tile else ()
        asked = (
            [one for pk in dict.fromkeys(c.pk for c in chosen) for one in tile.questions.get(pk, ())] if tile else []
        )
        every = {questions.name_of(one) for other in self.tiles.values() for one in other.every_question}
        self._forget(*every - {questions.name_of(one) for one in asked})
        data["answers"] = questions.answers(asked, data, self.member.group.language, self.answered(data))

    def answered(self, data: dict[str, Any]) -> Sequence[questions.Answer]:
        """What was answered before this form."""
        return ()

    def _forget(self, *names: str) -> None:
        """What stands in a field that another answer has folded away is neither read nor complained about."""
        for name in names:
            self.errors.pop(name, None)

    def _clean_where(self, data: dict[str, Any]) -> None:
        where = data.get("where")
        self._forget("lon", "lat", "accuracy")  # nobody typed them: what is wrong with them is said at "Here"
        self._forget(*{"place_name", "area"} - {self.WRITTEN.get(where or "", "")})
        area, data["area"] = data.get("area"), None
        if where in self.places:
            data["place"] = self.places[where]
        elif where == "here":
            if data.get("lon") is None or data.get("lat") is None:
                self.add_error("where", _("The position did not arrive. Choose a place or an area instead."))
            else:
                data["point"] = (data["lon"], data["lat"])
                data["approximate"] = (data.get("accuracy") or 0) > NEAR_ENOUGH
        elif where == "pin":
            if data.get("lon") is None or data.get("lat") is None:
                self.add_error("where", _("Set the pin on the map, or choose a place or an area instead."))
            else:
                data["point"] = (data["lon"], data["lat"])
                data["approximate"] = data.get("accuracy") is None or data["accuracy"] > NEAR_ENOUGH
        elif where == "place" and "place_name" not in self.errors:
            data["place"] = self._named(data.get("place_name", ""))
        elif where == "area" and "area" not in self.errors:
            data["area"] = area
            if area is None:
                self.add_error("area", _("Choose an area, or “Somewhere else, or not known”."))

    def _named(self, name: str) -> Place | None:
        """The place of that name or nickname, however it is spelled in capitals."""
        if not name:
            self.add_error("place_name", _("Write the name of the place."))
            return None
        wanted = name.casefold()
        for place in self.named_places:
            if wanted in (known.casefold() for known in (place.name, *place.aliases)):
                return place
        addresses = Place.objects.visible_to(self.member).active().filter(kind=PlaceKind.ADDRESS)
        address: Place | None = addresses.filter(name__iexact=" ".join(name.split())).first()
        if address is not None:
            return address
        self.add_error(
            "place_name", _("No place is called “%(name)s”. Choose one of the list, or only the area.") % {"name": name}
        )
        return None

    @property
    def named_places(self) -> list[Place]:
        if not hasattr(self, "_named_places"):
            self._named_places = list(Place.objects.visible_to(self.member).active().named())
        return self._named_places

    def _read_when(self, data: dict[str, Any], kind: str) -> None:
        """By the question that was asked of this kind; what the others hold is neither read nor complained about."""
        if kind == CategoryKind.CONDITION and data.get("since"):
            self._forget("when", "occurred_from", "occurred_to")
            if "since_day" not in self.errors or data["since"] == "today":
                self._forget("since_day")
                self._clean_since(data)
            return
        self._forget("since", "since_day")
        if kind == CategoryKind.UPCOMING:
            self._forget("when")
            data["when"] = "between"
        if data.get("when") != "between":
            self._forget("occurred_from", "occurred_to")
        if "when" in data and not {"occurred_from", "occurred_to"} & set(self.errors):
            self._clean_when(data, kind)

    def _clean_since(self, data: dict[str, Any]) -> None:
        """A condition has a day and no hour: the whole day it was there, or what has passed of today."""
        today, day = self.now.astimezone(self.zone).date(), data.get("since_day")
        data["time_precision"] = TimePrecision.DAY
        if data["since"] == "today":
            data["occurred_from"] = data["occurred_to"] = self.now
        elif day is None:
            self.add_error("since_day", _("Give the day since when it is so."))
        elif day > today:
            self.add_error("since_day", _("That day has not come yet. Today is %(day)s.") % {"day": today.isoformat()})
        elif today - day > spans.YEAR:
            self.add_error("since_day", _("That is more than a year ago. Check the year."))
        else:
            first, last = times.whole_day(day, self.zone)
            data["occurred_from"], data["occurred_to"] = first, min(last, self.now)

    def _clean_when(self, data: dict[str, Any], kind: str) -> None:
        when = data["when"]
        if when == "between":
            self._clean_between(data, kind)
            return
        if when == "now":
            data["occurred_from"] = data["occurred_to"] = self.now
        else:
            span = times.last_night if when == "night" else times.yesterday_evening
            data["occurred_from"], data["occurred_to"] = span(self.now, self.zone)
        data["time_precision"] = TimePrecision.EXACT if when == "now" else TimePrecision.INTERVAL

    @property
    def earliest_ahead(self) -> datetime:
        return self.now

    def _clean_between(self, data: dict[str, Any], kind: str) -> None:
        start = data.get("occurred_from")
        if start is None:
            self.add_error("occurred_from", _("Give the time when it began, or may have begun."))
            return
        end = data["occurred_to"] = data.get("occurred_to") or start
        data["time_precision"] = TimePrecision.EXACT if start == end else TimePrecision.INTERVAL
        found = spans.fault(start, end, kind, self.now, self.earliest_ahead)
        if found is not None:
            self.add_error("occurred_to" if found[0] == "to" else "occurred_from", found[1] % self._now())

    def _now(self) -> dict[str, str]:
        return {"now": formats.date_format(self.now.astimezone(self.zone), "SHORT_DATETIME_FORMAT")}
