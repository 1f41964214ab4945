"""Pages of the house itself: the door, Home, errors, health, and what every page's frame shows."""

from __future__ import annotations

import logging
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from est_site import slots
from est_site.access import Permission, may, public, require
from est_site.guarding import Guard
from est_site.partners.models import Membership
from est_site.styleguide import content as styleguide_content

log = logging.getLogger(__name__)
LONGEST_TEXT = 10_000

# The menu follows the line of the apps. (name of the URL, what it is called, permission)
MENU = [
    ("home", _("Home"), Permission.SEE_HOME),
    ("report", _("Report"), Permission.REPORT),
    ("incidents", _("Observations"), Permission.SEE_INCIDENTS),
    ("situation", _("Situation picture"), Permission.SEE_PICTURE),
    ("meetings", _("Weekly meeting"), Permission.SEE_MEETING),
    ("interventions", _("Interventions"), Permission.SEE_INTERVENTIONS),
    ("documents", _("Documents"), Permission.SEE_DOCUMENTS),
    ("partners", _("Settings"), Permission.MANAGE_PARTNERS),
]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: who is here and what they may open. Asks the database for nothing."""
    member = getattr(request, "member", None)
    menu = []
    if member is not None:
        here = request.resolver_match.url_name if request.resolver_match else ""
        section = getattr(request, "section", here)
        for name, title, permission in MENU:
            if may(member, permission):
                menu.append(
                    {"url": reverse(name, args=[member.group.slug]), "title": title, "current": name == section}
                )
    elsewhere = getattr(member, "elsewhere", False)  # asked for together with the membership
    return {
        "member": member,
        "menu": menu,
        "several_groups": elsewhere,
        "request_id": getattr(request, "id", ""),
        "demo": settings.DEMO,
    }


@require_safe
@require(Permission.OWN_ACCOUNT)
def door(request: HttpRequest) -> HttpResponse:
    """`/`: straight in for a person with one group, a choice for several, a plain word for none."""
    today = timezone.localdate()
    own = Membership.objects.active(today).filter(user_id=cast(int, request.user.pk))
    memberships = list(own.select_related("group").order_by("group__name"))
    if len(memberships) == 1:
        return redirect("home", memberships[0].group.slug)
    return render(request, "est_site/door.html", {"memberships": memberships, "signed_in": True})


@require_safe
@require(Permission.SEE_HOME)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me."""
    member = cast(Any, request).member
    return render(request, "est_site/home.html", {"cards": slots.cards("home", member, [member], timezone.now())})


@require_POST
@require(Permission.SEE_HOME)
def guard_text(request: HttpRequest) -> HttpResponse:
    """What the guard says about a text while it is written. Nothing is kept."""
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    found = Guard(request.POST.get("field", ""), request.POST.get("place", ""), text, request.POST)
    found.note()
    return render(request, "components/guard_found.html", {"guard": found})


@require_POST
@public("anyone may choose their language")
def set_language(request: HttpRequest) -> HttpResponse:
    """Choose sv or en; comes back to the page it was pressed on."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise BadRequest(f"no such language: {language[:10]}")
    back = request.POST.get("next", "/")
    response = redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response


@require_safe
@public("the living style guide shows components with invented content")
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "est_site/styleguide.html", styleguide_content())


@csrf_exempt
@require_POST
@public("browsers report violations of the content policy without a session")
def csp_report(request: HttpRequest) -> HttpResponse:
    log.warning("content policy violation")
    return HttpResponse(status=204)


def error(request: HttpRequest, status: int, template: str) -> HttpResponse:
    return render(request, template, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What could not be read; what was too much to read is told its limits."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return error(request, 413, "413.html")
    return error(request, 400, "400.html")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 403, "403.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error(request, 404, "404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the context processors: one of them may be what failed."""
    return HttpResponse(render_to_string("500.html", {"request_id": getattr(request, "id", "")}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error(request, 403, "csrf.html")
