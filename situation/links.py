"""Where the figures of a picture lead. Pages of rooms further right are named, never imported."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def observations(slug: str, period_id: int, *, area: int | str | None = None, category: int | None = None) -> str:
    """The list of observations behind a figure; `none` is what lies outside all areas. Nowhere without a slug."""
    address = page("incidents", slug) if slug else ""
    if not address:
        return ""
    chosen = {"period": period_id, "area": area, "category": category}
    query = urlencode({key: value for key, value in chosen.items() if value is not None})
    return f"{address}?{query}"


def page(name: str, *args: object) -> str:
    """The address of a page, empty where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
