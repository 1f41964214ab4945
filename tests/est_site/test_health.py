"""Health: alive says nothing about others; ready means that the database answers, soon."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from est_site import health


@pytest.fixture
def dead_broker(settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


@pytest.fixture
def database_elsewhere(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Say where the next connection to the database goes."""

    def at(host: str, port: int) -> None:
        changed = {**connections["default"].settings_dict, "HOST": host, "PORT": str(port)}
        changed["OPTIONS"] = {key: value for key, value in changed["OPTIONS"].items() if key != "host"}
        monkeypatch.setitem(connections.settings, "default", changed)
        monkeypatch.setattr(health, "_asking", ThreadPoolExecutor(1))

    return at


@pytest.fixture
def silent_server() -> Iterator[tuple[str, int]]:
    """Takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()


@pytest.mark.django_db
def test_alive_asks_the_database_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert Client().get("/-/live").status_code == 200


@pytest.mark.usefixtures("dead_broker")
def test_alive_with_database_and_broker_dead() -> None:
    """No database is allowed in this test: opening a connection would fail it."""
    assert Client(headers={"cookie": "est=0123456789abcdef0123456789abcdef"}).get("/-/live").content == b"ok"


@pytest.mark.django_db(transaction=True)
def test_ready_when_both_answer() -> None:
    response = Client().get("/-/ready")
    assert (response.status_code, response.json()) == (200, {"ready": True, "degraded": False})


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("dead_broker")
def test_ready_but_degraded_when_only_the_broker_is_gone() -> None:
    response = Client().get("/-/ready")
    assert (response.status_code, response.json()) == (200, {"ready": True, "degraded": True})


@pytest.mark.django_db(transaction=True)
def test_not_ready_when_the_database_is_gone(database_elsewhere: Any) -> None:
    database_elsewhere("127.0.0.1", 1)
    response = Client().get("/-/ready")
    assert (response.status_code, response.json()) == (503, {"ready": False})


@pytest.mark.django_db(transaction=True)
def test_a_database_that_hangs_is_told_within_two_seconds(
    database_elsewhere: Any, silent_server: tuple[str, int]
) -> None:
    """A promise with a limit, so it is measured; what is asked later does not wait longer."""
    database_elsewhere(*silent_server)
    for _ in range(2):
        start = time.monotonic()
        assert Client().get("/-/ready").status_code == 503
        assert time.monotonic() - start < 2


@pytest.mark.parametrize("address", ["/-/live", "/-/ready"])
def test_nobody_outside_the_list_finds_a_health_page(address: str) -> None:
    assert Client().get(address, REMOTE_ADDR="192.0.2.7").status_code == 404


def test_behind_a_proxy_the_one_who_asked_it_counts(settings) -> None:
    settings.BEHIND_PROXY = True
    through = {"X-Forwarded-For": "127.0.0.1, 192.0.2.7"}  # the first was made up by who asks
    assert Client().get("/-/live", REMOTE_ADDR="10.0.0.2", headers=through).status_code == 404
    assert Client().get("/-/live", REMOTE_ADDR="10.0.0.2").status_code == 200


def test_without_a_proxy_nobody_may_say_where_they_come_from() -> None:
    claimed = {"X-Forwarded-For": "127.0.0.1"}
    assert Client().get("/-/live", REMOTE_ADDR="192.0.2.7", headers=claimed).status_code == 404
