"""Refusals in our words, as JSON: one sentence, and one fault for each field that is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _


def answer(status: int, error: str, faults: Iterable[dict[str, Any]] = ()) -> JsonResponse:
    said = {"error": error, "faults": [{"field": "", "kind": None, **fault} for fault in faults]}
    return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})


def of_fields(request: HttpRequest, problem: Any) -> JsonResponse:
    """What does not fit the document; nothing that was sent is repeated."""
    faults = [{"field": _field(error["loc"]), "reason": _reason(error)} for error in problem.errors]
    return answer(422, _("The request is not as the document says. Nothing was saved."), faults)


def of_words(request: HttpRequest, problem: Any) -> JsonResponse:
    """The framework's own refusals: what could not be read as JSON."""
    if problem.status_code == 400:
        return answer(422, _("The request is no JSON. Nothing was saved."))
    return answer(problem.status_code, problem.message)


def of_the_same_moment(request: HttpRequest, problem: Any) -> JsonResponse:
    return answer(409, _("Another request saves the same observations right now. Send it again."))


def _field(where: tuple[Any, ...]) -> str:
    """`observations.3.text`: without where in the request it stood, and without the name of the parameter."""
    parts = [str(part) for part in where]
    parts = parts[2:] if parts[:1] == ["body"] else parts[1:]
    return ".".join(parts)


def _reason(error: dict[str, Any]) -> str:
    kind, details = error["type"], error.get("ctx", {})
    reasons = {
        "missing": _("is missing"),
        "extra_forbidden": _("is not known here"),
        "string_type": _("must be text"),
        "bool_type": _("must be true or false"),
        "float_type": _("must be a number"),
        "float_parsing": _("must be a number"),
        "finite_number": _("must be a number"),
        "int_type": _("must be a whole number"),
        "int_parsing": _("must be a whole number"),
        "int_from_float": _("must be a whole number"),
        "string_too_short": _("may not be empty"),
        "string_too_long": _("may have at most %(n)s characters") % {"n": details.get("max_length")},
        "too_long": _("may hold at most %(n)s") % {"n": details.get("max_length")},
        "too_short": _("may not be empty"),
        "greater_than_equal": _("may be at least %(n)s") % {"n": details.get("ge")},
        "less_than_equal": _("may be at most %(n)s") % {"n": details.get("le")},
        "literal_error": _("must be one of %(choices)s") % {"choices": details.get("expected")},
        "value_error": str(details.get("error", "")),
        "json_invalid": _("is no JSON"),
    }
    return reasons.get(kind) or _("is not as the document says")
