"""Choices in the list that somebody saved under a name: add, rename, remove."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from est_site.access import Permission, require
from est_site.partners.models import Membership
from incidents import saved_filters
from incidents.filters import FilterForm
from incidents.forms.saved import FilterNameForm, SaveFilterForm
from incidents.models import SavedFilter
from incidents.views.shared import member_of


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.SEE_INCIDENTS)
def save_filter(request: HttpRequest) -> HttpResponse:
    """What is chosen in the list, under a name."""
    member, now = member_of(request), timezone.now()
    if request.method != "POST":
        chosen = _chosen(member, request.GET, now)
        return _show(request, SaveFilterForm(chosen=chosen), chosen)
    chosen = _chosen(member, QueryDict(request.POST.get("query", "")), now)
    form = SaveFilterForm(request.POST, chosen=chosen)
    if form.is_valid():
        try:
            with transaction.atomic():
                name = form.cleaned_data["name"]
                row = saved_filters.save_filter(by=member, name=name, query=chosen.query, now=now)
                form.keep_overrides(on=row, by=member, now=now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved. “%(name)s” stands above the list, for you only.") % {"name": row})
            return redirect(_list(member, row.query))
    return _show(request, form, chosen, 422)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.SEE_INCIDENTS)
def saved_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name for it, or the button that removes it."""
    member, now = member_of(request), timezone.now()
    row = _own(member, pk)
    chosen = _chosen(member, QueryDict(row.query), now)
    if request.method != "POST":
        return _show(request, FilterNameForm(initial={"name": row.name}), chosen, row=row)
    form = FilterNameForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                saved_filters.rename_filter(by=member, saved=row, name=form.cleaned_data["name"], now=now)
                form.keep_overrides(on=row, by=member, now=now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("It is now called “%(name)s”.") % {"name": row})
            return redirect(_list(member, row.query))
    return _show(request, form, chosen, 422, row=_own(member, pk))


@require_POST
@require(Permission.SEE_INCIDENTS)
def remove_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """The choice goes; the list stays as it was narrowed."""
    member = member_of(request)
    row = _own(member, pk)
    saved_filters.remove_filter(by=member, saved=row, now=timezone.now())
    messages.success(request, _("“%(name)s” is removed.") % {"name": row})
    return redirect(_list(member, row.query))


def _own(member: Membership, pk: int) -> SavedFilter:
    row: SavedFilter = get_object_or_404(SavedFilter.objects.visible_to(member), pk=pk)
    return row


def _chosen(member: Membership, data: QueryDict, now: datetime) -> FilterForm:
    return FilterForm(data, member=member, today=now.astimezone(member.group.zone).date())


def _list(member: Membership, query: str) -> str:
    url = reverse("incidents", args=[member.group.slug])
    return f"{url}?{query}" if query else url


def _show(
    request: HttpRequest, form: forms.Form, chosen: FilterForm, status: int = 200, row: SavedFilter | None = None
) -> HttpResponse:
    request.section = "incidents"  # type: ignore[attr-defined]
    context = {"form": form, "chosen": chosen, "row": row, "back": _list(member_of(request), chosen.query)}
    return render(request, "incidents/saved_filter.html", context, status=status)
