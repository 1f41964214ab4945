"""An installation of its own that may be broken: every server and process of EST, each with a handle to hurt it by.

PostgreSQL, Valkey, a mail server, web, worker and beat, in a folder and on ports nobody else uses. Between the
application and each server stands a proxy. Nothing here is shared with other tests, so nothing else falls when it does.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from est_site.embedded import PostgreSQL, Valkey
from reviews.demo.serve import commands, die_with_parent
from tests.faults.proxy import Proxy
from tests.town import ENGINE, ROOT, _free_port

COPY = "faults"  # the database that is broken
SECRET = "f" * 32  # the forms' token and the cookie it is held against
WITHIN = 60.0  # seconds in which everything has to be well again, on a busy machine
LEASE = 8
GIVEN = ("EST_DEMO", "EST_DB_POOL", "DJANGO_SETTINGS_MODULE")


def until(condition: Callable[[], Any], what: str, seconds: float = WITHIN, *, every: float = 0.1) -> Any:
    """Wait for something to be true, and give back what it was."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds:.0f} seconds still not: {what}")
        time.sleep(every)
    return found


class Process:
    """One of our long-running processes with all its children, in a session of its own."""

    def __init__(self, command: tuple[str, ...], environment: dict[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def start(self) -> None:
        if self.alive:
            return
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, "-m", *self.command],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def signal(self, number: int) -> None:
        if self._running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._running.pid, number)

    def kill(self) -> None:
        """As the kernel does when memory is short: at once, with all children, without a word."""
        self.signal(signal.SIGKILL)
        if self._running is not None:
            self._running.wait()

    def stop(self) -> None:
        if self.alive and self._running is not None:
            self._running.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._running.wait(10)
        self.kill()


class Postman:
    """A mail server that remembers the number of each letter it took."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        for line in content.decode("utf-8", "replace").splitlines():
            if line.lower().startswith("message-id:"):
                self.taken.append(line.split(":", 1)[1].strip())
        return "250 OK"


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str


class House:
    """Everything, running; `mend` makes it whole again whatever a test did to it."""

    def __init__(self, base: Path, folder: Path) -> None:
        base.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.postgresql = PostgreSQL(base)  # safe settings: what it acknowledged must survive its death
        self.valkey = Valkey(base, throwaway=True)
        self.postgresql.up()
        self.valkey.up()
        self.facts: dict[str, Any] = self._copy(base)
        self.mailbox = Postman()
        self._smtp = Controller(self.mailbox, hostname="127.0.0.1", port=_free_port())
        self._smtp.start()  # type: ignore[no-untyped-call]
        self.to_database = Proxy(str(self.postgresql.sockets / ".s.PGSQL.5432"))
        self.to_broker = Proxy(str(self.valkey.socket))
        self.to_mail = Proxy(self._smtp.port)
        self.port = _free_port()
        self.environment = self._environment(self.to_database.port)
        commanded = commands(self.port)
        self.web = self._process("web", commanded["web"])
        self.worker = self._process("worker", commanded["worker"])
        self.beat = self.another_beat("beat")

    # --- building ---

    def _environment(self, port: int) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in GIVEN}
        return kept | {
            "DATABASE_URL": f"postgresql://est_app@127.0.0.1:{port}/{COPY}",
            "REDIS_URL": f"redis://127.0.0.1:{self.to_broker.port}/0",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.to_mail.port),
            "EST_BASE_URL": f"http://127.0.0.1:{self.port}",
            "EST_VAR": str(self.folder),
            "EST_MEDIA_ROOT": str(self.media),
            "EST_HTTPS": "0",
            "EST_STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "SECRET_KEY": _secret_key(),
            "EST_TICK_SECONDS": "1",
            "EST_REPORTS_A_MINUTE": "1000000",
            "EST_JOB_LEASE_SECONDS": str(LEASE),
            "EST_JOB_HARD_LIMIT_SECONDS": str(LEASE - 1),
            "EST_JOB_SOFT_LIMIT_SECONDS": str(LEASE - 2),
            "EST_JOB_BACKOFF_SECONDS": "0",
            "LOG_LEVEL": "INFO",
        }

    def _copy(self, base: Path) -> dict[str, Any]:
        """A fresh copy of the small world, which is built when there is none or the code that makes it has changed."""
        name = f"world_{_fingerprint()}"
        file = base / f"{name}.json"
        with self._sql("postgres", "postgres") as admin:
            here = {str(row[0]) for row in admin.execute("SELECT datname FROM pg_database")}
            admin.execute(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
            if name not in here or not file.exists():
                for old in here:
                    if old.startswith("world_"):
                        admin.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
                admin.execute(f"CREATE DATABASE {COPY} OWNER est_owner")
                self._build(file)
                admin.execute(f'ALTER DATABASE {COPY} RENAME TO "{name}"')
            admin.execute(f'CREATE DATABASE {COPY} TEMPLATE "{name}" OWNER est_owner')
        facts: dict[str, Any] = json.loads(file.read_text())
        return facts

    def _build(self, file: Path) -> None:
        for role, command in (
            ("est_owner", [*ENGINE, "migrate", "--skip-checks", "-v0"]),
            ("est_app", [sys.executable, "-m", "tests.faults.world", str(file)]),
        ):
            url = f"{self.postgresql.url(role)}".replace("/est?", f"/{COPY}?")
            environment = os.environ | {"DATABASE_URL": url, "SECRET_KEY": _secret_key(), "EST_HTTPS": "0"}
            subprocess.run(command, cwd=ROOT, env=environment, check=True, stdin=subprocess.DEVNULL)

    def _process(self, name: str, command: tuple[str, ...]) -> Process:
        return Process(command, self.environment, self.folder / f"{name}.log")

    def another_beat(self, name: str) -> Process:
        schedule = ("--schedule", str(self.folder / name), "--pidfile", "")
        return self._process(name, ("celery", "-A", "est_site", "beat", *schedule))

    @property
    def media(self) -> Path:
        return self.folder / "media"

    # --- keeping ---

    def mend(self) -> None:
        """Servers up, nothing in the way, every process running and the web answering."""
        for proxy in (self.to_database, self.to_broker, self.to_mail):
            proxy.delay = 0.0
            proxy.let_through()
        self.postgresql.up()
        self.valkey.up()
        for process in (self.web, self.worker, self.beat):
            process.signal(signal.SIGCONT)
            process.start()
        until(self._ready, f"the web answers; {self.web.log}")

    def _ready(self) -> bool:
        try:
            return self.request("GET", "/-/ready").status == 200
        except OSError:
            return False

    def close(self) -> None:
        for process in (self.beat, self.worker, self.web):
            process.signal(signal.SIGCONT)
            process.stop()
        for proxy in (self.to_database, self.to_broker, self.to_mail):
            proxy.close()
        self._smtp.stop()  # type: ignore[no-untyped-call]
        self.valkey.down()
        self.postgresql.down()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- talking to it ---

    def request(
        self, method: str, path: str, fields: dict[str, Any] | None = None, *, by: str = "", timeout: float = 30
    ) -> Answer:
        """One request of one of its people; `OSError` when there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        cookies = f"est-csrf={SECRET}" + (f"; est={self.facts['sessions'][by]}" if by else "")
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"csrfmiddlewaretoken": SECRET, **(fields or {})}) if method == "POST" else None
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers.get("Location", ""), response.read().decode())
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()

    def report(self, number: Any, **options: Any) -> Answer:
        """Rut's report of damage, with the form's number."""
        fields = {"client_uuid": number, "top": self.facts["category"], "where": "unknown", "when": "now"}
        return self.request("POST", "/g/tarnsund/report/", fields, by="rut", **options)

    def table(self, number: Any) -> Answer:
        """Rut's two rows of damage, with the form's number."""
        said = {"what": self.facts["category_name"], "where": "Hamnen", "start": "2026-11-20 10:15"}
        fields = {f"r{n}-{name}": value for n in (1, 2) for name, value in said.items()}
        return self.request("POST", "/g/tarnsund/report/table/", {"client_uuid": number, **fields}, by="rut")

    def order(self, edition: int) -> None:
        """Carin asks for the PDF of an agenda."""
        answer = self.request("POST", f"/g/tarnsund/documents/{edition}/order/", by="carin")
        assert answer.status == 302, answer

    # --- looking past its walls ---

    @contextlib.contextmanager
    def _sql(self, database: str = COPY, role: str = "postgres") -> Iterator[psycopg.Connection[Any]]:
        where = {"host": str(self.postgresql.sockets), "user": role, "dbname": database}
        with psycopg.connect(**where, autocommit=True) as connection:  # type: ignore[arg-type]
            yield connection

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """What stands in the database, seen by its administrator and past every proxy."""
        with self._sql() as connection:
            cursor = connection.execute(statement, values)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def one(self, statement: str, *values: Any) -> Any:
        return self.rows(statement, *values)[0][0]

    def events(self, what: str, pk: int) -> int:
        """How often the chain says that this happened to that row."""
        found = "SELECT count(*) FROM est_site_auditevent WHERE body::jsonb ->> 'what' = %s"
        return int(self.one(f"{found} AND body::jsonb -> 'on' ->> 1 = %s", what, str(pk)))

    def letters(self, count: int, name: str) -> list[str]:
        """Write what `mail.post` writes, `count` times; the numbers that their letters will bear."""
        made = self.rows(
            "WITH n AS (INSERT INTO est_site_notification (group_id, kind, dedupe_key, member_id, ids, created_at)"
            " SELECT %s, 'invitation', %s || ':' || i, %s, '{}', now() FROM generate_series(1, %s) i RETURNING *)"
            " INSERT INTO est_site_job (group_id, kind, dedupe_key, ids, state, due_at, attempts, waits, progress,"
            "  cancel_requested, reason, created_at)"
            " SELECT group_id, 'mail.send', 'mail.send:' || dedupe_key, jsonb_build_object('notification', id), 'due',"
            "  now(), 0, 0, 0, false, '', now() FROM n RETURNING (ids ->> 'notification')::bigint",
            *(self.facts["group"], name, self.facts["members"]["rut"], count),
        )
        return [f"<notification-{self.facts['group']}-{pk}@127.0.0.1>" for (pk,) in made]

    def queued(self) -> int:
        """How many messages the broker holds for the workers."""
        with redis.Redis(unix_socket_path=str(self.valkey.socket)) as broker:
            return int(broker.llen("jobs"))  # type: ignore[arg-type]

    def unfinished(self) -> int:
        return int(self.one("SELECT count(*) FROM est_site_job WHERE state IN ('due', 'running') AND due_at <= now()"))


def together(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run the same thing at the same moment in many threads; what each gave back, or raised."""
    start, results = threading.Barrier(count), [None] * count

    def one(n: int) -> None:
        start.wait()
        try:
            results[n] = work(n)
        except Exception as error:  # noqa: BLE001  the test looks at it
            results[n] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _secret_key() -> str:
    """Always the same one: the sessions in the kept world were signed with it."""
    return hashlib.sha256(b"the faults' house").hexdigest()


def _fingerprint() -> str:
    """Changes with whatever could change the world: models, migrations, the cast."""
    digest = hashlib.sha256()
    for pattern in ("*/models*.py", "*/models/*.py", "*/*/models/*.py", "*/migrations/*.py", "*/*/migrations/*.py"):
        for path in sorted(Path(settings.BASE_DIR).glob(pattern)):
            digest.update(path.read_bytes())
    for name in ("tests/cast.py", "tests/faults/world.py", "interventions/minutes.py", "interventions/agenda.py"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()[:12]
