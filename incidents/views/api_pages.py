"""What partners' systems may ask, for the people who write them: the document, and a page that reads it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from est_site.access import Permission, require
from incidents import api

METHODS = ("get", "post")


@require_safe
@require(Permission.OWN_ACCOUNT)
def document(request: HttpRequest) -> HttpResponse:
    """OpenAPI, made from the same types that read and write."""
    made = api.document() | {"servers": [{"url": settings.BASE_URL}]}
    return JsonResponse(made, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
@require(Permission.OWN_ACCOUNT)
def routes(request: HttpRequest) -> HttpResponse:
    made = api.document()
    rows: list[dict[str, Any]] = [
        {
            "method": method.upper(),
            "path": path,
            "summary": said["summary"],
            "scope": said["x-scope"],
            "description": said["description"],
            "answers": sorted(said["responses"]),
        }
        for path, methods in made["paths"].items()
        for method, said in methods.items()
        if method in METHODS
    ]
    context = {"about": made["info"]["description"], "rows": rows, "signed_in": True, "base": settings.BASE_URL}
    return render(request, "incidents/api.html", context)
