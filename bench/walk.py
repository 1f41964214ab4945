"""The first walk: a report, the situation page, the minutes; each beside its floor, as medians of alternating rounds."""

from __future__ import annotations

import gc
import http.client
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from bench import base, house

CLIENTS = 8
POSTS = 15  # of each client in each round
ROUNDS = 5
SECRET = "b" * 32  # the form's token and the cookie it is held against


@dataclass(frozen=True)
class Reporter:
    """Somebody signed in, as the server sees them: where they report and what they send along."""

    slug: str
    category: int
    cookies: str

    def form(self) -> str:
        fields = {"client_uuid": uuid.uuid4(), "top": self.category, "where": "unknown", "when": "now"}
        return urlencode(fields | {"csrfmiddlewaretoken": SECRET})


def main() -> None:
    with house.database():
        import django

        django.setup()
        say("Building the invented town.")
        build_town()
        reporters = [make_reporter(n) for n in range(CLIENTS)]
        print(f"{'':44}{'measured':>12}{'floor':>12}{'ratio':>8}")
        with house.server() as port:
            say(f"Reporting: {CLIENTS} clients, {ROUNDS} rounds of {POSTS} posts each, one path after the other.")
            measure_reports("report POST, 8 clients in one group", port, [reporters[0]] * CLIENTS)
            measure_reports("report POST, 8 clients in 8 groups", port, reporters)
            base.settle()
            base.measure_pages(port, signed_in(coordinator().user), "tarnsund")
        base.measure_writers(coordinator().group_id)
        measure_situation()
        measure_minutes()


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def show(what: str, measured: Sequence[float], floor: Sequence[float]) -> None:
    """Medians in milliseconds; the ratio is the median of the rounds' own ratios."""
    ratio = statistics.median(a / b for a, b in zip(measured, floor, strict=True))
    a, b = statistics.median(measured) * 1000, statistics.median(floor) * 1000
    print(f"{what:44}{a:>9.1f} ms{b:>9.1f} ms{ratio:>8.2f}", flush=True)


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


# --- what is measured in -------------------------------------------------------------------------


def build_town() -> None:
    from django.utils import timezone

    from reviews.demo import build

    build.build(now=timezone.now(), say=lambda words: say(f"  {words}"))


def make_reporter(n: int) -> Reporter:
    """A group of its own with one organisation, one person and one category."""

    from est_site import tenancy
    from est_site.partners.models import Category, Group, Membership, Organisation, User

    slug = f"bench-{n}"
    group = Group.objects.create(slug=slug, name=slug, municipality=slug, first_period=date(2026, 1, 5))
    user = User.objects.create_user(f"{slug}@bench.example", name=slug)
    with tenancy.inside(group):
        organisation = Organisation.objects.create(group=group, name="Bench", kind="municipality")
        category = Category.objects.create(group=group, code="damage", name_sv="Skadegörelse")
        Membership.objects.create(
            group=group, user=user, organisation=organisation, role="reporter", valid_from=date(2020, 1, 1)
        )
    return Reporter(slug, category.pk, signed_in(user))


def signed_in(user: Any) -> str:
    """The cookies of somebody who has signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={SECRET}"


# --- a report ------------------------------------------------------------------------------------


def measure_reports(what: str, port: int, reporters: Sequence[Reporter]) -> None:
    measured, floor = [], []
    for _ in range(ROUNDS + 1):
        floor.append(post_all(port, reporters, "bench/floor/"))
        measured.append(post_all(port, reporters, "report/"))
    show(what, measured[1:], floor[1:])  # the first round warms up


def post_all(port: int, reporters: Sequence[Reporter], page: str) -> float:
    """The median time of one post while all clients post."""
    with ThreadPoolExecutor(len(reporters)) as pool:
        times = list(pool.map(lambda reporter: post_some(port, reporter, page), reporters))
    return statistics.median(one for client in times for one in client)


def post_some(port: int, reporter: Reporter, page: str) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": reporter.cookies, "Content-Type": "application/x-www-form-urlencoded"}
    times = []
    for _ in range(POSTS):
        form = reporter.form()
        start = time.perf_counter()
        connection.request("POST", f"/g/{reporter.slug}/{page}", form, headers)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - start)
        if answer.status != 303:
            raise SystemExit(f"{page} answered {answer.status}")
    connection.close()
    return times


# --- the situation page --------------------------------------------------------------------------


def measure_situation() -> None:
    """The page of the going week, beside the statements it sent to the database, sent again as they were."""
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.force_login(coordinator().user)
    page = "/g/tarnsund/situation/"
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    statements = [
        query["sql"] for query in captured if query["sql"].lstrip("( ").upper().startswith(("SELECT", "WITH"))
    ]

    def raw() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    pairs = [(timed(lambda: client.get(page)), timed(raw)) for _ in range(ROUNDS * 3)]
    show(f"situation page, {len(statements)} queries", [a for a, _ in pairs], [b for _, b in pairs])


def coordinator() -> Any:
    from est_site import tenancy
    from est_site.partners.models import Group, Membership

    with tenancy.inside(Group.objects.get(slug="tarnsund")):
        return Membership.objects.select_related("user", "group").filter(role="coordinator").first()


# --- the minutes ---------------------------------------------------------------------------------


def measure_minutes() -> None:
    """A worker's whole job for one set of minutes, beside the renderer alone on the same page."""
    from django.utils import translation

    from est_site import tenancy
    from interventions import sheets
    from interventions.models import Edition

    group = coordinator().group
    with tenancy.inside(group), translation.override("sv"):
        edition = Edition.objects.filter(kind="minutes").order_by("-meeting__starts_at").first()
        assert edition is not None
        html = sheets.sheet(edition, for_pdf=True)
    for version in (1000, 1001):  # the fonts are read once in a process
        make_minutes(group, edition, version)
    bare(html)
    pairs = []
    for n in range(3 * ROUNDS):
        gc.collect()  # what one leaves behind is not the other's to tidy up
        job = timed(lambda n=n: make_minutes(group, edition, n + 2000))  # type: ignore[misc]
        gc.collect()
        pairs.append((job, timed(lambda: bare(html))))
    show("minutes job", [a for a, _ in pairs], [b for _, b in pairs])


def make_minutes(group: Any, edition: Any, version: int) -> None:
    """Order and make one file: claim, read, set, render, finish, store, audit."""
    from django.utils import timezone

    from est_site import filing, jobs, tenancy
    from est_site.models import Document, Job

    now = timezone.now()
    with tenancy.inside(group):
        document = filing.order(
            "minutes", group_id=group.pk, subject_id=edition.pk, version=version, title="bench", now=now
        )
        job = Job.objects.get(dedupe_key=f"document.make:{document.pk}")
    jobs.run(jobs.Ring(job.pk, group.pk, job.kind), now)
    with tenancy.inside(group):
        assert Document.objects.get(pk=document.pk).state == "ready"


def bare(html: str) -> bytes:
    """The renderer with the same sheet and the same fonts, and nothing of ours before or after it."""
    from weasyprint import HTML

    from est_site import documents

    with documents.one_at_a_time:
        style = documents._stylesheet(documents.document_css())
        made: bytes = HTML(string=html).write_pdf(stylesheets=[style], font_config=documents._fonts())
    return made
