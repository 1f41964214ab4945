"""Several observations at once: a table of rows, each with its faults beside its fields."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.functions import Upper
from django.forms.utils import ErrorDict
from django.utils import formats
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from est_site.guarding import GuardedForm
from est_site.partners.models import Area, Category, Membership, Place, PlaceKind
from incidents import choices, moments, pasting, spans, times
from incidents.areas import AreaFinder
from incidents.models import TEXT_LIMIT
from incidents.reading import Row

MOST_ROWS = 200
FIRST_ROWS = 5  # shown to begin with, and how many more at a time
FIELDS = pasting.FIELDS
CELL = re.compile(rf"r(\d{{1,4}})-({'|'.join(FIELDS)})", re.ASCII)
UNKNOWN = _("Somewhere else, or not known")
Cells = Mapping[str, str]


def cells_in(data: Mapping[str, Any]) -> list[Cells]:
    """The rows that were sent, in their order, with what was answered to the guard."""
    numbers = sorted({int(found[1]) for key in data if (found := CELL.fullmatch(key))})
    asked = {"guard": "guard_r{n}-words", "seen": "guard_r{n}-words_seen"}
    names = {name: f"r{{n}}-{name}" for name in FIELDS} | asked
    return [{name: data.get(form.format(n=n), "") for name, form in names.items()} for n in numbers]


def is_blank(cells: Cells, above: Cells | None) -> bool:
    """A row in which nothing stands but what a new one begins with: the place of the row above, and a day."""
    if any(cells.get(name, "").strip() for name in ("what", "end", "words")):
        return False
    where, start = cells.get("where", "").strip(), cells.get("start", "").strip()
    return where in ("", (above or {}).get("where", "").strip()) and start == day_of(start)


def day_of(text: str) -> str:
    """The day a cell begins with, as it was written."""
    return text.split()[0] if text.split() and not re.match(r"\d{1,2}[.:]\d", text.strip()) else ""


class Known:
    """What the group has by the names that people use, read once for all rows."""

    def __init__(self, member: Membership, now: datetime, said: Sequence[str]) -> None:
        self.member, self.now, self.zone = member, now, member.group.zone
        self.today = now.astimezone(self.zone).date()
        self.tiles = choices.in_order(member)
        self.finder = AreaFinder(member.group_id)
        self.named = list(Place.objects.visible_to(member).active().named())
        self.categories: dict[str, list[Category]] = defaultdict(list)
        for category, names in self._names():
            for name in dict.fromkeys(_folded(name) for name in names if name):
                self.categories[name].append(category)
        self.places = {_folded(alias): place for place in reversed(self.named) for alias in place.aliases}
        self.places |= {_folded(place.name): place for place in reversed(self.named)}
        asked = {name for name in map(_tidy, said) if "\0" not in name}  # no column can hold it, so none is called so
        self.addresses = self._addresses({name for name in asked if _folded(name) not in self.places})

    def _names(self) -> Iterator[tuple[Category, list[str]]]:
        for tile in self.tiles:
            top = tile.category
            yield top, [top.code, top.name_sv, top.name_en]
            for sub in tile.under:
                full = [f"{top.name_sv}: {sub.name_sv}", f"{top.name_en}: {sub.name_en}", two_levels(top, sub)]
                yield sub, [sub.code, sub.name_sv, sub.name_en, *full]

    def _addresses(self, names: set[str]) -> dict[str, Place]:
        rows = Place.objects.visible_to(self.member).active().filter(kind=PlaceKind.ADDRESS)
        upper = rows.annotate(upper=Upper("name")).filter(upper__in=[name.upper() for name in names])
        return {_folded(place.name): place for place in upper.order_by("-pk")} if names else {}

    def category_names(self) -> list[str]:
        return [
            name
            for tile in self.tiles
            for name in (tile.category.name, *(two_levels(tile.category, sub) for sub in tile.under))
        ]

    def where_names(self) -> list[str]:
        areas = [area.name for area in self.finder.on(self.today)]
        return list(dict.fromkeys([*(place.name for place in self.named), *areas, str(UNKNOWN)]))

    def where(self, said: str, day: date) -> Place | Area | None:
        """A place, an address or an area of that day; None for "not known". `LookupError` when nothing is called so."""
        name = _folded(said)
        if name == _folded(str(UNKNOWN)):
            return None
        areas = {_folded(area.name): area for area in self.finder.on(day)}
        for kind in (self.places, areas, self.addresses):
            if name in kind:
                return kind[name]
        raise LookupError(said)


def two_levels(top: Category, sub: Category) -> str:
    return f"{top.name}: {sub.name}"


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _folded(text: str) -> str:
    return _tidy(text).casefold()


class RowForm(GuardedForm, forms.Form):
    """One observation: what and where by name, when as it is written by hand, a few words."""

    guarded = ("words",)

    what = forms.CharField(label=_("What?"), max_length=200, required=False)
    where = forms.CharField(label=_("Where?"), max_length=200, required=False)
    start = forms.CharField(label=_("From"), max_length=40, required=False)
    end = forms.CharField(label=_("To"), max_length=40, required=False)
    words = forms.CharField(label=_("A few words"), max_length=TEXT_LIMIT, required=False)

    def __init__(self, *args: Any, number: int, known: Known, cells: Cells, blank: bool, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"r{number}", **kwargs)
        self.number, self.known, self.cells, self.blank = number, known, cells, blank
        self.empty_permitted, self.use_required_attribute = blank, False
        for name in ("what", "where"):
            self.fields[name].widget.attrs |= {"list": f"{name}-names", "autocomplete": "off"}
        for name in FIELDS:
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.row: Row | None = None

    def has_changed(self) -> bool:
        return not self.blank

    @property
    def said(self) -> str:
        """What makes it this row and no other when the form is sent again."""
        return "\x1f".join(self.cells.get(name, "") for name in FIELDS)

    def add_error(self, field: Any, error: Any) -> None:
        """Each says which row it is about: the summary stands far from it."""
        if isinstance(error, ValidationError) and not hasattr(error, "error_dict"):
            messages = error.messages
        else:
            messages = [str(error)]
        row = gettext("Row %(n)s: %(fault)s")
        super().add_error(field, [row % {"n": self.number, "fault": message} for message in messages])

    def clean(self) -> dict[str, Any]:
        super().clean()
        category = self._category(self.cleaned_data.get("what", ""))
        start = self._moment("start")
        end = self._moment("end") if self.cleaned_data.get("end") else None
        day = start.day if start and start.day else self.known.today
        where = self._where(self.cleaned_data.get("where", ""), day)
        span = self._span(category, start, end)
        if category is not None and span is not None and not self.errors:
            place_id = where.pk if isinstance(where, Place) else None
            area_id = where.pk if isinstance(where, Area) else None
            on = span[0].astimezone(self.known.zone).date()
            # the words are put in when the guard has looked at them
            self.row = Row(self.number, "", category.code, *span, on, None, place_id, area_id, "")
        return self.cleaned_data

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.row is not None:
            self.row.words = self.cleaned_data.get("words", "")

    def _category(self, said: str) -> Category | None:
        found = self.known.categories.get(_folded(said), [])
        if len(found) == 1:
            return found[0]
        if "what" in self.errors:
            return None
        if not said:
            self.add_error("what", _("Choose what it is about."))
        elif found:
            self.add_error(
                "what", _("Several kinds are called “%(name)s”. Write the first level before it.") % {"name": said}
            )
        else:
            self.add_error(
                "what", _("Nothing to report is called “%(name)s”. Choose one of the list.") % {"name": said}
            )
        return None

    def _where(self, said: str, day: date) -> Place | Area | None:
        if "where" in self.errors:
            return None
        if not said:
            self.add_error("where", _("Write a place, an address or an area."))
            return None
        try:
            return self.known.where(said, day)
        except LookupError:
            told = _("No place or area is called “%(name)s”. Choose one of the list.")
            self.add_error("where", told % {"name": said})
            return None

    def _moment(self, name: str) -> moments.Said | None:
        text = self.cleaned_data.get(name, "")
        if name in self.errors:
            return None
        try:
            said = moments.read(text, self.known.today)
        except moments.NotRead:
            said = moments.Said(None, None)
        if said.day is None and (name == "start" or said.at is None):
            self.add_error(name, _("Give a day, or a day and a time, for example 2026-11-22 16:41."))
            return None
        return said

    def _span(
        self, category: Category | None, start: moments.Said | None, end: moments.Said | None
    ) -> tuple[datetime, datetime, str] | None:
        if start is None or {"start", "end"} & set(self.errors):
            return None
        now, zone = self.known.now, self.known.zone
        try:
            span = moments.span(start, end, zone, now)
        except times.NoSuchTime:
            self.add_error("start", _("The clocks were moved forward past that time. Give another."))
            return None
        except OverflowError:
            self.add_error("start", _("Give a day, or a day and a time, for example 2026-11-22 16:41."))
            return None
        if category is not None:
            fault = spans.fault(span[0], span[1], category.kind, now, now)
            said_now = formats.date_format(now.astimezone(zone), "SHORT_DATETIME_FORMAT")
            if fault is not None:
                self.add_error("end" if fault[0] == "to" and end else "start", fault[1] % {"now": said_now})
        return span


class TableForm(forms.Form):
    """The rows, and a field to paste more of them into. It is valid when each row that says something is."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    pasted = forms.CharField(
        label=_("Paste from a spreadsheet"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_(
            "Copy the cells and paste them here: what, where, from, to, a few words. "
            "With a row of headings the columns may stand in any order."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        member: Membership,
        now: datetime,
        cells: Sequence[Cells],
        judged: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(data if judged else None, **kwargs)
        self.member, self.now = member, now
        self.known = Known(member, now, [row.get("where", "") for row in cells])
        self.initial.setdefault("client_uuid", uuid.uuid4())
        self.rows = [self._row(n, row, cells[n - 2] if n > 1 else None, judged) for n, row in enumerate(cells, start=1)]
        self.template_row = self._row(0, {}, None, judged=False)

    def _row(self, n: int, cells: Cells, above: Cells | None, judged: bool) -> RowForm:
        said = {f"r{n}-{name}": cells.get(name, "") for name in FIELDS}
        said |= {f"guard_r{n}-words": cells.get("guard", ""), f"guard_r{n}-words_seen": cells.get("seen", "")}
        data = said if judged else None
        blank = is_blank(cells, above)
        return RowForm(data, number=n, known=self.known, cells=cells, blank=blank, initial=dict(cells))

    def __iter__(self) -> Iterator[Any]:
        for row in self.rows:
            yield from row
        yield self["pasted"]
        yield self["client_uuid"]

    @property
    def errors(self) -> ErrorDict:
        merged = ErrorDict(super().errors)
        for row in self.rows:
            merged |= {row.add_prefix(name): faults for name, faults in row.errors.items()}
        return merged

    @property
    def said(self) -> list[RowForm]:
        """The rows in which something stands."""
        return [row for row in self.rows if not row.blank]

    @property
    def faulty(self) -> int:
        return sum(bool(row.errors) for row in self.rows)

    @property
    def state(self) -> str:
        """How it stands, in a sentence."""
        count = len(self.said)
        told = ngettext("%(n)s row is read.", "%(n)s rows are read.", count) % {"n": count}
        if self.faulty:
            wrong = ngettext("%(n)s of them needs something.", "%(n)s of them need something.", self.faulty)
            told = f"{told} {wrong % {'n': self.faulty}}"
        return f"{told} {gettext('Nothing is saved yet.')}"

    def clean(self) -> dict[str, Any]:
        if len(self.said) > MOST_ROWS:
            told = _("%(rows)s rows are too many: at most %(most)s are saved at once. Take some out.")
            self.add_error(None, told % {"rows": len(self.said), "most": MOST_ROWS})
        elif not self.said:
            self.add_error(None, _("Nothing is written yet. Write at least one row: what, where and when."))
        elif self.cleaned_data.get("pasted", "").strip():
            self.add_error("pasted", _("This is not in the table yet. Put it into the table, or empty the field."))
        return self.cleaned_data

    def refuse_pasted(self, why: str) -> None:
        """What was pasted stays in its field, with why it is not in the table."""
        self._errors = ErrorDict({"pasted": self.error_class([why])})

    def renewed(self, client_uuid: uuid.UUID) -> None:
        """Say that the form was used before, and let the same rows be sent under a number of their own."""
        self.data = {**self.data.dict(), "client_uuid": str(client_uuid)}  # type: ignore[attr-defined]
        self.add_error(None, _("This form had been used already. Check it and save again."))
