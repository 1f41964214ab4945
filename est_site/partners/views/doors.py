"""Settings, Right door: where people are sent with what EST is not for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, require
from est_site.partners import actions
from est_site.partners.forms import DoorForm
from est_site.partners.models import Door
from est_site.partners.screens import Page, member_of, own, path, press, save, show, shown_version


@require_safe
@require(Permission.MANAGE_PARTNERS)
def right_doors(request: HttpRequest) -> HttpResponse:
    rows = list(Door.objects.visible_to(member_of(request)))
    hidden = [row for row in rows if not row.is_active]
    context = {"in_use": [row for row in rows if row.is_active], "hidden": hidden, "most": actions.MOST_DOORS}
    return show(request, "right_doors", "doors", context)


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PARTNERS)
def add_door(request: HttpRequest) -> HttpResponse:
    page = Page("right_doors", _("Add a door"), _("Add"), path(member_of(request), "right_doors"))
    form = DoorForm(request.POST or None)
    return save(request, page, form, actions.add_door, _("Added."), now=timezone.now())


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PARTNERS)
def door(request: HttpRequest, pk: int) -> HttpResponse:
    row = own(Door, member_of(request), pk)
    intro = _("Shown as you write it, in both languages.")
    page = Page("right_doors", row.name, _("Save"), path(member_of(request), "right_doors"), intro)
    form = DoorForm(request.POST or None, instance=row)
    return save(request, page, form, actions.change_door, _("Saved."), door=row, now=timezone.now())


@require_POST
@require(Permission.MANAGE_PARTNERS)
def move_door(request: HttpRequest, pk: int) -> HttpResponse:
    row = own(Door, member_of(request), pk)
    arguments = {"door": row, "up": request.POST.get("way") == "up", "now": timezone.now()}
    said = _("%(name)s was moved.") % {"name": row.name}
    return press(request, path(member_of(request), "right_doors"), actions.move_door, said, **arguments)


@require_POST
@require(Permission.MANAGE_PARTNERS)
def hide_door(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, pk, False, _("%(name)s is no longer shown."))


@require_POST
@require(Permission.MANAGE_PARTNERS)
def show_door(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, pk, True, _("%(name)s is shown again."))


def _shown(request: HttpRequest, pk: int, shown: bool, said: str) -> HttpResponse:
    row = own(Door, member_of(request), pk)
    arguments = {"door": row, "version": shown_version(request), "shown": shown, "now": timezone.now()}
    back = path(member_of(request), "right_doors")
    return press(request, back, actions.show_door, said % {"name": row.name}, **arguments)
