"""The situation picture in one group of growing size: the page of a week, a frozen picture, the freezing and what it weighs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

from bench import base, capture, house, walk

SIZES = [int(size) for size in os.environ.get("EST_BENCH_ROWS", "15000,100000,1000000,5000000").split(",")]
FREEZINGS = 3
STEP = 50_000  # at a time
FEWEST = 10_000  # the town has more of its own
# A process of its own, so that its memory is that of a worker which froze one picture.
FREEZE = """
import re, time
from pathlib import Path
import django
django.setup()
from django.db import transaction
from django.utils import timezone
from est_site import tenancy
from est_site.partners.models import Group
from situation.actions import frozen_figures
from situation.models import Meeting
group = Group.objects.get(slug="tarnsund")
with transaction.atomic(), tenancy.inside(group):
    meeting = Meeting.objects.filter(state="closed").select_related("period").order_by("-starts_at").first()
    start = time.perf_counter()
    frozen_figures(meeting.period, group=group, cut_off=timezone.now())
    took = time.perf_counter() - start
# its own peak: what getrusage tells begins with that of the process which started it
print(took, int(re.search(r"VmHWM:\\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


def main() -> None:
    with house.database():
        import django

        django.setup()
        walk.say("Building the invented town.")
        walk.build_town()
        reporter = walk.Reporter("tarnsund", 0, walk.signed_in(walk.coordinator().user))
        frozen = f"/g/tarnsund/situation/meeting/{_latest()}/"
        print(f"{'':44}{'p95':>12}{'at first':>12}{'growth':>8}")
        first: dict[str, float] = {}
        with house.server() as port:
            own = _latest_observation()
            for size in SIZES:
                grow(size, own)
                base.settle()
                pages = {"the page of a week": "/g/tarnsund/situation/", "a frozen picture": frozen}
                for name, address in pages.items():
                    show(first, name, size, capture.p95(port, reporter, address))
                seconds, megabytes = freeze()
                show(first, "freezing", size, seconds * 1000)
                print(f"{f'a worker that froze, {size:,} rows':44}{megabytes:>9.0f} MB", flush=True)
        walk.measure_situation()


def show(first: dict[str, float], name: str, size: int, took: float) -> None:
    floor = first.setdefault(name, took)
    print(f"{f'{name}, {size:,} rows':44}{took:>9.1f} ms{floor:>9.1f} ms{took / floor:>8.2f}", flush=True)


def freeze() -> tuple[float, float]:
    """Seconds and megabytes, the medians of a few."""
    found = []
    for _ in range(FREEZINGS):
        done = subprocess.run(
            [sys.executable, "-c", FREEZE], cwd=house.ROOT, capture_output=True, text=True, check=True
        )
        found.append([float(word) for word in done.stdout.split()])
    seconds, megabytes = (statistics.median(column) for column in zip(*found, strict=True))
    return seconds, megabytes


def grow(size: int, last: int) -> None:
    """More of the town's own observations, each again on its day, place and kind, until there are so many.

    So every week grows alike, and not only what lies before those that a page reads. `last` is the town's own last.
    """
    from django.db import connection, transaction

    from est_site import tenancy
    from incidents.models import Incident

    group = walk.coordinator().group
    columns = [f.column for f in Incident._meta.local_fields if f.column not in ("id", "client_uuid", "source_id")]
    names = ", ".join(f'"{name}"' for name in columns)
    with transaction.atomic(), tenancy.inside(group):
        there = Incident.objects.filter(group=group).count()
    while there < size:
        step = min(STEP, size - there)
        with transaction.atomic(), tenancy.inside(group), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO incidents_incident ({names}, client_uuid, source_id) SELECT {names}, gen_random_uuid(), ''"
                " FROM incidents_incident, generate_series(1, %s) WHERE group_id = %s AND id <= %s ORDER BY random() LIMIT %s",
                [step // FEWEST + 1, group.pk, last, step],
            )
            there += cursor.rowcount


def _latest_observation() -> int:
    from est_site import tenancy
    from incidents.models import Incident

    with tenancy.inside(walk.coordinator().group):
        return int(Incident.objects.order_by("-pk").values_list("pk", flat=True)[0])


def _latest() -> int:
    """The meeting held last, whose picture is frozen."""
    from est_site import tenancy
    from situation.models import Meeting

    with tenancy.inside(walk.coordinator().group):
        return int(Meeting.objects.filter(state="closed").order_by("-starts_at").values_list("pk", flat=True)[0])
