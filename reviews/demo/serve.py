"""The demo: brings the installation up to date, then keeps web, worker and beat running until it is told to stop.

    python -m reviews.demo.serve [--port N]

PostgreSQL and Valkey are left running for the next command.
"""

import argparse
import ctypes
import errno
import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from est_site.embedded import Services, Unavailable

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
LOGS = VAR / "log"
QUEUES = "jobs,pdf"
READY_WITHIN = 90.0
STOP_WITHIN = 20.0
TAIL = 15
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class Stopped(Exception):
    """Somebody pressed Ctrl-C or sent TERM."""


class Failed(Exception):
    """The demo cannot go on; the message says why."""


def refuse_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                raise Failed(f"Port {port} is in use. Choose another: ./est demo --port {port + 1}") from None
            raise Failed(f"Port {port} cannot be used: {problem.strerror}.") from None


def only_one() -> IO[str]:
    """Two demos in one checkout would have two clocks."""
    lock = (VAR / ".demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Failed("The demo of this checkout is running already.") from None
    return lock


def die_with_parent() -> None:
    """Run in the child: when the demo is killed outright, nothing of it stays behind on the port."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


def step(what: str, *command: str, environment: dict[str, str] | None = None) -> None:
    """One command to its end, or to ours; Ctrl-C reaches it only from us, so it does not answer with a traceback."""
    finished = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        preexec_fn=die_with_parent,
        check=False,
    )
    if finished.returncode:
        raise Failed(f"{what} failed.")


def static_sources() -> str:
    """Changes when a static file of ours or the set of packages does."""
    folders = [path for pattern in ("static", "[a-z]*/static", "[a-z]*/*/static") for path in ROOT.glob(pattern)]
    folders = [folder for folder in folders if VAR not in folder.parents]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    state = [f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in sorted(files)]
    return hashlib.sha256("\n".join([*state, (ROOT / "requirements.lock").read_text()]).encode()).hexdigest()


def collect_static() -> None:
    mark = VAR / "static.mark"
    now = static_sources()
    if not (VAR / "static").is_dir() or not mark.exists() or mark.read_text() != now:
        step("Collecting the static files", "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0")
        mark.write_text(now)


def prepare() -> None:
    services = Services(VAR)
    if not (services.postgresql.data / "PG_VERSION").exists():
        say("Creating the database.")
    os.environ.update(services.up())
    owner = os.environ.get("DATABASE_OWNER_URL")
    if not owner:
        raise Failed("DATABASE_URL is set, so DATABASE_OWNER_URL is needed as well: the role that owns the tables.")
    say("Bringing the tables, the translations and the static files up to date.")
    migrate = ("manage.py", "migrate", "--verbosity", "0", "--skip-checks")  # one refuses a role that owns tables
    step("The migration", *migrate, environment={**os.environ, "DATABASE_URL": owner})
    step("Compiling the translations", "-m", "est_site.catalogues")
    collect_static()
    step("Building the town", "manage.py", "demo")


class Child:
    """One long-running process with a log of its own, in a session of its own: Ctrl-C reaches it only from us."""

    def __init__(self, name: str, *command: str) -> None:
        self.name = name
        self.log = LOGS / f"{name}.log"
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-TAIL:])

    def refuse_to_be_dead(self) -> None:
        status = self.process.poll()
        if status is not None:
            how = f"by signal {-status}" if status < 0 else f"with status {status}"
            raise Failed(f"The {self.name} process ended {how}. The end of {self.log}:\n{self.last_lines()}")


def stop(children: Sequence[Child]) -> None:
    """All at once, politely; whoever does not listen is killed with what it started."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    end = time.monotonic() + STOP_WITHIN
    for child in children:
        try:
            child.process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"The {child.name} process did not stop in {STOP_WITHIN:.0f} seconds and is killed.")
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def commands(port: int) -> dict[str, tuple[str, ...]]:
    celery = ("celery", "-A", "est_site")
    web = ("granian", "--interface", "wsgi", "est_site.wsgi:application", "--host", "127.0.0.1", "--port", str(port))
    return {
        "web": (*web, "--workers", "2", "--blocking-threads", "4"),
        "worker": (*celery, "worker", "-c", "2", "-Q", QUEUES, "--without-gossip", "--without-mingle"),
        "beat": (*celery, "beat", "--schedule", str(VAR / "beat-schedule"), "--pidfile", ""),
    }


def wait_until_ready(port: int, children: Sequence[Child]) -> None:
    end = time.monotonic() + READY_WITHIN
    answer = "nothing"
    while time.monotonic() < end:
        for child in children:
            child.refuse_to_be_dead()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=5) as response:
                if response.status == 200:
                    return
        except OSError as problem:
            answer = str(problem)
        time.sleep(0.2)
    raise Failed(f"The demo is not ready after {READY_WITHIN:.0f} seconds: {answer}. The logs are in {LOGS}.")


def serve(port: int) -> None:
    say("Starting web, worker and beat.")
    LOGS.mkdir(exist_ok=True)
    children: list[Child] = []
    try:
        for name, command in commands(port).items():
            children.append(Child(name, *command))
        wait_until_ready(port, children)
        step("Printing the sign-ins", "manage.py", "demo", "--sign-ins")
        say("Ctrl-C stops the demo. The database and the broker keep running until ./est stop.")
        while True:
            for child in children:
                child.refuse_to_be_dead()
            time.sleep(0.5)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        say("Stopping web, worker and beat.")
        stop(children)


def on_signal(number: int, _frame: object) -> None:
    raise Stopped


def main() -> int:
    parser = argparse.ArgumentParser(prog="./est demo")
    parser.add_argument("--port", type=int, default=8000, choices=range(1, 65536), metavar="N")
    port = parser.parse_args().port
    os.environ["EST_DEMO_PORT"] = str(port)
    os.environ["DEBUG"] = "0"
    os.environ.setdefault("EST_BASE_URL", f"http://127.0.0.1:{port}")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    try:
        refuse_busy_port(port)
        with only_one():
            prepare()
            serve(port)
    except Stopped:
        return 0
    except (Failed, Unavailable) as problem:
        say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
