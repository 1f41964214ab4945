"""What is taken away from a page, as the browser saves it."""

from __future__ import annotations

from django.http import HttpResponse

TYPES = {"csv": "text/csv; charset=utf-8", "geojson": "application/geo+json", "svg": "image/svg+xml"}


def download(text: str, stem: str, form: str = "csv") -> HttpResponse:
    """A file of this name; a table begins with the mark by which spreadsheets know its letters."""
    response = HttpResponse(f"\ufeff{text}" if form == "csv" else text, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{stem}.{form}"'
    return response
