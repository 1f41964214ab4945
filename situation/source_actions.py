"""Writes of the other sources: a series, and the values that are taken in for it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from est_site import audit
from est_site.partners import editing
from est_site.partners.models import Area, Membership
from situation.models import SourceSeries, SourceValue
from situation.sources import Reading, When


@dataclass(frozen=True)
class Told:
    """One value of a series as it was read."""

    area: Area | None
    when: When
    reading: Reading

    @property
    def key(self) -> tuple[str, int, int]:
        return self.area.name if self.area else "", self.when.year, self.when.quarter


@transaction.atomic
def add_source(*, by: Membership, now: datetime, **said: Any) -> SourceSeries:
    series = SourceSeries(group_id=by.group_id, **said)
    series.full_clean(exclude=["group"], validate_constraints=False)
    with _once():
        series.save()
    audit.append(what="source.add", by=by, on=series, now=now)
    return series


@transaction.atomic
def change_source(*, by: Membership, entry: SourceSeries, version: int, now: datetime, **said: Any) -> SourceSeries:
    """From now on; what is frozen keeps what was said then. How its values are read stays, once there are any."""
    series = editing.lock(entry, version)
    for name in ("quarterly", "counted"):
        if said.get(name, getattr(series, name)) != getattr(series, name) and series.values.exists():
            raise ValidationError({name: _("There are values already, read as it was. Add another source instead.")})
    with _once():
        changed = editing.save(series, **said)
    audit.append(what="source.change", by=by, on=series, now=now, fields=changed)
    return series


@transaction.atomic
def end_source(*, by: Membership, entry: SourceSeries, version: int, now: datetime) -> SourceSeries:
    """It is shown no more; its values stay, and what is frozen keeps them."""
    series = editing.lock(entry, version)
    editing.save(series, ended_at=now)
    audit.append(what="source.end", by=by, on=series, now=now)
    return series


@transaction.atomic
def take_values(*, by: Membership, series: SourceSeries, told: Sequence[Told], now: datetime) -> int:
    """All of them or none; how many were new or changed. The same values a second time change nothing."""
    SourceSeries.objects.select_for_update(of=("self",)).get(
        pk=series.pk
    )  # two who take in at once: one after the other
    rows = (
        SourceValue.objects.filter(group_id=by.group_id, series=series).select_related("area").defer("area__geometry")
    )
    there = {(row.area.name if row.area else "", row.year, row.quarter): row for row in rows}
    new, changed = [], []
    for one in told:
        before = there.get(one.key)  # by the area's name: drawn anew it is the same one
        if before is None:
            new.append(_row(by, series, one, now))
        elif (before.value, before.low, before.high) != _numbers(one.reading):
            before.value, before.low, before.high = _numbers(one.reading)
            before.taken_at, before.taken_by = now, by
            changed.append(before)
    SourceValue.objects.bulk_create(new)
    SourceValue.objects.bulk_update(changed, ["value", "low", "high", "taken_at", "taken_by"])
    if new or changed:
        audit.append(what="source.take", by=by, on=series, now=now, count=len(new) + len(changed))
    return len(new) + len(changed)


def _numbers(reading: Reading) -> tuple[float, float | None, float | None]:
    return reading.value, reading.low, reading.high


def _row(by: Membership, series: SourceSeries, one: Told, now: datetime) -> SourceValue:
    return SourceValue(
        group_id=by.group_id,
        series=series,
        area=one.area,
        year=one.when.year,
        quarter=one.when.quarter,
        value=one.reading.value,
        low=one.reading.low,
        high=one.reading.high,
        taken_at=now,
        taken_by=by,
    )


def _once() -> AbstractContextManager[None]:
    return editing.once("name", _("There is a source of this name already."))
