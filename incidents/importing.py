"""Observations from a file: looked through first, then taken in whole or not at all; a second run adds nothing."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from est_site import audit, jobs
from est_site.partners import sheets
from est_site.partners.models import Category, Group, Membership, Organisation, Place
from incidents import police, words
from incidents.areas import AreaFinder
from incidents.mapping import Mapping
from incidents.models import HeldRow, ImportBatch, Incident, LocationPrecision, Source
from incidents.reading import Fault, Known, Row, read

CHUNK = 500
HELD_FOR = timedelta(days=30)
NOBODY_HEARS: Callable[[int], None] = lambda _percent: None  # noqa: E731


@dataclass
class Plan:
    """What an import would do: nothing is written yet."""

    file_name: str
    sha256: str
    lines: int = 0
    known_already: int = 0
    left_out: int = 0
    faults: list[Fault] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    held: list[HeldRow] = field(default_factory=list)
    categories: Counter[str] = field(default_factory=Counter)

    @property
    def without_area(self) -> int:
        return sum(incident.area_id is None for incident in self.incidents)

    @property
    def days(self) -> tuple[date, date] | None:
        days = [incident.day for incident in self.incidents]
        return (min(days), max(days)) if days else None

    @property
    def faulty_rows(self) -> int:
        return len({fault.row for fault in self.faults})

    @property
    def kinds(self) -> Counter[str]:
        """What the guard found, and in how many rows."""
        return Counter(kind for row in self.held for kind in row.kinds)


def plan_import(
    *,
    content: bytes,
    file_name: str,
    mapping: Mapping,
    group: Group,
    organisation: Organisation,
    now: datetime,
    max_rows: int | None = None,
) -> Plan:
    """Read the whole file against what the group has; the faults are for a person to put right in the file."""
    plan = Plan(file_name, hashlib.sha256(content).hexdigest())
    categories = {row.code: row for row in Category.objects.filter(group=group, code__in=mapping.category_codes)}
    for code in sorted(mapping.category_codes - set(categories)):
        reason = _("the group has no category with the code %(code)s")
        plan.faults.append(Fault(0, mapping.category_column, reason % {"code": code}))
    rows = Category.objects.filter(group=group).open_to(organisation.pk)
    for code in sorted(set(categories) - set(rows.values_list("code", flat=True))):
        reason = _("the category %(name)s is not for %(organisation)s")
        named = {"name": categories[code].name, "organisation": organisation.name}
        plan.faults.append(Fault(0, mapping.category_column, reason % named))
    if plan.faults:
        return plan
    try:
        sheet = police.with_titles(sheets.open_sheet(content, delimiter=mapping.delimiter, max_rows=max_rows))
    except sheets.Unreadable as problem:
        plan.faults.append(Fault(problem.line, "", problem.reason))
        return plan
    finder = AreaFinder(group.pk)
    places = list(Place.objects.filter(group=group))
    kinds = {code: category.kind for code, category in categories.items()}
    ids = frozenset(place.pk for place in places)
    known = Known(group.zone, names_of(places), ids, cache(lambda day: _area_names(finder, day)), kinds, now)
    found = read(sheet, mapping, known)
    plan.lines, plan.faults, plan.left_out = found.lines, found.faults, found.left_out
    here = known_ids(organisation)
    fresh = [row for row in found.rows if row.source_id not in here]
    plan.known_already = len(found.rows) - len(fresh)
    make = Maker(organisation, categories, {place.pk: place for place in places}, finder, now)
    for row, incident in zip(fresh, make.incidents(fresh), strict=True):
        kinds_found = words.kinds(row.words)
        if kinds_found:
            plan.held.append(_held(row, incident, kinds_found, now))
        else:
            plan.categories[row.code] += 1
            plan.incidents.append(incident)
    return plan


@transaction.atomic
def take_in(
    *,
    plan: Plan,
    by: Membership | None,
    organisation: Organisation,
    now: datetime,
    without_faulty: bool = False,
    heard: Callable[[int], None] = NOBODY_HEARS,
) -> ImportBatch | None:
    """Write what was planned, as one batch with one audit event. Nothing new is no batch."""
    if plan.faults and not without_faulty:
        raise ValueError("a file with faults is not taken in")
    if not plan.incidents and not plan.held:
        return None
    batch = ImportBatch.objects.create(
        group_id=organisation.group_id,
        organisation=organisation,
        file_name=plan.file_name[:200],
        sha256=plan.sha256,
        rows=plan.lines,
        added=len(plan.incidents),
        held=len(plan.held),
        left_out=plan.left_out + plan.faulty_rows,
        imported_at=now,
        imported_by=by,
    )
    for incident in plan.incidents:
        incident.batch = batch
    for row in plan.held:
        row.batch = batch
    for first in range(0, len(plan.incidents), CHUNK):
        Incident.objects.bulk_create(plan.incidents[first : first + CHUNK])
        heard(20 + 75 * first // len(plan.incidents))
    HeldRow.objects.bulk_create(plan.held, batch_size=CHUNK)
    if plan.held:
        purge = now + HELD_FOR
        jobs.due(
            "import.purge", group_id=batch.group_id, key=f"import.purge:{batch.pk}", at=purge, ids={"batch": batch.pk}
        )
    audit.append(what="incident.import", by=by, on=batch, now=now, count=len(plan.incidents))
    return batch


def known_ids(organisation: Organisation) -> set[str]:
    """Every row of the organisation that came from elsewhere, those in the quarantine included."""
    own = {"group_id": organisation.group_id, "organisation": organisation}
    here = Incident.objects.filter(**own).exclude(source_id="").values_list("source_id", flat=True)
    return {*here, *HeldRow.objects.filter(**own).values_list("source_id", flat=True)}


def names_of(places: list[Place]) -> dict[str, int]:
    """Names win over nicknames."""
    aliases = {alias.casefold(): place.pk for place in places for alias in place.aliases}
    return aliases | {place.name.casefold(): place.pk for place in places}


def _area_names(finder: AreaFinder, day: date) -> dict[str, int]:
    return {area.name.casefold(): area.pk for area in finder.on(day)}


@dataclass(frozen=True)
class Maker:
    """Rows as observations of one organisation, from a file or from a partner's system."""

    organisation: Organisation
    categories: dict[str, Category]
    places: dict[int, Place]
    finder: AreaFinder
    now: datetime
    source: str = Source.IMPORT

    def incidents(self, rows: list[Row]) -> list[Incident]:
        return [self._incident(row, area_id) for row, area_id in zip(rows, self._areas(rows), strict=True)]

    def _areas(self, rows: list[Row]) -> list[int | None]:
        """From the point, else from the place's point, else the place's area, else the area the row names."""
        points: list[tuple[float, float, date]] = []
        numbers: list[int] = []
        for n, row in enumerate(rows):
            place = self.places[row.place_id] if row.place_id else None
            lon, lat = row.point or ((place.lon, place.lat) if place else (None, None))
            if lon is not None and lat is not None:
                points.append((lon, lat, row.day))
                numbers.append(n)
        found: list[int | None] = [self.places[row.place_id].area_id if row.place_id else None for row in rows]
        found = [area or row.area_id for area, row in zip(found, rows, strict=True)]
        for n, area in zip(numbers, self.finder.find_many(points), strict=True):
            found[n] = area or found[n]
        return found

    def _incident(self, row: Row, area_id: int | None) -> Incident:
        said: dict[str, Any] = {"lon": row.point[0], "lat": row.point[1]} if row.point else {}
        precision = LocationPrecision.EXACT if row.point or row.place_id else LocationPrecision.AREA
        category = self.categories[row.code]
        return Incident(
            group_id=self.organisation.group_id,
            organisation=self.organisation,
            category=category,
            kind=category.kind,
            occurred_from=row.occurred_from,
            occurred_to=row.occurred_to,
            time_precision=row.time_precision,
            reported_at=self.now,
            recorded_at=self.now,
            day=row.day,
            place_id=row.place_id,
            area_id=area_id,
            location_precision=LocationPrecision.NONE if area_id is None else precision,
            text=row.words,
            answers=row.answers,
            client_uuid=uuid.uuid4(),
            source=self.source,
            source_id=row.source_id,
            **said,
        )


KEPT = ("kind", "time_precision", "location_precision", "lon", "lat")
MOMENTS = ("occurred_from", "occurred_to")
REFERENCES = ("category_id", "place_id", "area_id")


def _held(row: Row, incident: Incident, kinds: list[str], now: datetime) -> HeldRow:
    """The row beside its words, so that it can be taken in when somebody has looked at them."""
    kept: dict[str, Any] = {name: getattr(incident, name) for name in (*KEPT, *REFERENCES)}
    kept |= {name: getattr(incident, name).isoformat() for name in MOMENTS} | {"day": incident.day.isoformat()}
    return HeldRow(
        group_id=incident.group_id,
        organisation=incident.organisation,
        line=row.line,
        source_id=row.source_id,
        kinds=kinds,
        words=row.words,
        row=kept,
        held_at=now,
    )


def released(held: HeldRow, text: str, now: datetime) -> Incident:
    """The observation of a row that was held, with the words as they are now."""
    kept = {name: held.row[name] for name in (*KEPT, *REFERENCES)}
    moments: dict[str, Any] = {name: datetime.fromisoformat(held.row[name]) for name in MOMENTS}
    return Incident(
        group_id=held.group_id,
        organisation_id=held.organisation_id,
        batch_id=held.batch_id,
        day=date.fromisoformat(held.row["day"]),
        reported_at=now,
        recorded_at=now,
        text=text,
        client_uuid=uuid.uuid5(uuid.NAMESPACE_OID, f"held row {held.pk}"),  # once
        source=Source.IMPORT,
        source_id=held.source_id,
        **kept,
        **moments,
    )
