"""Observations from a file: looked through first, then taken in whole or not at all; a second run adds nothing."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import transaction

from est_site import audit
from est_site.partners.models import Category, Group, Membership, Organisation, Place
from incidents.areas import AreaFinder
from incidents.mapping import Mapping
from incidents.models import ImportBatch, Incident, LocationPrecision, Source
from incidents.reading import Fault, Known, Row, read

CHUNK = 1000


@dataclass
class Plan:
    """What an import would do: nothing is written yet."""

    file_name: str
    sha256: str
    lines: int = 0
    known_already: int = 0
    faults: list[Fault] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    categories: Counter[str] = field(default_factory=Counter)

    @property
    def without_area(self) -> int:
        return sum(incident.area_id is None for incident in self.incidents)

    @property
    def days(self) -> tuple[date, date] | None:
        days = [incident.day for incident in self.incidents]
        return (min(days), max(days)) if days else None


def plan_import(
    *, content: bytes, file_name: str, mapping: Mapping, group: Group, organisation: Organisation, now: datetime
) -> Plan:
    """Read the whole file against what the group has; the faults are for a person to put right in the file."""
    plan = Plan(file_name, hashlib.sha256(content).hexdigest())
    categories = {row.code: row for row in Category.objects.filter(group=group, code__in=mapping.category_codes)}
    for code in sorted(mapping.category_codes - set(categories)):
        reason = f"the group {group.slug} has no category with the code {code!r}"
        plan.faults.append(Fault(0, mapping.category_column, reason))
    if plan.faults:
        return plan
    finder = AreaFinder(group.pk)
    places = list(Place.objects.filter(group=group))
    kinds = {code: category.kind for code, category in categories.items()}
    known = Known(group.zone, _names(places), cache(lambda day: _area_names(finder, day)), kinds, now)
    found = read(content, mapping, known)
    plan.lines, plan.faults = found.lines, found.faults
    here = set(
        Incident.objects.filter(group=group, organisation=organisation)
        .exclude(source_id="")
        .values_list("source_id", flat=True)
    )
    fresh = [row for row in found.rows if row.source_id not in here]
    plan.known_already = len(found.rows) - len(fresh)
    areas = _areas(fresh, {place.pk: place for place in places}, finder)
    for row, area_id in zip(fresh, areas, strict=True):
        plan.categories[row.code] += 1
        plan.incidents.append(_incident(row, area_id, categories[row.code], organisation, now))
    return plan


@transaction.atomic
def take_in(*, plan: Plan, by: Membership | None, organisation: Organisation, now: datetime) -> ImportBatch | None:
    """Write what was planned, as one batch with one audit event. Nothing new is no batch."""
    if plan.faults:
        raise ValueError("a file with faults is not taken in")
    if not plan.incidents:
        return None
    batch = ImportBatch.objects.create(
        group_id=organisation.group_id,
        organisation=organisation,
        file_name=plan.file_name[:200],
        sha256=plan.sha256,
        rows=plan.lines,
        added=len(plan.incidents),
        imported_at=now,
        imported_by=by,
    )
    for incident in plan.incidents:
        incident.batch = batch
    Incident.objects.bulk_create(plan.incidents, batch_size=CHUNK)
    audit.append(what="incident.import", by=by, on=batch, now=now, count=len(plan.incidents))
    return batch


def _names(places: list[Place]) -> dict[str, int]:
    """Names win over nicknames."""
    aliases = {alias.casefold(): place.pk for place in places for alias in place.aliases}
    return aliases | {place.name.casefold(): place.pk for place in places}


def _area_names(finder: AreaFinder, day: date) -> dict[str, int]:
    return {area.name.casefold(): area.pk for area in finder.on(day)}


def _areas(rows: list[Row], places: dict[int, Place], finder: AreaFinder) -> list[int | None]:
    """From the point, else from the place's point, else the place's area, else the area the file names."""
    points: list[tuple[float, float, date]] = []
    numbers: list[int] = []
    for n, row in enumerate(rows):
        place = places[row.place_id] if row.place_id else None
        lon, lat = row.point or ((place.lon, place.lat) if place else (None, None))
        if lon is not None and lat is not None:
            points.append((lon, lat, row.day))
            numbers.append(n)
    found: list[int | None] = [places[row.place_id].area_id if row.place_id else None for row in rows]
    found = [area or row.area_id for area, row in zip(found, rows, strict=True)]
    for n, area in zip(numbers, finder.find_many(points), strict=True):
        found[n] = area or found[n]
    return found


def _incident(row: Row, area_id: int | None, category: Category, organisation: Organisation, now: datetime) -> Incident:
    said: dict[str, Any] = {"lon": row.point[0], "lat": row.point[1]} if row.point else {}
    precision = LocationPrecision.EXACT if row.point or row.place_id else LocationPrecision.AREA
    return Incident(
        group_id=organisation.group_id,
        organisation=organisation,
        category=category,
        kind=category.kind,
        occurred_from=row.occurred_from,
        occurred_to=row.occurred_to,
        time_precision=row.time_precision,
        reported_at=now,
        recorded_at=now,
        day=row.day,
        place_id=row.place_id,
        area_id=area_id,
        location_precision=LocationPrecision.NONE if area_id is None else precision,
        text=row.words,
        client_uuid=uuid.uuid4(),
        source=Source.IMPORT,
        source_id=row.source_id,
        **said,
    )
