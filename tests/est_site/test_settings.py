"""Settings: each is documented, and a start that would not be safe is refused with its reason."""

from __future__ import annotations

import os
import re
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from est_site import checks

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "est_site" / "settings.py").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()


def variables() -> dict[str, str]:
    """The names that the settings read, each with the default in words where it is a plain one."""
    found = re.findall(
        r'env\.(?:str|int|bool|list)\(\s*(?:#.*\n\s*)?"([A-Z_]+)"(?:,\s*("[^"]*"|\d+|True|False))?', SETTINGS
    )
    return dict(found)


def documented() -> dict[str, str]:
    return dict(line.split("=", 1) for line in EXAMPLE.splitlines() if line and not line.startswith("#"))


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    assert set(documented()) == set(variables())


def test_the_documented_defaults_are_the_real_ones() -> None:
    real = {
        name: value.strip('"').replace("True", "true").replace("False", "false") for name, value in variables().items()
    }
    plain = {name: value for name, value in real.items() if value}
    assert {name: documented()[name] for name in plain} == plain


def test_every_documented_setting_has_its_sentence() -> None:
    for block in EXAMPLE.split("\n\n"):
        assert block.lstrip().startswith("#") or "EMAIL_HOST=" in block


def test_the_settings_start_no_service() -> None:
    assert "embedded" not in SETTINGS
    assert "subprocess" not in SETTINGS


# --- refusals ------------------------------------------------------------------------------------


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """What a web process does first."""
    here = {**os.environ, "EST_STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    here |= {"DJANGO_SETTINGS_MODULE": "est_site.settings", "EST_DEMO": "0", "EST_HTTPS": "1", "LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-W", "ignore", "-c", "from est_site.start import start; start()"]
    return subprocess.run(command, cwd=ROOT, env=here | environment, capture_output=True, text=True, check=False)


def test_a_safe_start_is_not_refused_and_a_broker_that_is_away_is_only_a_warning() -> None:
    result = start(REDIS_URL="redis://127.0.0.1:1/0", LOG_LEVEL="WARNING")
    assert result.returncode == 0
    assert len(result.stderr.splitlines()) == 1
    assert "the broker cannot be asked for its policy" in result.stderr


def test_an_unsafe_start_is_refused_with_one_line_for_each_reason() -> None:
    result = start(DEBUG="1", SECRET_KEY="k" * 49, ALLOWED_HOSTS="*", EST_JOB_LEASE_SECONDS="120")
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "EST does not start: DEBUG is on in production",
        "EST does not start: SECRET_KEY has fewer than 50 characters",
        "EST does not start: ALLOWED_HOSTS must name the hosts, not *",
        "EST does not start: EST_JOB_LEASE_SECONDS must be longer than EST_JOB_HARD_LIMIT_SECONDS",
    ]


@pytest.mark.parametrize(
    ("hosts", "refused"),
    [("localhost,127.0.0.1", False), ("est.kommun.example", True), ("localhost,est.example", True)],
)
def test_passwords_in_the_clear_are_refused_but_on_this_machine(hosts: str, refused: bool) -> None:
    result = start(EST_HTTPS="0", ALLOWED_HOSTS=hosts)
    said = (
        "EST does not start: EST_HTTPS=0 sends passwords in the clear: only for the demo and for hosts on this machine"
    )
    assert result.stderr.splitlines() == [said] * refused


def test_a_setting_that_makes_no_sense_is_named() -> None:
    result = start(EST_TICK_SECONDS="soon")
    expected = 'EST does not start: Environment variable "EST_TICK_SECONDS" invalid: Not a valid integer.\n'
    assert (result.returncode, result.stderr) == (1, expected)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("TIME_ZONE", "UTC", "TIME_ZONE is not Europe/Stockholm"),
        ("USE_TZ", False, "USE_TZ is off"),
        ("SECRET_KEY", "", "SECRET_KEY has fewer than 50 characters"),
        ("JOB_LEASE", timedelta(seconds=120), "EST_JOB_LEASE_SECONDS must be longer than EST_JOB_HARD_LIMIT_SECONDS"),
    ],
)
def test_an_unsafe_setting_is_a_fault(settings, name: str, value: object, fault: str) -> None:
    settings.HTTPS = True
    assert checks.settings_are_safe() == []
    setattr(settings, name, value)
    assert [error.msg for error in checks.settings_are_safe()] == [fault]


def test_in_the_demo_tracebacks_are_allowed(settings) -> None:
    settings.DEBUG, settings.DEMO = True, True
    assert checks.settings_are_safe() == []


def test_a_start_without_its_database_is_refused_in_one_line() -> None:
    result = start(DATABASE_URL="postgresql://est_app@127.0.0.1:1/est")
    assert result.returncode == 1
    assert re.fullmatch(r"EST does not start: the database cannot be reached: [^\n]+\n", result.stderr)


class Evicting(socketserver.StreamRequestHandler):
    """A broker that answers every command as one that evicts would answer INFO."""

    def handle(self) -> None:
        while head := self.rfile.readline():
            for _ in range(int(head[1:])):
                self.rfile.read(int(self.rfile.readline()[1:]) + 2)
            info = b"maxmemory_policy:allkeys-lru\r\n"
            self.wfile.write(b"$%d\r\n%s\r\n" % (len(info), info))


@pytest.fixture
def evicting_broker() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Evicting) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"redis://127.0.0.1:{server.server_address[1]}/0?protocol=2"
        server.shutdown()


@pytest.mark.django_db(transaction=True)
def test_a_role_that_owns_the_tables_and_a_broker_that_forgets_are_refused(evicting_broker: str) -> None:
    name = connection.settings_dict["NAME"]
    owner = django_settings.DATABASE_OWNER_URL.replace("/est?", f"/{name}?")
    result = start(DATABASE_URL=owner, REDIS_URL=evicting_broker)
    assert result.returncode == 1
    first, second = sorted(result.stderr.splitlines())
    assert first == "EST does not start: the broker's maxmemory-policy is allkeys-lru, not noeviction"
    assert re.fullmatch(r"EST does not start: the database role owns \d+ tables", second)


@pytest.mark.django_db
def test_a_table_without_a_wall_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = {name: why for name, why in checks.tenancy.INSTALLATION_TABLES.items() if name != "django_session"}
    monkeypatch.setattr(checks.tenancy, "INSTALLATION_TABLES", listed)
    assert checks.wall_faults() == ["table django_session has no wall"]


def test_the_worker_refuses_too() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "est_site", "worker", "-c", "1"]
    result = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "SECRET_KEY": "short"}, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "EST does not start: SECRET_KEY has fewer than 50 characters" in result.stderr.splitlines()


def asker(proxy: str) -> str:
    """Whom sign-in counts attempts for when a proxy wrote down where a request came from."""
    code = (
        "import django; django.setup();"
        "from allauth.core.internal.httpkit import get_client_ip; from django.test import RequestFactory;"
        "print(get_client_ip(RequestFactory().get('/', HTTP_X_FORWARDED_FOR='6.6.6.6, 192.0.2.7')))"
    )
    here = {**os.environ, "DJANGO_SETTINGS_MODULE": "est_site.settings", "EST_BEHIND_PROXY": proxy}
    return subprocess.check_output([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, env=here, text=True).strip()


@pytest.mark.parametrize(("proxy", "who"), [("1", "192.0.2.7"), ("0", "127.0.0.1")])
def test_attempts_to_sign_in_are_counted_for_who_makes_them(proxy: str, who: str) -> None:
    """Behind a proxy, one person's wrong passwords must not keep everybody else out; without, nobody names themselves."""
    assert asker(proxy) == who
