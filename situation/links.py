"""Where the figures of a picture lead."""

from __future__ import annotations

from django.urls import reverse


class Observations:
    """Addresses of the lists of observations behind a period's figures; the area `none` is what lies outside all.

    Nowhere without a slug: the figures are then read by somebody who may not open the list.
    """

    def __init__(self, slug: str, period_id: int) -> None:
        self.base = f"{reverse('incidents', args=[slug])}?period={period_id}" if slug else ""

    def __call__(self, *, area: int | str | None = None, category: int | None = None) -> str:
        if not self.base:
            return ""
        where = "" if area is None else f"&area={area}"
        return f"{self.base}{where}" if category is None else f"{self.base}{where}&category={category}"
