"""The base: many writers of one group beside the same writes without audit, and the pages of the demo."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import statistics
import time
import uuid
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

import psycopg

WRITERS = 16
SECONDS = 3.0
START_UP = 12.0  # until every writer has its connection
VISITS = 40
PAGES = ["", "report/", "incidents/", "situation/", "meetings/", "interventions/", "documents/", "settings/"]


def measure_writers(group_id: int) -> None:
    """Transactions of 16 connections, each one observation; with the event appended last, and without."""
    from django.db import connection, transaction

    from est_site import tenancy
    from incidents.models import Incident

    columns = [field.column for field in Incident._meta.local_fields if field.column not in ("id", "client_uuid")]
    with transaction.atomic(), tenancy.inside(group_id):
        pattern = Incident.objects.values_list("pk", flat=True).first()
    assert pattern is not None
    names = ", ".join(f'"{name}"' for name in columns)
    insert = f"INSERT INTO incidents_incident ({names}, client_uuid) SELECT {names}, %s FROM incidents_incident WHERE id = %s"
    parameters = connection.get_connection_params()
    where = {key: parameters[key] for key in ("host", "port", "user", "dbname") if parameters.get(key)}

    def rate(audited: bool) -> float:
        with ProcessPoolExecutor(WRITERS, multiprocessing.get_context("spawn")) as pool:
            begin = time.time() + START_UP
            write = partial(_write, where, group_id, insert, pattern, audited, begin)
            return sum(pool.map(write, range(WRITERS))) / SECONDS

    pairs = [(rate(True), rate(False)) for _ in range(3)]
    ratio = statistics.median(a / b for a, b in pairs)
    a, b = statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)
    print(f"{'16 writers in one group, audited':44}{a:>9.0f} /s{b:>9.0f} /s{ratio:>8.2f}", flush=True)


def _write(
    where: dict[str, Any], group_id: int, insert: str, pattern: int, audited: bool, begin: float, _n: int
) -> int:
    """One writer, in a process of its own: threads would wait for each other between the event and the commit."""
    done = 0
    with psycopg.connect(**where) as session:
        session.execute("SELECT 1")
        session.commit()
        time.sleep(max(0.0, begin - time.time()))
        while time.time() < begin + SECONDS:
            session.execute("SELECT set_config('app.group', %s, true)", [str(group_id)])
            session.execute(insert.encode(), [uuid.uuid4(), pattern])
            if audited:
                session.execute('SELECT audit_append(\'{"what": "bench"}\')')
            session.commit()
            done += 1
    return done


def settle() -> None:
    """What a server does by itself within a minute or two."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


def measure_pages(port: int, cookies: str, slug: str) -> None:
    """The time until a page has arrived on this machine, one visitor: 95 of 100 visits are quicker."""
    visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def p95(address: str) -> float:
        times = []
        for _ in range(VISITS):
            start = time.perf_counter()
            visitor.request("GET", address, headers={"Cookie": cookies})
            answer = visitor.getresponse()
            answer.read()
            times.append(time.perf_counter() - start)
            assert answer.status == 200, (address, answer.status)
        return statistics.quantiles(times, n=20)[-1] * 1000

    p95("/-/live")
    floor = p95("/-/live")
    for page in PAGES:
        address = f"/g/{slug}/{page}"
        p95(address)  # templates are read once in each process
        here = p95(address)
        print(f"{f'page {address}, p95':44}{here:>9.1f} ms{floor:>9.1f} ms{here / floor:>8.1f}", flush=True)
