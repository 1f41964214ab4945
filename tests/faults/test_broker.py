"""The broker away, silent or emptied: nobody who works notices, and nothing is lost or done twice."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import pytest
import redis

from est_site.celery import app
from tests.faults.house import House, until

PROMPT = 5.0  # seconds; an answer that waited for the broker takes far longer


def stop(house: House) -> None:
    house.valkey.down()


def silence(house: House) -> None:
    house.to_broker.hang()


def invite(house: House, name: str) -> int:
    """Carin invites somebody, which a letter follows."""
    fields = {
        "email": f"{name}@tarnsund.example",
        "name": name,
        "organisation": house.facts["organisation"],
        "role": "member",
    }
    return house.request("POST", "/g/tarnsund/settings/people/invite/", fields, by="carin").status


def saved_without(house: House, harm: Callable[[House], None]) -> None:
    harm(house)
    number, name = uuid.uuid4(), f"nils-{uuid.uuid4().hex[:8]}"
    before, start = len(house.mailbox.taken), time.monotonic()
    assert house.report(number).status == 303
    assert invite(house, name) == 302
    assert time.monotonic() - start < 2 * PROMPT
    assert house.one("SELECT count(*) FROM incidents_incident WHERE client_uuid = %s", number) == 1
    letter = "SELECT state FROM est_site_job WHERE kind = 'mail.send' ORDER BY id DESC LIMIT 1"
    assert house.one(letter) == "due"
    time.sleep(3)  # the tick and the worker run into it
    assert (house.one(letter), len(house.mailbox.taken)) == ("due", before)
    house.mend()
    until(lambda: house.one(letter) == "done", "the letter is sent")
    until(lambda: house.unfinished() == 0, "nothing waits any more")
    assert len(house.mailbox.taken) == before + 1


def test_rel_01_an_observation_is_saved_while_the_broker_is_stopped(house: House) -> None:
    saved_without(house, stop)


def test_rel_02_an_observation_is_saved_while_the_broker_never_answers(house: House) -> None:
    saved_without(house, silence)


@pytest.mark.long
def test_rel_03_a_hundred_letters_are_sent_once_though_the_broker_lost_them(house: House) -> None:
    house.to_mail.delay = 0.05  # the queue has to be there for a while
    numbers = house.letters(100, f"lost-{uuid.uuid4().hex[:8]}")
    until(lambda: house.queued() > 50, "the queue is long")
    with redis.Redis(unix_socket_path=str(house.valkey.socket)) as broker:
        assert broker.flushall()
    house.to_mail.delay = 0.0
    until(lambda: set(numbers) <= set(house.mailbox.taken), "every letter is sent")
    until(lambda: house.unfinished() == 0, "nothing waits any more")
    assert sorted(number for number in house.mailbox.taken if number in set(numbers)) == sorted(numbers)


def test_the_broker_is_never_given_up() -> None:
    """Celery's own default ends worker and beat after an hour without one."""
    assert app.conf.broker_connection_max_retries is None
