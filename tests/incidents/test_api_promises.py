"""What partners' systems rely on stands in docs/api/openapi.json; it may grow, and nothing in it is taken back."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from incidents.management.commands import write_api_document
from tests.incidents import contract

KEPT = json.loads(write_api_document.PATH.read_text())
OBSERVATIONS = "/api/v1/observations"


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = copy.deepcopy(KEPT)
    change(document)
    return document


def sent(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]["ObservationIn"]
    return found


def answered(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]["ObservationOut"]
    return found


def test_nothing_that_partners_rely_on_is_taken_back() -> None:
    found = contract.breaking(KEPT, json.loads(write_api_document.written()))
    assert not found, "Partners' systems would break; make a /api/v2/ or take it back:\n" + "\n".join(found)


def test_the_document_that_is_kept_is_the_one_that_is_served() -> None:
    same = write_api_document.PATH.read_text() == write_api_document.written()
    assert same, "The API has grown. Keep it with: ./est manage write_api_document"


BREAKING: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda new: new["paths"].pop(OBSERVATIONS), f"GET {OBSERVATIONS} is gone"),
    (lambda new: new["paths"][OBSERVATIONS].pop("post"), f"POST {OBSERVATIONS} is gone"),
    (lambda new: new["paths"][OBSERVATIONS]["post"]["responses"].pop("201"), "the answer 201 is gone"),
    (lambda new: new["paths"][OBSERVATIONS]["get"]["parameters"].pop(), "is gone"),
    (lambda new: new["paths"][OBSERVATIONS]["get"]["parameters"][0].update(required=True), "must be there now"),
    (lambda new: new["paths"][OBSERVATIONS]["post"].update({"x-scope": "calm"}), "another scope"),
    (lambda new: sent(new)["properties"].pop("text"), "body.text is gone"),
    (lambda new: sent(new)["required"].append("text"), "body.text must be there now"),
    (lambda new: sent(new)["properties"]["text"].update(maxLength=10), "maxLength is 10"),
    (lambda new: sent(new)["properties"]["text"].update(minLength=5), "minLength is 5"),
    (lambda new: sent(new)["properties"]["text"].update(pattern="^A"), "must look otherwise"),
    (lambda new: sent(new)["properties"]["text"].update(enum=["A"]), "is one of a list now"),
    (lambda new: sent(new)["properties"]["text"].update(type="integer"), "was string and is integer"),
    (lambda new: answered(new)["properties"].pop("text"), "text is gone"),
    (lambda new: answered(new)["required"].remove("text"), "is not always there"),
    (
        lambda new: answered(new)["properties"].update(text={"anyOf": [{"type": "string"}, {"type": "null"}]}),
        "may also be null",
    ),
]


@pytest.mark.parametrize(("change", "said"), BREAKING, ids=[said for _change, said in BREAKING])
def test_what_is_removed_or_narrowed_is_said(change: Callable[[dict[str, Any]], object], said: str) -> None:
    found = contract.breaking(KEPT, changed(change))
    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    "change",
    [
        lambda new: new["paths"].update({"/api/v1/more": {"get": {"responses": {}}}}),
        lambda new: sent(new)["properties"].update(colour={"type": "string"}),
        lambda new: sent(new)["properties"]["text"].update(maxLength=100_000, description="Said better."),
        lambda new: sent(new)["required"].pop(),
        lambda new: answered(new)["properties"].update(colour={"type": "string"}),
    ],
    ids=["a route", "a field", "more room", "a field that may be left out", "a field in the answer"],
)
def test_an_addition_breaks_nothing(change: Callable[[dict[str, Any]], object]) -> None:
    assert contract.breaking(KEPT, changed(change)) == []
