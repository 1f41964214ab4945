"""What partners' systems may say and read: `/api/v1/`. The document that describes it is made from these types."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from incidents.api import gate, problems, routes, taking

PREFIX = "/api/v1/"

api = NinjaAPI(
    title="EST",
    version="1",
    description=routes.__doc__ or "",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
)
api.add_router("", routes.router)
api.add_exception_handler(ValidationError, problems.of_fields)
api.add_exception_handler(HttpError, problems.of_words)
api.add_exception_handler(gate.Refused, gate.refusal)
api.add_exception_handler(taking.SameMoment, problems.of_the_same_moment)


def patterns() -> list[URLPattern]:
    """The routes behind the gate; what the framework adds of its own is not served."""
    found: list[Any] = api.urls[0]
    own = [pattern for pattern in found if pattern.name != "api-root"]
    for pattern in own:
        pattern.callback = gate.gated(pattern.callback)
    return own


def document() -> dict[str, Any]:
    return dict(api.get_openapi_schema(path_prefix=PREFIX))
