"""Shaded pieces of ground on the map."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from shapely.geometry.base import BaseGeometry

from est_site.maps.ground import View, outline
from est_site.maps.metres import moved

STEPS = 5
SHADES = ["#b9c9d6", "#7f9fb9", "#446f97", "#17497a", "#0b2a4a"]


def patch(
    view: View, shape: BaseGeometry, share: float, for_pdf: bool, cell: str = "", *, framed: bool = False
) -> SafeString:
    """A hexagon or square in degrees, darker the higher its share; a frame says more than the shade."""
    d = outline(moved(shape, view.place))
    step = max(1, min(STEPS, round(share * STEPS + 0.49)))
    ink = format_html('fill="{}"', SHADES[step - 1]) if for_pdf else format_html('class="h-{}"', step)
    known = format_html(' data-cell="{}"', cell) if cell and not for_pdf else ""
    frame = format_html(' stroke="{}" stroke-width="3"', "#ac3a0e") if framed else ""
    return format_html('<path {}{}{} fill-opacity=".65" d="{}"/>', ink, known, frame, d)
