"""What every paper made from frozen figures shares: its sum, its map, its file, and the handing out of that."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from est_site import audit, filing, jobs
from est_site.maps import MapArea, Projection, map_svg, read_geometry
from est_site.models import Document
from est_site.partners.models import Area, Group, Membership
from situation.judged import Judged


def checksum(frozen: Mapping[str, Any]) -> str:
    """SHA-256 of the frozen content, the same however its keys are stored."""
    text = json.dumps(frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def areas_map(
    picture: Mapping[str, Any], verdicts: Judged | None, *, group: Group, idn: str, for_pdf: bool, empty: str = ""
) -> str:
    """The areas of a frozen picture with their counts; without any area what `empty` says, or nothing."""
    counts = {area: count for area, count, _mean in picture["area_totals"]}
    shapes = Area.objects.filter(group=group, pk__in=[area["id"] for area in picture["areas"]])
    drawn = [
        MapArea(
            id=area.pk,
            name=area.name,
            geometry=read_geometry(area.geometry),
            fill=verdicts.fill(area.pk) if verdicts else "plain",
            count=str(counts.get(area.pk, 0)) if picture.get("heard", True) else "",
        )
        for area in shapes.order_by("name", "id")
    ]
    if not drawn and not empty:
        return ""
    return map_svg(
        drawn,
        idn=idn,
        title=_("Map of the areas with the number of observations in each. The same numbers stand in the table."),
        empty=empty,
        projection=Projection(group.metric_epsg),
        for_pdf=for_pdf,
    )


def pdf(html: str, *, title: str, language: str, created: datetime, identifier: str) -> bytes:
    """The sheet as a file, the same bytes each time; a sheet that can never be one is `jobs.Hopeless`."""
    from est_site import documents  # brings WeasyPrint and its fonts: workers only

    for character in documents.missing_glyphs(html):  # an emoji in a note must not stop the minutes
        html = html.replace(character, f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]")
    try:
        return documents.render(
            html,
            stylesheets=[documents.document_css()],
            title=title,
            language=language,
            created=created,
            identifier=identifier,
        )
    except documents.DocumentError as error:
        raise jobs.Hopeless(str(error)) from error


def hand_out(document: Document, *, to: Membership, now: datetime, suffix: str = "") -> HttpResponse:
    """The file of a document, and a note of who fetched it."""
    audit.access(
        user_id=to.user_id,
        group_id=to.group_id,
        what="document.read",
        subject=str(document.pk),
        now=now,
    )
    response = HttpResponse(filing.read(document), content_type="application/pdf")
    name = f"{slugify(to.group.name)}-{slugify(document.title)}{suffix}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
