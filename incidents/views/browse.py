"""The list of observations with its map, and one observation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from est_site import maps
from est_site.access import Permission, may, require
from est_site.partners.models import Membership
from incidents.filters import FilterForm
from incidents.models import Incident, IncidentQuerySet

PER_PAGE = 50
POINTS = 500  # the latest; more would only be a blot


@require_safe
@require(Permission.SEE_INCIDENTS, notes="observations.read")
def incidents(request: HttpRequest) -> HttpResponse:
    """What has been logged, latest first, narrowed as the address says."""
    member, now = cast(Membership, cast(Any, request).member), timezone.now()
    form = FilterForm(request.GET, member=member, today=now.astimezone(member.group.zone).date())
    rows = form.narrow(Incident.objects.visible_to(member).standing())
    groups = list(rows.order_by().values_list("area_id", "organisation_id").annotate(n=Count("id")))
    total = {"rows": sum(n for *_key, n in groups), "organisations": len({one for _area, one, _n in groups})}
    shown = rows.select_related("category__parent", "place", "area", "organisation", "reporter__user")
    pages = Paginator(shown.order_by("-occurred_from", "-id"), PER_PAGE)
    pages.count = total["rows"]  # it is known: the paginator need not ask again
    page = pages.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "total": total,
        "filtered": form.narrows,
        "has_errors": bool(form.errors),
        "may_import": may(member, Permission.IMPORT_OWN),
        "map": _map(form, rows, groups, member) if total["rows"] else "",
    }
    return render(request, "incidents/incidents.html", context)


@require_safe
@require(Permission.SEE_INCIDENTS, notes="observations.read")
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """One observation. Who logged it is for their own organisation."""
    member = cast(Membership, cast(Any, request).member)
    cast(Any, request).section = "incidents"
    related = ("category__parent", "place", "area", "organisation", "reporter__user", "batch")
    found = Incident.objects.visible_to(member).filter(pk=pk).select_related(*related).first()
    if found is None:
        raise Http404
    return render(request, "incidents/incident.html", {"incident": found})


def _map(
    form: FilterForm, rows: IncidentQuerySet, groups: Sequence[tuple[int | None, int, int]], member: Membership
) -> SafeString:
    found: Counter[int | None] = Counter()
    for area_id, _organisation, n in groups:
        found[area_id] += n
    areas = form.areas
    counts = {area.pk: sum(found[pk] for pk in form.drawings[area.pk]) for area in areas}
    where = rows.annotate(x=Coalesce("lon", "place__lon"), y=Coalesce("lat", "place__lat")).filter(x__isnull=False)
    spots: Iterable[tuple[float, float]] = where.order_by("-occurred_from", "-id").values_list("x", "y")[:POINTS]
    url = reverse("incidents", args=[member.group.slug])
    drawn = [
        maps.MapArea(
            area.pk,
            area.name,
            maps.read_geometry(area.geometry),
            count=str(counts[area.pk]),
            href=f"{url}?area={area.pk}",
        )
        for area in areas
    ]
    inside = sum(counts.values())
    title = ngettext("Map: %(n)s observation in %(areas)s areas", "Map: %(n)s observations in %(areas)s areas", inside)
    return maps.map_svg(
        drawn,
        [maps.MapPoint(x, y) for x, y in spots],
        idn="incidents-map",
        title=title % {"n": inside, "areas": len(areas)},
        desc=_("The same observations stand in the list."),
        empty=_("The group has no areas yet."),
    )
