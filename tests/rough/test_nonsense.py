"""Nonsense in every field and every file of the site: answered in words, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from est_site import tenancy
from tests.cast import Town
from tests.rough.pages import Form, Site, Values, send, sentences, unseen_buttons

pytestmark = pytest.mark.django_db

MARK = b"rappakalja"
MIB = 1024 * 1024
SHORT: dict[str, bytes] = {
    "a zero byte": b"\0",
    "half a character": b"\xed\xa0\x80",
    "bytes that are no text": b"\xff\xfe\x80",
    "control characters": b"\x01\x07\x1b[31m\x08\x7f\xc2\x85",
    "a long word": b"n" * 100_000,
}
FILES: dict[str, bytes] = {
    "ten megabytes of noise": bytes(range(256)) * (40 * 1024),
    "more than ten megabytes": b"9" * (10 * MIB + 1),
    "ten megabytes of brackets": b"[" * (10 * MIB),
    "zero bytes": b"\0" * 1000,
    "half a character in a name": b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":'
    b'"rappakalja \\ud800"},"geometry":{"type":"Polygon","coordinates":[[[11,57],[12,57],[12,58],[11,57]]]}}]}',
    "control characters in a name": b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":'
    b'"rappakalja \\u0000\\u0007"},"geometry":{"type":"Polygon","coordinates":[[[11,57],[12,57],[12,58],[11,57]]]}}]}',
    "numbers beyond all measure": b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":'
    b'"rappakalja"},"geometry":{"type":"Polygon","coordinates":[[[1e999,57],[12,NaN],[12,58],[11,57]]]}}]}',
}
# What may change in any request without anybody having stored a thing: who is signed in, and what was refused.
UNTOLD = {"django_session", "est_site_accessevent", "est_site_audithead"}
# Buttons that no page of the town shows just now; they are pressed all the same, without a form to fill in.
HIDDEN = {
    "-/csp",
    "administration/jobs/<int:group>/<int:pk>/retry/",  # a button without fields, on a page outside the group
    "g/<slug:slug>/documents/<int:pk>/order/",
    "g/<slug:slug>/meetings/<int:pk>/arrange/<int:item>/park/",  # a button of the form that moves the item
    "g/<slug:slug>/meetings/<int:pk>/arrange/renew/",  # where the order differs from the one that was sent
    "g/<slug:slug>/situation/editions/<int:pk>/order/",
    "g/<slug:slug>/meetings/<int:pk>/adjust/",  # shown to whoever is asked
    "g/<slug:slug>/meetings/<int:pk>/adjust/<int:adjuster>/drop/",  # a button where somebody is asked and has not answered
    "g/<slug:slug>/incidents/<int:pk>/part/",
    "g/<slug:slug>/report/draft/",  # sent by the page's script
    "g/<slug:slug>/report/draft/forget/",
    "g/<slug:slug>/report/photos/",  # sent by the page's script
    "g/<slug:slug>/report/nearby/",
    "g/<slug:slug>/report/table/rows/",  # buttons of the table's own form
    "g/<slug:slug>/report/table/paste/",
    "g/<slug:slug>/report/table/draft/",
    "g/<slug:slug>/report/table/draft/forget/",
    "g/<slug:slug>/guard/",  # asked by the script while somebody writes
    "g/<slug:slug>/incidents/<int:pk>/restore/",
    "g/<slug:slug>/incidents/<int:pk>/reopen/",
    "g/<slug:slug>/settings/doors/<int:pk>/show/",
    *("api/v1/observations", "api/v1/observations/batch", "api/v1/calm"),  # asked with a key, and tried by a machine
}


@pytest.fixture
def forms(site: tuple[Site, Site], carin: Client, stranger: Client) -> list[tuple[Client, Form]]:
    """Every form of the site with whoever fills it in, and every button that no page shows just now."""
    inside, outside = site
    found = [(carin, form) for form in inside.forms.values() if "sign-out" not in form.route]
    found += [(stranger, form) for form in outside.forms.values() if form.route.startswith(("account/", "^account/"))]
    buttons = unseen_buttons(carin, [inside, outside], "tarnsund")
    assert {form.route for form in buttons} == HIDDEN  # a new form needs a page of the town that shows it
    return found + [(carin, form) for form in buttons]


def stored(town: Town) -> str:
    """A fingerprint of every row that the group may see."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - UNTOLD
    ask = " UNION ALL ".join(
        f"SELECT '{table}' AS place, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{table}\" t"
        for table in sorted(tables)
        if table.split("_")[0] not in ("auth", "django")
    )
    with tenancy.inside(town.group), connection.cursor() as cursor:
        cursor.execute(ask)
        return str(cursor.fetchall())


def kept_marks(town: Town) -> list[str]:
    """The tables in which some of the nonsense stands."""
    found = []
    with tenancy.inside(town.group), connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if table in UNTOLD or table.startswith(("auth_", "django_")):
                continue
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{MARK.decode()}%"])
            found += [table] * bool(cursor.fetchone()[0])
    return found


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Whatever the form does is taken back, so that the next one finds the town as it was."""
    cookies = client.cookies.copy()
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)
    client.cookies = cookies


def fault(town: Town, before: str, response: Any) -> str:
    """What is wrong with an answer to nonsense; empty when it is a good one."""
    if response.status_code >= 500:
        return f"{response.status_code} {getattr(response, 'exc_info', ('',))[0]}"
    if response.status_code < 400:
        return f"{response.status_code}, kept in {marks}" if (marks := kept_marks(town)) else ""
    if stored(town) != before:
        return f"{response.status_code}, but something was stored"
    if "html" in response.get("Content-Type", "") and len(sentences(response)) < 80:
        return f"{response.status_code} without a word"
    return "" if len(response.content) < 150_000 else f"an answer of {len(response.content)} bytes"


def faults(
    town: Town, forms: list[tuple[Client, Form]], cases: Callable[[Form], Iterator[tuple[str, Any]]]
) -> list[str]:
    before, found = stored(town), []
    for client, form in forms:
        for what, submit in cases(form):
            with undone(client):
                wrong = fault(town, before, submit(client))
            if wrong:
                found.append(f"{form.method} {form.route} {what}: {wrong}")
    return found


def with_value(form: Form, name: str, value: bytes) -> Values:
    value = value[:2000] if form.method == "get" else value  # a server turns longer addresses away
    return [(one, value if one == name else was) for one, was in form.values]


def in_each_field(value: bytes, *kinds: str) -> Callable[[Form], Iterator[tuple[str, Any]]]:
    """The value in one field after the other: in each, or in those of these kinds."""

    def cases(form: Form) -> Iterator[tuple[str, Any]]:
        for name in [name for name in form.names if not kinds or form.kind(name) in kinds]:
            yield name, lambda client, name=name: send(client, form, with_value(form, name, value))

    return cases


def test_no_field_swallows_control_characters(meeting_town: Town, forms: list[tuple[Client, Form]]) -> None:
    junk = MARK + SHORT["control characters"] + MARK
    assert "\n".join(faults(meeting_town, forms, in_each_field(junk, "text", "textarea", "search"))) == ""


@pytest.mark.long
def test_no_field_swallows_or_stumbles_over_nonsense(meeting_town: Town, forms: list[tuple[Client, Form]]) -> None:
    found = [
        f"{what}: {wrong}"
        for what, junk in SHORT.items()
        for wrong in faults(meeting_town, forms, in_each_field(MARK + junk + MARK))
    ]
    assert "\n".join(found) == ""


def in_each_file(client: Client, form: Form, content: bytes) -> Any:
    return send(client, form, form.values, [(name, b"omr.geojson", content) for name in form.files])


TOO_MUCH: dict[str, Callable[[Form], tuple[Values, list[tuple[str, bytes, bytes]]]]] = {
    "10 MB in one field": lambda form: (with_value(form, form.names[0], b"n" * (10 * MIB)), []),
    "10,000 fields": lambda form: ([*form.values, *((f"n{n}", b"x") for n in range(10_000))], []),
    "10,000 times the same field": lambda form: ([*form.values, *[(form.names[0], b"x")] * 10_000], []),
    "10 files": lambda form: (form.values, [(f"file{n}", b"omr.geojson", b"{}") for n in range(10)]),
    "a name of 10 MB": lambda form: ([*form.values, ("n" * 10 * MIB, b"x")], []),
}


def too_much(town: Town, forms: list[tuple[Client, Form]]) -> str:
    def cases(form: Form) -> Iterator[tuple[str, Any]]:
        for what, much in TOO_MUCH.items() if form.method == "post" and form.names else ():
            values, files = much(form)
            yield what, lambda client, values=values, files=files: send(client, form, values, files)

    return "\n".join(faults(town, forms, cases))


def in_each_file_field(form: Form) -> Iterator[tuple[str, Any]]:
    for what, content in FILES.items() if form.files else ():
        yield what, lambda client, content=content: in_each_file(client, form, content)


def test_no_file_is_swallowed_and_too_much_is_turned_away(meeting_town: Town, forms: list[tuple[Client, Form]]) -> None:
    with_files = [one for one in forms if one[1].files]
    assert len(with_files) >= 2
    assert "\n".join(faults(meeting_town, with_files, in_each_file_field)) == ""
    assert too_much(meeting_town, [*with_files, *(one for one in forms if one[1].route.endswith("/report/"))]) == ""


@pytest.mark.long
def test_too_much_at_once_is_turned_away_by_every_form(meeting_town: Town, forms: list[tuple[Client, Form]]) -> None:
    assert too_much(meeting_town, forms) == ""
