"""The chart of the report form: loaded only when somebody wants to say where on it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from est_site.access import Permission, require
from est_site.partners.models import Area, Place
from incidents import pins
from incidents.views.shared import member_of


@require_safe
@require(Permission.REPORT)
def report_map(request: HttpRequest) -> HttpResponse:
    """A part of the report's page: the whole town, or the area that is asked for."""
    member = member_of(request)
    today = timezone.now().astimezone(member.group.zone).date()
    areas = list(Area.objects.visible_to(member).est().on(today).to_draw())
    chosen = next((area for area in areas if str(area.pk) == request.GET.get("pin_area")), None)
    chart = None
    if areas:
        places = list(Place.objects.visible_to(member).active().named())
        drawn = [chosen] if chosen else areas
        chart = pins.chart(drawn, places, member.group.metric_epsg, whole=chosen is None)
    return render(request, "incidents/pin.html", {"areas": areas, "chosen": chosen, "chart": chart})
