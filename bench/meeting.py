"""The meeting under way: fifty followers who ask every other second, and three hundred at once.

Wanted (UI-13, REL-29): a decision is seen within 2.5 s (p95); at least nine answers of ten are empty, of at most 300 bytes;
with 300 asking, an answer takes at most 150 ms and a decision 500 ms (p95).
"""

from __future__ import annotations

import http.client
import os
import statistics
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from bench import house
from bench.walk import SECRET, say, signed_in

FOLLOWERS = 50
FLOOD = 300
EVERY = 2.0  # seconds between two questions of one follower, as the page asks
LASTS = 120.0  # seconds that are followed
WRITES = 30.0  # seconds between two decisions: twice as lively as a real meeting
FLOODED = 60.0
FLOOD_WRITES = 5.0


@dataclass
class Asked:
    """What one follower met."""

    took: list[float] = field(default_factory=list)
    empty: int = 0
    full: int = 0
    bytes: int = 0  # of the largest empty answer, its head included
    seen: dict[int, float] = field(default_factory=dict)  # version -> when


@dataclass(frozen=True)
class Room:
    slug: str
    meeting: int
    version: int
    followers: Sequence[str]  # cookies
    coordinator: str
    organisation: int


def main() -> None:
    with house.database():
        import django

        django.setup()
        room = make_room()
        print(f"{'':44}{'measured':>12}{'wanted':>12}")
        with house.server() as port:
            follow(port, room)
            flood(port, room)


def make_room() -> Room:
    """A group with three hundred members and its meeting opened."""
    from django.utils import timezone

    from est_site import tenancy
    from est_site.partners.models import Group, Membership, Organisation, Period, User
    from interventions.actions import prepare_meeting
    from situation.actions import open_meeting
    from situation.models import Meeting
    from situation.schedule import plan_meeting

    now = timezone.now()
    monday = now.date() - timedelta(days=now.date().weekday() + 7)
    group = Group.objects.create(slug="bench", name="Bench", municipality="Bench", first_period=monday)
    users = [User.objects.create_user(f"f{n}@bench.example", name=f"F {n}") for n in range(FLOOD + 1)]
    with tenancy.inside(group):
        organisation = Organisation.objects.create(group=group, name="Bench", kind="municipality")
        known = {"group": group, "organisation": organisation, "valid_from": monday}
        people = [
            Membership.objects.create(user=user, role="member" if n else "coordinator", **known)
            for n, user in enumerate(users)
        ]
        period = Period.objects.create(group=group, first_day=monday, last_day=monday + timedelta(days=6))
        meeting = prepare_meeting(meeting=plan_meeting(group=group, period=period), now=now)
        open_meeting(meeting=meeting, by=people[0], now=now)
        version = Meeting.objects.values_list("version", flat=True).get(pk=meeting.pk)
    cookies = [signed_in(user) for user in users]
    return Room("bench", meeting.pk, version, cookies[1:], cookies[0], organisation.pk)


def follow(port: int, room: Room) -> None:
    say(f"{FOLLOWERS} followers for {LASTS:.0f} seconds, a decision every {WRITES:.0f}.")
    before = cpu(port)
    live = f"/g/{room.slug}/meetings/{room.meeting}/state/?part=follow&version="
    met, written = together(port, room, FOLLOWERS, LASTS, WRITES, live)
    share = (cpu(port) - before) / LASTS / FOLLOWERS
    before = cpu(port)
    together(port, room, FOLLOWERS, LASTS / 4, 0, "/-/live?version=")
    floor = (cpu(port) - before) / (LASTS / 4) / FOLLOWERS
    waits = [
        min(at for version, at in one.seen.items() if version >= number) - done
        for number, done, _took in written
        for one in met
        if any(version >= number for version in one.seen)
    ]
    asked = sum(len(one.took) for one in met)
    show("a decision is seen, p50", statistics.median(waits), "s")
    show("a decision is seen, p95", p95(waits), "s", "2.5 s")
    print(f"{'followers who saw each decision':44}{len(waits):>8} of {len(written) * FOLLOWERS}")
    print(f"{'answers that are empty':44}{100 * sum(one.empty for one in met) / asked:>10.1f} %{'90 %':>12}")
    print(f"{'an empty answer, head included':44}{max(one.bytes for one in met):>10} B{'300 B':>12}")
    show("an answer, p95", p95([t for one in met for t in one.took]) * 1000, "ms", "60 ms")
    print(
        f"{'processor of one follower':44}{share * 100:>10.2f} %{f'floor {floor * 100:.2f} %':>14}{share / floor:>8.1f}"
    )


def flood(port: int, room: Room) -> None:
    say(f"{FLOOD} followers for {FLOODED:.0f} seconds, a decision every {FLOOD_WRITES:.0f}.")
    live = f"/g/{room.slug}/meetings/{room.meeting}/state/?part=follow&version="
    met, written = together(port, room, FLOOD, FLOODED, FLOOD_WRITES, live)
    show(f"an answer with {FLOOD} followers, p95", p95([t for one in met for t in one.took]) * 1000, "ms", "150 ms")
    show(f"a decision with {FLOOD} followers, p95", p95([took for *_, took in written]) * 1000, "ms", "500 ms")


def together(
    port: int, room: Room, many: int, lasts: float, writes: float, address: str
) -> tuple[list[Asked], list[tuple[int, float, float]]]:
    """What the followers met, and each decision: its version, when it was answered, how long that took."""
    end = time.perf_counter() + lasts
    met = [Asked() for _ in range(many)]
    threads = [
        threading.Thread(target=ask, args=(port, cookies, address, one, n * EVERY / many, end))
        for n, (cookies, one) in enumerate(zip(room.followers, met, strict=False))
    ]
    for thread in threads:
        thread.start()
    written = []
    while writes and time.perf_counter() + writes < end:
        time.sleep(writes)
        written.append(decide(port, room))
    for thread in threads:
        thread.join()
    return met, written


def ask(port: int, cookies: str, address: str, met: Asked, wait: float, end: float) -> None:
    visitor, version = http.client.HTTPConnection("127.0.0.1", port, timeout=30), "0"
    time.sleep(wait)
    while time.perf_counter() < end:
        start = time.perf_counter()
        visitor.request("GET", address + version, headers={"Cookie": cookies})
        answer = visitor.getresponse()
        text = answer.read().decode()
        now = time.perf_counter()
        met.took.append(now - start)
        if answer.status == 204:
            met.empty += 1
            head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
            met.bytes = max(met.bytes, head + len("HTTP/1.1 204 No Content\r\n\r\n"))
        elif answer.status == 200:
            met.full += 1
            version = text.partition("version=")[2].partition('"')[0] or version
            met.seen[int(version)] = now
        else:
            raise SystemExit(f"{address} answered {answer.status}")
        time.sleep(max(0.0, start + EVERY - now))


def decide(port: int, room: Room) -> tuple[int, float, float]:
    """A decision as the coordinator's page sends it."""
    today = time.strftime("%Y-%m-%d")
    fields = {
        "csrfmiddlewaretoken": SECRET,
        "client_uuid": uuid.uuid4(),
        "what": "Väktarna går Hamnplan till 02",
        "responsible": room.organisation,
        "first_day": today,
        "follow_up_on": today,
        "visibility": "group",
    }
    writer = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    head = {"Cookie": room.coordinator, "Content-Type": "application/x-www-form-urlencoded"}
    start = time.perf_counter()
    writer.request("POST", f"/g/{room.slug}/meetings/{room.meeting}/decide/", urlencode(fields), head)
    answer = writer.getresponse()
    answer.read()
    done = time.perf_counter()
    if answer.status != 302:
        raise SystemExit(f"the decision was answered {answer.status}")
    return version_of(room), done, done - start


def version_of(room: Room) -> int:
    from est_site import tenancy
    from est_site.partners.models import Group
    from situation.models import Meeting

    with tenancy.inside(Group.objects.get(slug=room.slug)):
        return Meeting.objects.values_list("version", flat=True).get(pk=room.meeting)


def cpu(port: int) -> float:
    """Seconds of processor that the web server has used, its workers included."""
    ticks, wanted = 0, f"--port {port} "
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_text().replace("\0", " ")
            parent = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if wanted in line or _child_of(int(parent[1]), wanted):
            ticks += int(parent[11]) + int(parent[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _child_of(pid: int, wanted: str) -> bool:
    try:
        return wanted in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return False


def p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def show(what: str, value: float, unit: str, wanted: str = "") -> None:
    print(f"{what:44}{value:>9.2f} {unit:<3}{wanted:>11}", flush=True)
