"""The database restarted and killed under load: what was acknowledged is there, what was not is whole or absent."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from est_site.audit import Link, find_fault
from tests.faults.house import House, until

CLIENTS = 5


class Load:
    """Clients that report until they are told to stop, and a ledger of what was acknowledged to them."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.acknowledged: list[uuid.UUID] = []
        self.unsure: list[uuid.UUID] = []  # answered with an error, or not at all
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._client) for _ in range(CLIENTS)]

    def _client(self) -> None:
        while not self._stop.is_set():
            number = uuid.uuid4()
            try:
                answer = self.house.report(number)
            except OSError:
                self.unsure.append(number)
            else:
                (self.acknowledged if answer.status == 303 else self.unsure).append(number)

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def more(self, count: int) -> None:
        """Wait for that many further acknowledgements."""
        wanted = len(self.acknowledged) + count
        until(lambda: len(self.acknowledged) >= wanted, f"{count} more reports are acknowledged")


def restart(house: House) -> None:
    house.postgresql.down()
    house.postgresql.up()


def kill(house: House) -> None:
    """The server and everything it started, at once."""
    pid = house.postgresql.pid
    assert pid is not None
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for process in (pid, *map(int, children)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    house.postgresql.up()


def holds(house: House, load: Load) -> None:
    """Nothing acknowledged is lost; every observation has its event; the chain is whole."""
    stored = {number for (number,) in house.rows("SELECT client_uuid FROM incidents_incident")}
    assert [number for number in load.acknowledged if number not in stored] == []
    half = (
        "SELECT count(*) FROM incidents_incident i WHERE 1 <> (SELECT count(*) FROM est_site_auditevent"
        " WHERE body::jsonb ->> 'what' = 'incident.record' AND body::jsonb -> 'on' ->> 1 = i.id::text)"
    )
    assert house.one(half) == 0
    group = house.facts["group"]
    links = house.rows("SELECT n, body, h FROM est_site_auditevent WHERE group_id = %s ORDER BY n", group)
    [(n, h)] = house.rows("SELECT n, h FROM est_site_audithead WHERE group_id = %s", group)
    assert find_fault(group, [Link(n, body, bytes(h)) for n, body, h in links], (n, bytes(h))) is None


def under_load(house: House, harm: Callable[[House], None], times: int) -> None:
    with Load(house) as load:
        for _ in range(times):
            load.more(20)
            harm(house)
        load.more(20)
    assert load.unsure, "the fault was not felt"
    holds(house, load)
    [number] = house.letters(1, f"after-{uuid.uuid4().hex[:8]}")
    until(lambda: number in house.mailbox.taken, "the worker works again")
    assert house.web.alive
    assert house.worker.alive
    assert house.beat.alive


@pytest.mark.parametrize("times", [1, pytest.param(10, marks=pytest.mark.long)])
def test_rel_13_a_database_restarted_under_load_loses_nothing_acknowledged(house: House, times: int) -> None:
    under_load(house, restart, times)


@pytest.mark.parametrize("times", [1, pytest.param(10, marks=pytest.mark.long)])
def test_rel_14_a_database_killed_during_commits_loses_nothing_acknowledged_and_halves_nothing(
    house: House, times: int
) -> None:
    under_load(house, kill, times)


def test_a_torn_connection_to_the_database_is_made_again(house: House) -> None:
    assert house.report(uuid.uuid4()).status == 303
    house.to_database.reset()
    time.sleep(0.2)
    assert house.report(uuid.uuid4()).status == 303
