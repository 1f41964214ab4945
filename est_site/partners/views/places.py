"""Settings: named places and the tree of categories."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, require
from est_site.partners import actions
from est_site.partners.forms import CategoryForm, MainCategoryForm, NewCategoryForm, PlaceForm
from est_site.partners.models import Category, CategoryName, Organisation, Place, PlaceKind
from est_site.partners.screens import Page, member_of, own, path, press, press_on, save, show

SHOWN = 200  # of what a search finds


@require_safe
@require(Permission.MANAGE_PLACES)
def places(request: HttpRequest) -> HttpResponse:
    every = Place.objects.visible_to(member_of(request)).select_related("area")
    query = " ".join(request.GET.get("q", "").split())[:120].replace("\0", "")
    rows = list(every.filter(name__icontains=query)[:SHOWN] if query else every.named())
    context = {
        "query": query,
        "addresses": every.filter(kind=PlaceKind.ADDRESS).count(),
        "places": [place for place in rows if place.is_active],
        "retired": [place for place in rows if not place.is_active],
        "without_area": sum(place.area_id is None for place in rows if place.is_active),
    }
    return show(request, "places", "places", context)


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PLACES)
def add_place(request: HttpRequest) -> HttpResponse:
    page = Page("places", _("Add a place"), _("Add"), path(member_of(request), "places"))
    form = PlaceForm(request.POST or None)
    return save(request, page, form, actions.add_place, _("Added."), now=timezone.now())


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PLACES)
def place(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(Place, member, pk)
    page = Page("places", row.name, _("Save"), path(member, "places"))
    form = PlaceForm(request.POST or None, instance=row)
    return save(request, page, form, actions.change_place, _("Saved."), place=row, now=timezone.now())


@require_POST
@require(Permission.MANAGE_PLACES)
def retire_place(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(Place, member, pk)
    return press_on(
        request, path(member, "places"), actions.retire_place, _("%(name)s is no longer offered."), place=row
    )


@require_POST
@require(Permission.MANAGE_PLACES)
def use_place(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(Place, member, pk)
    return press_on(request, path(member, "places"), actions.use_place, _("%(name)s is offered again."), place=row)


@require_safe
@require(Permission.MANAGE_PLACES)
def categories(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    rows = list(Category.objects.visible_to(member))
    former: dict[int, list[CategoryName]] = {}
    for name in CategoryName.objects.visible_to(member).order_by("until"):
        former.setdefault(name.category_id, []).append(name)
    names = dict(Organisation.objects.visible_to(member).values_list("pk", "name"))
    for row in rows:
        row.used_to_be = former.get(row.pk, [])
        row.only_names = [names[pk] for pk in row.only_for]
    active = [row for row in rows if row.is_active]
    tree = [(top, [row for row in active if row.parent_id == top.pk]) for top in active if top.parent_id is None]
    context = {"tree": tree, "retired": [row for row in rows if not row.is_active]}
    return show(request, "categories", "categories", context)


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PLACES)
def add_category(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    page = Page("categories", _("Add a category"), _("Add"), path(member, "categories"))
    form = NewCategoryForm(request.POST or None, member=member, initial={"parent": request.GET.get("under")})
    return save(request, page, form, actions.add_category, _("Added."), now=timezone.now())


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PLACES)
def category(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(Category, member, pk)
    intro = _("The figures go on under the new name, and the former one is kept with the day it ended.")
    page = Page("categories", row.name, _("Save"), path(member, "categories"), intro)
    form = (CategoryForm if row.parent_id else MainCategoryForm)(request.POST or None, instance=row)
    return save(request, page, form, actions.change_category, _("Saved."), category=row, now=timezone.now())


@require_POST
@require(Permission.MANAGE_PLACES)
def move_category(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(Category, member, pk)
    arguments = {"category": row, "up": request.POST.get("way") == "up", "now": timezone.now()}
    said = _("%(name)s was moved.") % {"name": row.name}
    return press(request, path(member, "categories"), actions.move_category, said, **arguments)


@require_POST
@require(Permission.MANAGE_PLACES)
def retire_category(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(Category, member, pk)
    return press_on(
        request, path(member, "categories"), actions.retire_category, _("%(name)s is no longer offered."), category=row
    )


@require_POST
@require(Permission.MANAGE_PLACES)
def use_category(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(Category, member, pk, "parent")
    return press_on(
        request, path(member, "categories"), actions.use_category, _("%(name)s is offered again."), category=row
    )
