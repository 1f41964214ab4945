"""What an operator wants to know about an installation: one finding for each thing that must be there."""

from __future__ import annotations

import ctypes
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.core.mail import get_connection
from django.db import Error as DatabaseError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from est_site import catalogues, checks, jobs, tasks
from est_site.celery import app
from est_site.partners.lateness import LATE

Level = Literal["OK", "warning", "fault"]
QUEUES = {"jobs", "pdf"}
ASK_SECONDS = 2.0  # how long workers may take to answer
SKEW = timedelta(seconds=2)  # leases and deadlines bear that much between two clocks
LIBRARIES = ("libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")


@dataclass(frozen=True)
class Finding:
    level: Level
    said: str
    todo: str = ""


def fine(said: str) -> Finding:
    return Finding("OK", said)


def fault(said: str, todo: str) -> Finding:
    return Finding("fault", said, todo)


def run(now: datetime, only: Iterable[str] = ()) -> list[tuple[str, Finding]]:
    """Every check, or those that are named; one that breaks is a fault and stops no other."""
    found = []
    for name in only or CHECKS:
        try:
            finding = CHECKS[name](now)
        except OperationalError as error:
            finding = fault(
                f"the database does not answer: {_first_line(error)}", "DATABASE_URL; is PostgreSQL running?"
            )
        except DatabaseError as error:
            finding = fault(_first_line(error), "./est manage migrate")
        except Exception as error:  # noqa: BLE001  whatever it is, the operator must read about it and about the rest
            finding = fault(f"could not be checked: {type(error).__name__}: {_first_line(error)}", "see the message")
        found.append((name, finding))
    return found


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")


def _database(_now: datetime) -> Finding:
    wrong = checks.role_faults()
    if wrong:
        return fault("; ".join(wrong), "let DATABASE_URL name est_app, made by est_site/embedded/roles.sql")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, pg_has_role(current_user, 'est_clock', 'MEMBER'), version()")
        role, is_clock, version = cursor.fetchone()
    if not is_clock:
        return fault(f"{role} may not become est_clock, so no job is ever found", f"GRANT est_clock TO {role}")
    return fine(f"{' '.join(version.split()[:2])} as {role}, which owns nothing")


def _walls(_now: datetime) -> Finding:
    wrong = checks.wall_faults()
    return fault("; ".join(wrong), "./est manage migrate") if wrong else fine("every table of a group has its wall")


def _migrations(_now: datetime) -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return fault(f"{len(missing)} migrations are not applied, first {missing[0][0]}", "./est manage migrate")
    return fine("all applied")


def _broker(_now: datetime) -> Finding:
    for message in checks.the_broker_forgets_nothing(["default"]):
        return fault(message.msg, "REDIS_URL; is Valkey running, with maxmemory-policy noeviction?")
    return fine("answers and evicts nothing")


def _workers(_now: datetime) -> Finding:
    try:
        queues = app.control.inspect(timeout=ASK_SECONDS).active_queues() or {}
    except (BrokerError, OSError):
        return fault("the broker they listen to cannot be reached", "put the broker right first")
    taken = {queue["name"] for worker in queues.values() for queue in worker}
    if QUEUES - taken:
        return fault(
            f"nobody works on {', '.join(sorted(QUEUES - taken))}",
            "celery -A est_site worker -Q jobs,pdf must be running",
        )
    return fine(f"{len(queues)} answering: {', '.join(sorted(queues))}")


def _beat(now: datetime) -> Finding:
    ticked = cache.get(tasks.TICKED)
    if ticked is None:
        return fault("no tick is known of", "celery -A est_site beat, exactly one, and a worker must be running")
    age = now - datetime.fromisoformat(ticked)
    said = f"the last tick was {age.total_seconds():.0f} seconds ago"
    return fault(said, "celery -A est_site beat must be running") if age > LATE else fine(said)


def _jobs(now: datetime) -> Finding:
    late = len(jobs.find_due(now - LATE))
    if late:
        return Finding(
            "warning", f"{late} have been due for over {LATE.seconds // 60} minutes", "more workers, or see their log"
        )
    return fine("none is late")


def _media(_now: datetime) -> Finding:
    folder = Path(settings.MEDIA_ROOT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return fault(f"{folder}: {error.strerror}", "EST_MEDIA_ROOT must be a folder this process may write to")
    return fine(f"{folder} can be written to")


def _mail(_now: datetime) -> Finding:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return Finding("warning", "letters go to files, to nobody", "EST_DEMO=false for real people's work")
    server = get_connection()
    try:
        server.open()
    except OSError as error:
        at = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        return fault(f"{at} does not take letters: {_first_line(error)}", "EMAIL_HOST and the other EMAIL_ settings")
    server.close()
    return fine(f"{settings.EMAIL_HOST} answers")


def _pango(_now: datetime) -> Finding:
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            return fault(f"{name} is missing, so no PDF can be made", "apt install the packages named in ./est")
    return fine("there")


def _clock(_now: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - timezone.now())
    said = f"database and this process are {apart.total_seconds():.1f} seconds apart"
    return fault(said, "let both machines follow a time server") if apart > SKEW else fine(said)


def _settings(_now: datetime) -> Finding:
    wrong = [str(message.msg) for message in checks.settings_are_safe()]
    if wrong:
        return fault("; ".join(wrong), ".env.example describes each")
    if settings.DEMO:
        return Finding(
            "warning", "this is a demo: plain http, letters to files", "EST_DEMO=false for real people's work"
        )
    return fine(f"secret long enough, {settings.TIME_ZONE}")


def _static(_now: datetime) -> Finding:
    try:
        staticfiles_storage.url("css/est.css")
    except ValueError:
        return fault(f"not collected in {settings.STATIC_ROOT}", "./est manage collectstatic --noinput")
    return fine("collected")


def _catalogues(_now: datetime) -> Finding:
    stale = [
        po.parts[-3]
        for po in catalogues.catalogues(settings.BASE_DIR)
        if not po.with_suffix(".mo").exists() or po.with_suffix(".mo").stat().st_mtime < po.stat().st_mtime
    ]
    return fault(f"not compiled: {', '.join(stale)}", "python -m est_site.catalogues") if stale else fine("compiled")


CHECKS: dict[str, Callable[[datetime], Finding]] = {
    "settings": _settings,
    "database": _database,
    "walls": _walls,
    "migrations": _migrations,
    "clock": _clock,
    "broker": _broker,
    "workers": _workers,
    "beat": _beat,
    "jobs": _jobs,
    "mail": _mail,
    "media": _media,
    "pango": _pango,
    "static": _static,
    "catalogues": _catalogues,
}
