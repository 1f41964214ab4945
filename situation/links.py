"""Where the figures of a picture lead."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse


def observations(slug: str, period_id: int, *, area: int | str | None = None, category: int | None = None) -> str:
    """The list of observations behind a figure; the area `none` is what lies outside all areas.

    Nowhere without a slug: the figure is then read by somebody who may not open the list.
    """
    if not slug:
        return ""
    chosen = {"period": period_id, "area": area, "category": category}
    query = urlencode({key: value for key, value in chosen.items() if value is not None})
    return f"{reverse('incidents', args=[slug])}?{query}"
