"""A house to measure in: a throw-away database named bench_…, and the web server on it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent


def _elsewhere(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


@contextmanager
def database() -> Iterator[None]:
    """Make it as the owner, lead this process and its children there as the application, drop it at the end."""
    owner, name = os.environ["DATABASE_OWNER_URL"], f"bench_{os.getpid()}"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        os.environ["DATABASE_OWNER_URL"] = _elsewhere(owner, name)
        os.environ["DATABASE_URL"] = _elsewhere(os.environ["DATABASE_URL"], name)
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        os.environ["EST_VAR"] = str(ROOT / "var" / "bench")
        os.environ["EST_STATIC_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        os.environ["LOG_LEVEL"] = "ERROR"
        (ROOT / "var" / "bench" / "static").mkdir(parents=True, exist_ok=True)
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
        as_owner = {**os.environ, "DATABASE_URL": os.environ["DATABASE_OWNER_URL"]}
        subprocess.run(migrate, cwd=ROOT, env=as_owner, check=True)
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0", "--skip-checks"]
        subprocess.run(collect, cwd=ROOT, check=True)  # a browser that measures wants the scripts too
        yield
    finally:
        _leave()
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name}")


def _leave() -> None:
    """The owner may not end sessions of the application, so they end themselves."""
    from django.db import connections

    if connections.settings:
        connections.close_all()
    time.sleep(1)  # the server's ended with it


@contextmanager
def server() -> Iterator[int]:
    """The web server as the demo starts it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "est_site.wsgi:application"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "4"]
    web = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, web)
        yield port
    finally:
        web.terminate()
        web.wait(20)


def _wait(port: int, web: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end and web.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The web server did not come up.")
