"""The list of observations with its map, and one observation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from est_site import maps
from est_site.access import Permission, may, require
from est_site.partners.models import Area, Membership
from incidents import followed, listing, states
from incidents.filters import FilterForm
from incidents.models import Incident, SavedFilter
from incidents.views.shared import seen

NUMBERED = 60


@require_safe
@require(Permission.SEE_INCIDENTS, notes="observations.read")
def incidents(request: HttpRequest) -> HttpResponse:
    """What has been logged, latest first, narrowed as the address says."""
    member, now = cast(Membership, cast(Any, request).member), timezone.now()
    form = FilterForm(request.GET, member=member, today=now.astimezone(member.group.zone).date())
    rows = form.narrow(Incident.objects.visible_to(member).standing())
    areas = form.areas_on_map
    cells = listing.grid([area.shape.bounds for area in areas])
    found = listing.find(rows, member, cells)
    page = listing.page(rows, member, found.rows, request.GET.get("page"))
    for row in page:
        row.states = states.words(row, now)
        row.on, row.at = states.began(row)
        row.cell = cells.cell(row.x, row.y) if row.x is not None else ""
    context = {
        "form": form,
        "saved": _saved(form, member, request.GET.urlencode()),
        "page": page,
        "found": found,
        "filtered": form.narrows,
        "has_errors": bool(form.errors),
        "may_review": may(member, Permission.REVIEW_INTAKE),
        "may_import": may(member, Permission.IMPORT_OWN),
        "map": _map(form, areas, found, member) if found.rows else "",
    }
    return render(request, "incidents/incidents.html", context)


@require_safe
@require(Permission.SEE_INCIDENTS, notes="observations.read")
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """One observation, what was done to it and what became of it. Who logged it is for their own organisation."""
    member, now = cast(Membership, cast(Any, request).member), timezone.now()
    cast(Any, request).section = "incidents"
    return render(request, "incidents/incident.html", followed.page(member, seen(member, pk), now))


def _saved(form: FilterForm, member: Membership, asked: str) -> dict[str, Any]:
    """The person's own choices as links, and the one that the list shows now, also when part of it is no longer there."""
    url, query = reverse("incidents", args=[member.group.slug]), form.query
    rows = list(SavedFilter.objects.visible_to(member))
    current = next((row for row in rows if row.query in (query, asked)), None)
    items = [{"url": f"{url}?{row.query}", "title": row.name, "current": row == current} for row in rows]
    return {"items": items, "current": current, "query": query}


def _map(form: FilterForm, areas: Sequence[Area], found: listing.Found, member: Membership) -> SafeString:
    url = reverse("incidents", args=[member.group.slug])
    counts = {area.pk: sum(found.areas[pk] for pk in form.drawings[area.pk]) for area in areas}
    drawn = [
        maps.MapArea(area.pk, area.name, area.shape, count=str(counts[area.pk]), href=f"{url}?area={area.pk}")
        for area in areas
    ]
    numbered = len(found.clusters) <= NUMBERED  # many are a pattern to see, not numbers to read
    most = max((one.count for one in found.clusters), default=1)
    points = [
        maps.MapPoint(
            one.lon,
            one.lat,
            str(one.count) if numbered and one.count > 1 else "",
            "cluster",
            one.cell,
            one.count / most,
        )
        for one in found.clusters
    ]
    inside = sum(counts.values())
    title = ngettext("Map: %(n)s observation in %(areas)s areas", "Map: %(n)s observations in %(areas)s areas", inside)
    return maps.map_svg(
        drawn,
        points,
        idn="incidents-map",
        title=title % {"n": inside, "areas": len(areas)},
        desc=_("The same observations stand in the list."),
        empty=_("The group has no areas yet."),
    )
