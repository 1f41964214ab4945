"""Personal data and line ends in every field of every form, in paths and in names of fields: none of it in the log."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.est_site.test_logs import BREAKS, KEYS, PERSONAL, TRACES, lines  # noqa: F401  a fixture
from tests.rough.pages import Form, Site, send, unseen_buttons

pytestmark = pytest.mark.django_db

Lines = Callable[[], list[dict[str, Any]]]


def poisons() -> Iterator[str]:
    while True:
        for personal in PERSONAL:
            for end in BREAKS:
                yield f"{personal}{end}{personal}"


def every_line_is_whole_and_tells_of_nobody(written: list[dict[str, Any]]) -> None:
    """`written` was parsed line by line, so each is one JSON object."""
    assert written
    for line in written:
        assert set(line) >= KEYS
        assert not TRACES.search(json.dumps(line, ensure_ascii=False)), line


def poisoned(form: Form, poison: Iterator[str]) -> list[tuple[str, bytes]]:
    return [(name, value if "csrf" in name else next(poison).encode()) for name, value in form.values]


Everybody = list[tuple[Client, Form]]


@pytest.fixture
def forms(site: tuple[Site, Site], carin: Client, stranger: Client) -> Everybody:
    found = [(carin, form) for form in site[0].forms.values() if "sign-out" not in form.route]
    found += [(stranger, form) for form in site[1].forms.values()]
    return found + [(carin, form) for form in unseen_buttons(carin, list(site), "tarnsund")]


def test_no_field_of_any_form_reaches_the_log(lines: Lines, forms: Everybody) -> None:  # noqa: F811
    poison = poisons()
    for client, form in forms:
        send(client, form, poisoned(form, poison))
    every_line_is_whole_and_tells_of_nobody(lines())


@pytest.mark.long
def test_no_file_and_no_name_of_a_field_reaches_the_log(lines: Lines, forms: Everybody) -> None:  # noqa: F811
    poison = poisons()
    for client, form in forms:
        send(client, form, [*form.values, (f"Anna{len(form.names)}\r\n", next(poison).encode())])
        files = [(name, next(poison).encode(), next(poison).encode() * 50) for name in form.files or ["file"]]
        if form.method == "post":
            send(client, form, poisoned(form, poison), files)
    every_line_is_whole_and_tells_of_nobody(lines())


@pytest.mark.long
def test_no_path_reaches_the_log(lines: Lines, site: tuple[Site, Site], carin: Client, stranger: Client) -> None:  # noqa: F811
    poison = poisons()
    for urls in site[0].pages.values():
        for url in urls[:1]:
            for client in (carin, stranger):
                client.get(f"{url}{quote(next(poison))}")
                client.get(re.sub(r"\d+", quote(next(poison)), url))
    for _n in range(40):
        carin.cookies["est-csrf"] = quote(next(poison))
        carin.post(f"/g/{quote(next(poison))}/report/", headers={"Referer": f"https://{quote(next(poison))}/"})
        stranger.get("/g/tarnsund/report/", {"next": next(poison)}, headers={"Host": "anna.andersson.example"})
    every_line_is_whole_and_tells_of_nobody(lines())
