"""What the pages about one's own observations share."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from est_site.partners.models import Membership
from incidents.models import Incident

RELATED = ("group", "category__parent", "place", "area", "organisation", "reporter__user", "batch")


def member_of(request: HttpRequest) -> Membership:
    return cast(Membership, cast(Any, request).member)


def seen(member: Membership, pk: int) -> Incident:
    """An observation the member may read, or 404."""
    found: Incident | None = Incident.objects.visible_to(member).filter(pk=pk).select_related(*RELATED).first()
    if found is None:
        raise Http404
    return found


def own(member: Membership, pk: int) -> Incident:
    """The member's own observation, or 404."""
    found = seen(member, pk)
    if found.reporter_id != member.pk:
        raise Http404
    return found


def back(member: Membership, incident: Incident) -> HttpResponse:
    return redirect("incident", member.group.slug, incident.pk)


def refused(request: HttpRequest, incident: Incident) -> HttpResponse:
    """It cannot be done any more: the page says how it stands instead."""
    messages.error(request, _("That can no longer be done. This is how the observation stands now."))
    return back(member_of(request), incident)


def see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
