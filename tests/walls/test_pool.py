"""A pool of five connections, many requests at once, two groups in turn: no answer holds anything of the other group."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client

from est_site import tenancy
from situation.schedule import plan_meeting
from tests.cast import Town, make_incident
from tests.town import ROOT, _free_port, _wait_for

CONNECTIONS, AT_ONCE = 5, 24
WORDS = {"tarnsund": "Glas vid bryggan", "bjorkvik": "Brand i containern"}


@dataclass(frozen=True)
class Ask:
    """Whose request, for what, and what must follow."""

    slug: str
    path: str
    cookie: str
    status: int


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The application on the test's database, with more threads than connections."""
    where = connection.get_connection_params()
    port = _free_port()
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{where['user']}@/{where['dbname']}"
        f"?host={quote(where.get('host', ''))}&port={where.get('port', 5432)}",
        "EST_DB_POOL": "1",
        "EST_DB_POOL_MIN": str(CONNECTIONS),
        "EST_DB_POOL_MAX": str(CONNECTIONS),
        "EST_DEMO": "1",
        "LOG_LEVEL": "ERROR",
    }
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "est_site.wsgi:application"]
    options = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "12", "--no-ws"]
    with (tmp_path / "web.log").open("wb") as log:
        web = subprocess.Popen([*granian, *options], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}/-/ready", web, tmp_path / "web.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            web.terminate()
            web.wait(15)


def furnished(town: Town, other: Town) -> list[Ask]:
    """What a coordinator opens: lists and things of their own group, and the other group's things at both addresses."""
    member = town.olle if town.group.slug == "bjorkvik" else town.carin
    client = Client()
    client.force_login(member.user)
    cookie = f"{django_settings.SESSION_COOKIE_NAME}={client.cookies[django_settings.SESSION_COOKIE_NAME].value}"
    slug = town.group.slug
    with tenancy.inside(town.group):
        reporter = next(iter(town.people.values()))
        incident = make_incident(town, text=WORDS[slug], reporter=reporter)
        meeting = plan_meeting(group=town.group, period=town.periods[-1])
    own = ["", "incidents/", f"incidents/{incident.pk}/", f"meetings/{meeting.pk}/", "settings/places/"]
    return [Ask(slug, f"/g/{slug}/{rest}", cookie, 200) for rest in own] + [
        Ask(slug, f"/g/{other.group.slug}/{rest}", cookie, 404) for rest in ("", "incidents/")
    ]


def wrong(url: str, ask: Ask) -> str:
    """What is wrong with the answer, in words; nothing when all is well."""
    request = urllib.request.Request(url + ask.path, headers={"Cookie": ask.cookie})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            status, body = answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            status, body = refused.code, refused.read().decode()
    if status != ask.status:
        return f"{status} for {ask}"
    others = ("Björkvik", "Kajen", WORDS["bjorkvik"]) if ask.slug == "tarnsund" else ("Tärnsund", WORDS["tarnsund"])
    return "".join(f"{word!r} for {ask}" for word in others if word in body)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("requests", [100, pytest.param(1000, marks=pytest.mark.long)])
def test_two_groups_share_five_connections_and_nothing_else(
    requests: int, tarnsund: Town, bjorkvik: Town, served: str
) -> None:
    here, there = furnished(tarnsund, bjorkvik), furnished(bjorkvik, tarnsund)
    in_turn = [one for pair in zip(here, there, strict=True) for one in pair]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(lambda ask: wrong(served, ask), islice(cycle(in_turn), requests)))
    assert len(answers) == requests
    assert [answer for answer in answers if answer] == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        assert cursor.fetchone() == (CONNECTIONS,)
