"""The invented town's nights out and its year wheel."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from est_site import audit, periods
from est_site.partners.models import Area, Group, Membership
from reviews.demo import truth
from situation.models import Presence, WheelEntry

WEEKS = 12  # back in time
# kind, kind of organisation, areas in the order they are visited, weekdays (Monday 0), begins, hours, people
ROUNDS = [
    ("police", "police", ("Hamnen", "Centrum"), (4, 5), time(21), 6, 4),
    ("guards", "security", ("Centrum", "Stationsområdet"), (3, 4, 5), time(20), 6, 2),
    ("field", "municipality", ("Stationsområdet", "Centrum"), (2, 4), time(18), 5, 3),
    ("caretakers", "housing", (), (0, 1, 2, 3), time(8), 3, 1),
]
# title, kind, first day as (month, day), days, comes back
WHEEL = [
    ("Sportlov", "school", (2, 16), 7, "weeks"),
    ("Påsklov", "school", (4, 6), 5, "once"),
    ("Skolavslutning", "event", (6, 11), 1, "weeks"),
    ("Hamnfesten", "event", (7, 17), 3, "weeks"),
    ("Höstlov", "school", (10, 26), 7, "weeks"),
    ("Orange dag: ett samhälle fritt från våld", "theme", (11, 25), 16, "dates"),
    ("Julmarknad på torget", "event", (11, 28), 2, "weeks"),
    ("Jullov", "school", (12, 21), 19, "dates"),
]


def build(group: Group, now: datetime) -> None:
    _wheel(group, now)
    rng = random.Random(truth.SEED * 11)  # noqa: S311  invented data
    seats = Membership.objects.filter(group=group).exclude(role="steering").select_related("organisation")
    by_kind = {seat.organisation.kind: seat for seat in seats.order_by("-id")}
    areas = {area.name: area for area in Area.objects.filter(group=group)}
    rows = list(_rows(group, now, by_kind, areas, rng))
    Presence.objects.bulk_create(rows)
    audit.append(what="presence.demo", by=None, on=group, now=now, count=len(rows))


def _rows(
    group: Group, now: datetime, seats: dict[str, Membership], areas: dict[str, Area], rng: random.Random
) -> Iterator[Presence]:
    today = now.astimezone(group.zone).date()
    names = list(areas)
    for number, (kind, of, visited, weekdays, begins, hours, people) in enumerate(ROUNDS):
        seat = seats.get(of)
        if seat is None:
            continue
        where = [name for name in visited if name in areas] or names[:2]
        for back in range(WEEKS * 7, 0, -1):
            day = today - timedelta(days=back)
            if day.weekday() not in weekdays or rng.random() < 0.15:
                continue
            start = periods.local_instant(day, begins, group.zone)
            yield Presence(
                group=group,
                organisation=seat.organisation,
                kind=kind,
                area=areas[where[back % len(where)]],
                starts_at=start,
                ends_at=start + timedelta(hours=hours),
                people=people,
                client_uuid=uuid.uuid5(uuid.NAMESPACE_URL, f"{group.slug}/presence/{number}/{day}"),
                recorded_at=min(start + timedelta(hours=hours + 1), now),
                recorded_by=seat,
            )


def _wheel(group: Group, now: datetime) -> None:
    year = now.astimezone(group.zone).year
    rows = []
    for title, kind, (month, day), length, repeats in WHEEL:
        first = date(year, month, day)
        last = first + timedelta(days=length - 1)
        rows.append(WheelEntry(group=group, title=title, kind=kind, first_day=first, last_day=last, repeats=repeats))
    WheelEntry.objects.bulk_create(rows)
    audit.append(what="wheel.demo", by=None, on=group, now=now, count=len(rows))
