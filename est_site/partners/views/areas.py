"""Settings: areas, on the map and in the list, and how they come in."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site import maps
from est_site.access import Permission, require
from est_site.partners import actions, importing, limits
from est_site.partners.actions.areas import SWEDISH_TIME, existing
from est_site.partners.forms import AreaForm, ImportFieldsForm, ImportForm, LastDayForm, RedrawForm
from est_site.partners.models import Area, Layer, Membership
from est_site.partners.screens import Page, member_of, own, path, save, show, show_form

KEPT_SECONDS = 3600  # a file waits that long for the coordinator's yes
SHOWN_PAIRS = 20
PER_PAGE = 200


@require_safe
@require(Permission.MANAGE_PLACES)
def areas(request: HttpRequest) -> HttpResponse:
    """The map and its equal, the list; below it where the drawing is inexact."""
    member = member_of(request)
    today = timezone.now().astimezone(member.group.zone).date()
    rows = list(Area.objects.visible_to(member).to_draw().order_by("layer", "name", "valid_from"))
    current = [area for area in rows if area.valid_to is None or area.valid_to >= today]
    est = [area for area in current if area.layer == Layer.EST and area.valid_from <= today]
    shapes = [area.shape for area in est]
    context = {
        "page": Paginator(current, PER_PAGE).get_page(request.GET.get("page")),
        "est": est,
        "ended": [area for area in rows if area not in current],
        "population": sum(area.population or 0 for area in est),
        "uncounted": sum(area.population is None for area in est),
        "map": _map(member, est, shapes),
        "slivers": importing.overlaps([area.name for area in est], shapes)[:SHOWN_PAIRS],
        "today": today,
    }
    return show(request, "areas", "areas", context)


def _map(member: Membership, est: list[Area], shapes: list[Any]) -> str:
    drawn = [
        maps.MapArea(area.pk, area.name, shape, href=path(member, "area", area.pk))
        for area, shape in zip(est, shapes, strict=True)
    ]
    return maps.map_svg(
        drawn,
        idn="areas",
        title=gettext("The group's areas"),
        desc=gettext("The same areas stand in the list beside the map."),
        empty=gettext("No areas yet"),
    )


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PLACES)
def area(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(Area, member, pk)
    intro = _("A new name changes nothing else. To change the border, redraw the area instead.")
    page = Page("areas", row.name, _("Save"), path(member, "areas"), intro)
    form = AreaForm(request.POST or None, instance=row)
    return save(request, page, form, actions.change_area, _("Saved."), area=row, now=timezone.now())


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PLACES)
def end_area(request: HttpRequest, pk: int) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    row = own(Area, member, pk, "group")
    page = Page(
        "areas",
        _("%(name)s is no longer an area") % {"name": row.name},
        _("End the area"),
        path(member, "areas"),
        _("Everything up to the last day stays in the area; after that the ground belongs to no area."),
        danger=True,
    )
    today = now.astimezone(member.group.zone).date()
    form = LastDayForm(request.POST or None, initial={"version": row.version, "last_day": today})
    return save(request, page, form, actions.end_area, _("The area has an end."), area=row, now=now)


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PLACES)
def redraw_area(request: HttpRequest, pk: int) -> HttpResponse:
    """A file with the new border: one feature, or the one with the area's name."""
    member, now = member_of(request), timezone.now()
    row = own(Area, member, pk, "group")
    intro = _("The file holds the new border alone, or a feature with the same name.")
    page = Page("areas", _("Redraw %(name)s") % {"name": row.name}, _("Redraw"), path(member, "areas"), intro)
    today = now.astimezone(member.group.zone).date()
    form = RedrawForm(request.POST or None, request.FILES or None, initial={"version": row.version, "first_day": today})
    if request.method != "POST":
        return show_form(request, page, form)
    if form.is_valid():
        file = form.cleaned_data.pop("file")
        try:
            geometry = importing.border_for(row.name, importing.read(file.read(), file=file.name))
        except importing.Refused as refused:
            form.add_error("file", [str(problem) for problem in refused.problems])
        else:
            said = _("Redrawn.")
            return save(request, page, form, actions.redraw_area, said, area=row, geometry=geometry, now=now)
    return show_form(request, page, form, 422)


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PLACES)
def import_areas(request: HttpRequest) -> HttpResponse:
    """Take a file and keep it for an hour; nothing is written before the report was read."""
    member, now = member_of(request), timezone.now()
    intro = _("First you see what the file would do. Nothing is saved until you say so.")
    page = Page("areas", _("Import areas"), _("Look at the file"), path(member, "areas"), intro)
    today = now.astimezone(member.group.zone).date()
    initial = {"valid_from": member.group.first_period if not _has_areas(member) else today}
    form = ImportForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method != "POST":
        return show_form(request, page, form)
    if form.is_valid() and (wait := limits.spend("import", member, now)):
        form.add_error(None, limits.sentence(wait))
        return limits.told(show_form(request, page, form, 422), wait)
    if form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read()
        try:
            source = importing.read(data, file=file.name)
        except importing.Refused as refused:
            form.add_error("file", [str(problem) for problem in refused.problems])
        else:
            token = hashlib.sha256(data).hexdigest()[:32]
            cache.set(_key(member, token), (file.name, data), KEPT_SECONDS)
            query = {
                "name_field": importing.guess_name_field(source),
                "layer": form.cleaned_data["layer"],
                "valid_from": form.cleaned_data["valid_from"],
            }
            return redirect(f"{path(member, 'import_report', token)}?{urlencode(query)}")
    return show_form(request, page, form, 422)


def _has_areas(member: Membership) -> bool:
    return bool(Area.objects.visible_to(member).exists())


def _key(member: Membership, token: str) -> str:
    return f"areas:{member.group_id}:{member.pk}:{token}"


@require_safe
@require(Permission.MANAGE_PLACES)
def import_report(request: HttpRequest, token: str) -> HttpResponse:
    """What the file would do: how many areas, what is inexact, or why it is refused and where."""
    member = member_of(request)
    kept = cache.get(_key(member, token))
    if kept is None:
        return _file_gone(request, member)
    file, data = kept
    source = importing.read(data, file=file)
    form = ImportFieldsForm(request.GET, fields=source.fields)
    context: dict[str, Any] = {"file": file, "token": token, "form": form, "shown": SHOWN_PAIRS}
    if not form.is_valid():
        return show(request, "areas", "import_report", context, 422)
    try:
        context["plan"] = _plan(member, source, form.cleaned_data)
    except importing.Refused as refused:
        return show(request, "areas", "import_report", context | {"problems": refused.problems}, 422)
    return show(request, "areas", "import_report", context)


@require_POST
@require(Permission.MANAGE_PLACES)
def import_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Write what the report said."""
    member, now = member_of(request), timezone.now()
    kept = cache.get(_key(member, token))
    if kept is None:
        return _file_gone(request, member)
    file, data = kept
    source = importing.read(data, file=file)
    form = ImportFieldsForm(request.POST, fields=source.fields)
    report = f"{path(member, 'import_report', token)}?{request.POST.urlencode()}"
    if not form.is_valid():
        return redirect(report)
    try:
        plan = _plan(member, source, form.cleaned_data)
    except importing.Refused:
        return redirect(report)
    values = form.cleaned_data
    added = actions.add_areas(
        by=member, group=member.group, plan=plan, layer=values["layer"], valid_from=values["valid_from"], now=now
    )
    cache.delete(_key(member, token))
    messages.success(request, gettext("%(count)s areas were added.") % {"count": len(added)})
    return redirect("areas", member.group.slug)


def _plan(member: Membership, source: importing.Source, values: dict[str, Any]) -> importing.Plan:
    return importing.plan(
        source,
        name_field=values["name_field"],
        population_field=values["population_field"],
        existing=existing(member.group, values["layer"], values["valid_from"]),
        swedish=member.group.time_zone == SWEDISH_TIME,
    )


def _file_gone(request: HttpRequest, member: Membership) -> HttpResponse:
    messages.error(request, gettext("The file is no longer here; it is kept for an hour. Choose it again."))
    return redirect("import_areas", member.group.slug)
