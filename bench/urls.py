"""The installation's addresses, and the floor that a report is held against."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from est_site import urls
from est_site.access import Permission, require
from incidents.models import Incident, LocationPrecision

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@require_POST
@require(Permission.REPORT)
def floor(request: HttpRequest) -> HttpResponse:
    """The same middleware, session, membership and transaction, then one INSERT and a redirect."""
    member, now = cast(Any, request).member, timezone.now()
    row = _row(member, now, int(request.POST["top"]), uuid.UUID(request.POST["client_uuid"]))
    row.save(force_insert=True)
    response = HttpResponseRedirect("/")
    response.status_code = 303
    return response


def _row(member: Any, now: datetime, category: int, form: uuid.UUID) -> Incident:
    return Incident(
        group_id=member.group_id,
        organisation_id=member.organisation_id,
        reporter=member,
        category_id=category,
        kind="event",
        occurred_from=now,
        occurred_to=now,
        reported_at=now,
        recorded_at=now,
        day=now.astimezone(member.group.zone).date(),
        location_precision=LocationPrecision.NONE,
        client_uuid=form,
    )


urlpatterns = [*urls.urlpatterns, path("g/<slug:slug>/bench/floor/", floor)]
