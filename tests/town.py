"""The invented town, served as in production: granian, a worker and beat on a copy of a database built once."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from django.conf import settings

from reviews.demo.build import PASSWORD

ROOT = Path(settings.BASE_DIR)
SOURCES = ("est_site", "incidents", "situation", "interventions", "reviews")
ENGINE = [sys.executable, "manage.py"]


@dataclass(frozen=True)
class Served:
    """Where a running copy of the town is."""

    url: str
    database: str
    media: Path
    mail: Path
    environment: dict[str, str]

    password: str = PASSWORD


def _owner(database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
    url = urlsplit(settings.DATABASE_OWNER_URL)
    host = parse_qs(url.query).get("host", [url.hostname or ""])[0]
    return psycopg.connect(host=host, port=url.port, user=url.username, dbname=database, autocommit=True)


def monday() -> str:
    """Early on the Monday of the week that is going on: the week's meeting is still to be prepared."""
    now = datetime.now(UTC)
    return (now - timedelta(days=now.weekday())).strftime("%Y-%m-%dT00:30:00+00:00")


def _fingerprint(now: str) -> str:
    """Changes with anything that could change the town, and with the week."""
    digest = hashlib.sha256(now.encode())
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _environment(database: str, media: Path, mail: Path) -> dict[str, str]:
    def pointed(url: str) -> str:
        return urlsplit(url)._replace(path=f"/{database}").geturl()

    return os.environ | {
        "DATABASE_URL": pointed(os.environ["DATABASE_URL"]),
        "DATABASE_OWNER_URL": pointed(settings.DATABASE_OWNER_URL),
        "EST_MEDIA_ROOT": str(media),
        "EST_VAR": str(mail.parent),
        "EST_DEMO": "1",
        "EST_HTTPS": "0",
        "EST_TICK_SECONDS": "2",
        "EST_STATIC_STORAGE": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "LOG_LEVEL": "WARNING",
    }


def _left_behind(database: str, prefix: str) -> bool:
    """A town of older code, or the copy of a run that is gone; another run may be using its own right now."""
    if database.startswith("test_town_copy_"):
        return not Path("/proc", database.split("_")[3]).exists()
    return database.startswith(prefix)


def template(at: str = "") -> tuple[str, Path]:
    """The database to copy from and its files, built the first time anybody asks and whenever the code has changed.

    `at` is a moment (ISO, with zone) to build it at instead of this week's Monday; such a town replaces only its like.
    """
    now = at or monday()
    prefix = f"test_town{now[:10].replace('-', '') if at else ''}_"
    name = f"{prefix}{_fingerprint(now)}"
    home = Path(settings.VAR) / "town"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _owner() as owner:
            here = {str(row[0]) for row in owner.execute("SELECT datname FROM pg_database")}
            if f"{name}_done" in here:
                return f"{name}_done", home / name
            for old in here:
                if _left_behind(old, prefix):
                    owner.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
            owner.execute(f'CREATE DATABASE "{name}"')
        for old_files in home.glob(f"{prefix}*"):
            shutil.rmtree(old_files)
        media = home / name / "media"
        environment = _environment(name, media, home / name / "mail")
        as_owner = environment | {"DATABASE_URL": environment["DATABASE_OWNER_URL"]}
        subprocess.run([*ENGINE, "migrate", "--skip-checks", "-v0"], cwd=ROOT, env=as_owner, check=True)
        subprocess.run(
            [*ENGINE, "demo", "--now", now], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
        )
        subprocess.run([*ENGINE, "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=environment, check=True)
        with _owner() as owner:
            owner.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_done"')
    return f"{name}_done", home / name


@contextmanager
def copied(folder: Path, at: str = "") -> Iterator[str]:
    """A copy of the town's database and, in the folder, of its files; the database is gone when the block ends."""
    source, files = template(at)
    name = f"test_town_copy_{os.getpid()}_{time.monotonic_ns()}"
    with _owner() as owner:
        owner.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    try:
        shutil.copytree(files / "media", folder / "media", dirs_exist_ok=True)
        (folder / "static").symlink_to(files / "static")
        yield name
    finally:
        with _owner() as owner:
            owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def served(folder: Path, *, worker: bool = True) -> Iterator[Served]:
    """A copy of the town of one's own, running; gone with its processes when the block ends."""
    with copied(folder) as name:
        _meet_within_the_hour(name)
        yield from _serve(name, folder, worker)


def _meet_within_the_hour(database: str) -> None:
    """Whatever day it is, the next sitting is still to come: nobody is invited to one that is over.

    And whatever hour it is, it is today's: before its day a sitting asks before it opens.
    """
    with _owner(database) as owner:
        owner.execute("SELECT set_config('app.group', id::text, false) FROM partners_group WHERE slug = 'tarnsund'")
        owner.execute(
            "UPDATE situation_meeting SET ends_at = now() + interval '2 hours', starts_at = least(now() + interval '1 hour',"
            " (date_trunc('day', now() AT TIME ZONE 'Europe/Stockholm') + interval '1439 minutes')"
            " AT TIME ZONE 'Europe/Stockholm')"
            " WHERE id = (SELECT id FROM situation_meeting WHERE state = 'planned' ORDER BY starts_at LIMIT 1)"
        )


def _serve(name: str, folder: Path, worker: bool) -> Iterator[Served]:
    media = folder / "media"
    port = _free_port()
    environment = _environment(name, media, folder / "mail") | {"EST_BASE_URL": f"http://127.0.0.1:{port}"}
    environment["REDIS_URL"] = _own_broker(environment["REDIS_URL"])
    processes = []
    try:
        web = [
            *("granian", "--interface", "wsgi", "est_site.wsgi:application", "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
        ]
        processes.append(_start(web, environment, folder / "web.log"))
        if worker:
            celery = ["celery", "-A", "est_site", "worker", "-c", "1", "-B", "-Q", "jobs,pdf", "-l", "WARNING"]
            processes.append(_start([*celery, "-s", str(folder / "beat")], environment, folder / "worker.log"))
        _wait_for(f"http://127.0.0.1:{port}/-/ready", processes[0], folder / "web.log")
        yield Served(f"http://127.0.0.1:{port}", name, media, folder / "mail", environment)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _own_broker(url: str) -> str:
    """A numbered database of the test broker, by the process: two copies never share a queue."""
    return f"{url.split('?')[0]}?db={1 + os.getpid() % 15}"


def _start(command: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    binary = str(Path(sys.executable).parent / command[0])
    with log.open("wb") as out:
        return subprocess.Popen([binary, *command[1:]], cwd=ROOT, env=environment, stdout=out, stderr=out)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the town's web server did not start:\n{log.read_text()[-2000:]}")
