"""What is not there and what another group has must also take the same time: nobody may learn from a clock what exists.

Each page of one thing is asked for by the other group's coordinator, in turn with a number that never was and with the
number of something that Tärnsund has. Wanted (SEC-01): the medians differ by at most 20 ms.
"""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench import house
from bench.walk import build_town, say, signed_in

VISITS = 60
NEVER = 2_000_000_000
ALLOWED = 20.0  # ms


def main() -> None:
    with house.database():
        import django

        django.setup()
        say("Building the invented town.")
        build_town()
        pages = list(things())
        cookies = others_coordinator()
        print(f"{'page of one thing, asked for by another group':44}{'foreign':>12}{'missing':>12}{'apart':>8}")
        with house.server() as port:
            apart = [measure(port, cookies, page, pk) for page, pk in pages]
        print(f"{'the furthest apart':44}{max(apart):>29.1f} ms, allowed {ALLOWED:.0f}", flush=True)


def things() -> Iterator[tuple[str, int]]:
    """An address with a place for the number, and the number of one of Tärnsund's things."""
    from est_site import tenancy
    from est_site.partners.models import Area, Category, Group, Membership, Organisation, Place
    from incidents.models import Incident
    from interventions.models import Edition, Intervention
    from situation.models import Meeting

    pages: dict[str, Callable[[], Any]] = {
        "incidents/{}/": Incident.objects.all,
        "incidents/{}/correct/": Incident.objects.all,
        "meetings/{}/": Meeting.objects.all,
        "situation/meeting/{}/": Meeting.objects.all,
        "interventions/{}/": Intervention.objects.all,
        "documents/{}/": Edition.objects.all,
        "documents/{}/pdf/": Edition.objects.all,
        "settings/people/{}/": Membership.objects.all,
        "settings/organisations/{}/": Organisation.objects.all,
        "settings/areas/{}/": Area.objects.all,
        "settings/places/{}/": Place.objects.all,
        "settings/categories/{}/": Category.objects.all,
    }
    with tenancy.inside(Group.objects.get(slug="tarnsund")):
        for page, rows in pages.items():
            yield page, rows().order_by("-pk").values_list("pk", flat=True)[0]


def others_coordinator() -> str:
    from est_site import tenancy
    from est_site.partners.models import Group, Membership

    with tenancy.inside(Group.objects.get(slug="bjorkvik")):
        return signed_in(Membership.objects.select_related("user").get(role="coordinator").user)


def measure(port: int, cookies: str, page: str, pk: int) -> float:
    """How many milliseconds the two medians lie apart; asked for in turn, so that the machine's moods meet both."""
    visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def visit(number: int) -> float:
        start = time.perf_counter()
        visitor.request("GET", f"/g/bjorkvik/{page.format(number)}", headers={"Cookie": cookies})
        answer = visitor.getresponse()
        answer.read()
        if answer.status != 404:
            raise SystemExit(f"{page.format(number)} answered {answer.status}")
        return (time.perf_counter() - start) * 1000

    visit(pk), visit(NEVER)  # templates are read once in each process
    pairs = [(visit(pk), visit(NEVER)) for _ in range(VISITS)]
    foreign, missing = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"{page:44}{foreign:>9.1f} ms{missing:>9.1f} ms{abs(foreign - missing):>8.1f}", flush=True)
    return abs(foreign - missing)
