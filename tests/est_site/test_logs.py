"""Logs: one whole JSON line an event, with who and where as ids, and never with what people wrote."""

from __future__ import annotations

import io
import json
import logging
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from est_site import jobs, logs, tenancy
from est_site.models import Job
from tests.cast import NOW, PASSWORD, Town
from tests.conftest import SignIn

KEYS = {"ts", "level", "event", "request_id", "tenant_id", "user_pseudonym"}


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was written to the log in this test, as production would write it."""
    written = io.StringIO()
    structlog.contextvars.clear_contextvars()
    before = logging.root.handlers[:], logging.root.level
    logs.configure({"level": "DEBUG"})
    handler = next(
        one for one in logging.root.handlers if isinstance(one.formatter, structlog.stdlib.ProcessorFormatter)
    )
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in written.getvalue().splitlines()]

    yield read
    logging.root.handlers[:], level = before
    logging.root.setLevel(level)
    logging.getLogger("fontTools").setLevel(logging.NOTSET)
    structlog.contextvars.clear_contextvars()


def test_a_line_has_its_keys_also_where_there_is_nothing_to_say(lines) -> None:
    logging.getLogger("est_site.x").warning("broker unreachable")
    [line] = lines()
    assert set(line) >= KEYS
    assert (line["level"], line["event"], line["tenant_id"]) == ("warning", "broker unreachable", None)


def test_the_time_is_utc(lines) -> None:
    logging.getLogger("est_site.x").warning("x")
    at = datetime.fromisoformat(lines()[0]["ts"])
    assert at.utcoffset() == NOW.utcoffset()
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60


@pytest.mark.django_db
def test_a_line_of_a_request_says_who_where_and_which(lines, tarnsund: Town, signed_in: SignIn) -> None:
    response = signed_in(tarnsund.rut).get("/g/tarnsund/meetings/")
    line = next(line for line in lines() if line["event"] == "django.request 403")
    assert line["request_id"] == response["X-Request-ID"]
    assert line["tenant_id"] == tarnsund.group.pk
    assert line["user_pseudonym"] == logs.pseudonym(tarnsund.rut.user_id)


def test_a_pseudonym_is_stable_and_needs_the_secret_of_the_installation(settings) -> None:
    first = logs.pseudonym(7)
    assert first == logs.pseudonym(7)
    assert first != logs.pseudonym(8)
    assert re.fullmatch(r"[0-9a-f]{16}", first)
    settings.SECRET_KEY = "another secret of another installation, long enough to be one"
    assert logs.pseudonym(7) != first


@pytest.mark.django_db
def test_who_came_before_does_not_stand_on_the_next_request(lines, tarnsund: Town, signed_in: SignIn) -> None:
    signed_in(tarnsund.rut).get("/g/tarnsund/meetings/")
    Client().get("/ingenstans/")
    assert (lines()[-1]["tenant_id"], lines()[-1]["user_pseudonym"]) == (None, None)


@pytest.mark.django_db
def test_a_line_of_a_worker_says_which_job_in_which_group(lines, tarnsund: Town) -> None:
    with tenancy.inside(tarnsund.group):
        job: Job = jobs.due("from.tomorrow", group_id=tarnsund.group.pk, key="x", at=NOW)
    jobs.work_off(NOW)
    line = next(line for line in lines() if line["event"] == "job parked")
    assert (line["job"], line["kind"], line["tenant_id"]) == (job.pk, "from.tomorrow", tarnsund.group.pk)
    logging.getLogger("est_site.x").warning("after it")
    assert (lines()[-1].get("job"), lines()[-1]["tenant_id"]) == (None, None)


def test_an_exception_is_its_type_and_its_places_never_its_words(lines) -> None:
    try:
        int("Anna Andersson")
    except ValueError:
        logging.getLogger("est_site.x").exception("job failed")
    [line] = lines()
    assert line["exception"]["type"] == "ValueError"
    assert any("test_logs.py" in place for place in line["exception"]["at"])
    assert "Anna" not in json.dumps(line)


def test_a_library_keeps_its_sentence_and_loses_what_it_put_in(lines) -> None:
    logging.getLogger("somelib").warning("no such person: %s", "Anna Andersson")
    logging.getLogger("somelib").warning("no such person: 'Anna Andersson'")
    logging.getLogger("django.security.DisallowedHost").error("Invalid HTTP_HOST header: anna.example")
    logging.getLogger("somelib").warning("Starting up")
    events = [line["event"] for line in lines()]
    assert events == ["no such person: %s", "somelib", "django.security.DisallowedHost", "Starting up"]


def test_what_is_not_on_the_list_does_not_reach_a_line(lines) -> None:
    logging.getLogger("est_site.x").warning("x", extra={"name_of_reporter": "Anna", "_hidden": "Anna", "job": 7})
    [line] = lines()
    assert "Anna" not in json.dumps(line)
    assert line["job"] == 7


# --- a storm of requests -------------------------------------------------------------------------

PERSONAL = ["Anna Andersson", "19121212-1212", "anna.andersson@example.org", "070-174 06 05", "Storgatan 12 lgh 1101"]
BREAKS = ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85", "\x00", '"}\n{"event": "forged"']
TRACES = re.compile("|".join(["Anna", "Andersson", "1212-?1212", "example", "070-?174", "Storgatan", "forged"]), re.I)


def addresses() -> list[str]:
    """Every route of the installation, with ids that may or may not exist."""
    found = []

    def walk(patterns: Any, prefix: str) -> None:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, route)
            else:
                found.append("/" + route)

    walk(get_resolver().url_patterns, "")
    filled = [re.sub(r"<slug:slug>", "tarnsund", route) for route in found]
    filled = [re.sub(r"<[^>]+>", "17", route) for route in filled if "^" not in route]
    return [route for route in filled if "sign-out" not in route]  # whoever is signed in stays so


def storm(browsers: list[Client], count: int) -> list[HttpResponse]:
    chance = random.Random(47)

    def poison() -> str:
        return chance.choice(PERSONAL) + chance.choice(BREAKS) + chance.choice(PERSONAL)

    names = ["text", "email", "login", "password", "q", "client_uuid", "category", "note", "what", "next", "language"]
    pages = addresses()
    answers = []
    for n in range(count):
        browser = browsers[n % len(browsers)]
        page = chance.choice(pages) if n % 4 else f"/{chance.choice(PERSONAL)}/{n}"
        if n % 10 == 1:  # whatever routes there are, some are answered with a page
            page = "/g/tarnsund/"
        headers = {
            "User-Agent": poison(),
            "Referer": "https://example.org/" + chance.choice(PERSONAL),
            "X-Request-ID": poison(),
            "Accept-Language": poison(),
            "X-Forwarded-For": poison(),
            "HX-Current-URL": poison(),
        }
        if n % 7 == 0:
            headers["Host"] = "anna.andersson.example"
        if n % 11 == 0:
            headers["Cookie"] = f"est-language={chance.choice(PERSONAL)}; est={chance.choice(PERSONAL)}"
        browser.raise_request_exception = False
        if n % 2:
            answers.append(browser.get(page, {name: poison() for name in names}, headers=headers))
        else:
            answers.append(browser.post(page, {name: poison() for name in names}, headers=headers))
    return answers


def nothing_leaks(lines: Callable[[], list[dict[str, Any]]], browsers: list[Client], count: int) -> None:
    answers = storm(browsers, count)
    written = lines()  # raises on a line that is not whole JSON
    assert len(answers) == count
    assert {answer.status_code for answer in answers} >= {200, 302, 400, 403, 404}
    assert all(set(line) >= KEYS for line in written)
    assert [line for line in written if TRACES.search(json.dumps(line, ensure_ascii=False))] == []
    ids = {answer["X-Request-ID"] for answer in answers}
    assert {line["request_id"] for line in written} - {None} <= ids
    assert all(re.fullmatch(r"[0-9a-f]{12}", one) for one in ids)


@pytest.mark.django_db
def test_no_line_breaks_and_no_person_shows_in_a_hundred_hostile_requests(
    lines, tarnsund: Town, bjorkvik: Town, signed_in: SignIn
) -> None:
    assert PASSWORD not in PERSONAL
    assert django_settings.DEBUG is False
    nothing_leaks(lines, [signed_in(one) for one in (tarnsund.carin, tarnsund.rut, bjorkvik.olle)] + [Client()], 100)


@pytest.mark.long
@pytest.mark.django_db
def test_no_line_breaks_and_no_person_shows_in_a_thousand_hostile_requests(
    lines, tarnsund: Town, bjorkvik: Town, signed_in: SignIn
) -> None:
    nothing_leaks(lines, [signed_in(one) for one in (tarnsund.carin, tarnsund.rut, bjorkvik.olle)] + [Client()], 1000)
