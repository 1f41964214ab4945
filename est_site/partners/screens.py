"""What the settings' views share: the frame with its tabs, saving with errors in place, the page for two who saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from est_site.access import Permission, may
from est_site.guarding import GuardedForm
from est_site.partners.editing import Stale
from est_site.partners.models import Membership

TABS = [
    ("partners", _("Overview"), Permission.MANAGE_PARTNERS),
    ("people", _("Partners and people"), Permission.MANAGE_PARTNERS),
    ("areas", _("Areas"), Permission.MANAGE_PLACES),
    ("places", _("Places"), Permission.MANAGE_PLACES),
    ("categories", _("Categories"), Permission.MANAGE_PLACES),
    ("right_doors", _("Right door"), Permission.MANAGE_PARTNERS),
    ("schedule", _("Schedule"), Permission.MANAGE_SCHEDULE),
    ("tokens", _("Partners' systems"), Permission.MANAGE_TOKENS),
]


def member_of(request: HttpRequest) -> Membership:
    return request.member  # type: ignore[attr-defined]


def path(member: Membership, name: str, *args: Any) -> str:
    """The address of one of the settings' pages, in this member's group."""
    return reverse(name, args=[member.group.slug, *args])


def own(model: type[Any], member: Membership, pk: int, *related: str) -> Any:
    """A row of the member's group, or 404."""
    return get_object_or_404(model.objects.visible_to(member).select_related(*related), pk=pk)


def show(request: HttpRequest, tab: str, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the settings, with the way to the others."""
    member = member_of(request)
    request.section = "partners"  # type: ignore[attr-defined]
    tabs = [
        {"url": path(member, name), "title": title, "current": name == tab}
        for name, title, permission in TABS
        if may(member, permission)
    ]
    return render(request, f"partners/{template}.html", {"tabs": tabs, **context}, status=status)


@dataclass
class Page:
    """A form on a page of its own: what it is called, what it does, and where one comes from."""

    tab: str
    title: Any
    button: Any
    back: str  # where to go afterwards, and instead
    intro: Any = ""
    danger: bool = False  # ends something: the button says so and the page asks


def show_form(request: HttpRequest, page: Page, form: forms.BaseForm, status: int = 200) -> HttpResponse:
    return show(request, page.tab, "form", {"page": page, "form": form}, status)


def save(
    request: HttpRequest, page: Page, form: forms.BaseForm, action: Callable[..., Any], said: Any, **arguments: Any
) -> HttpResponse:
    """The form, and on POST the action with its values. What that refuses stands in the form; who saved second is asked."""
    member = member_of(request)
    if request.method != "POST":
        return show_form(request, page, form)
    if not form.is_valid():
        return show_form(request, page, form, 422)
    try:
        with transaction.atomic():
            action(by=member, **form.cleaned_data, **arguments)
    except ValidationError as error:
        _blame(form, error)
        return show_form(request, page, form, 422)
    except Stale as stale:
        return show_stale(request, page, form, stale.current)
    messages.success(request, said)
    return redirect(page.back)


def _blame(form: forms.BaseForm, error: ValidationError) -> None:
    """Each reason at its field; what concerns no field of this form stands above it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, reasons in error.error_dict.items():
        form.add_error(name if name in form.fields else None, reasons)


def kept(form: GuardedForm, action: Callable[..., models.Model]) -> Callable[..., models.Model]:
    """The action, and a note of what the guard was told to let through."""

    def run(**said: Any) -> models.Model:
        row = action(**said)
        form.keep_overrides(on=row, by=said["by"], now=said["now"])
        return row

    return run


def today_of(member: Membership) -> date:
    """The day it is where the group lives."""
    return timezone.now().astimezone(member.group.zone).date()


def press(request: HttpRequest, back: str, action: Callable[..., Any], said: Any, **arguments: Any) -> HttpResponse:
    """One button, one action: afterwards the page says what happened, or why it did not."""
    try:
        with transaction.atomic():
            action(by=member_of(request), **arguments)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Stale:
        messages.error(request, _("Somebody changed this meanwhile. Look at it again, then decide."))
    else:
        messages.success(request, said)
    return redirect(back)


def press_on(
    request: HttpRequest, back: str, action: Callable[..., Any], said: Any, **about: models.Model
) -> HttpResponse:
    """One button about one row, given by the word of the action, in the version that was shown; `said` names it."""
    (row,) = about.values()
    return press(
        request, back, action, said % {"name": row}, **about, version=shown_version(request), now=timezone.now()
    )


def shown_version(request: HttpRequest) -> int:
    """The version that stood beside the button; one that no row has, when it is missing."""
    value = request.POST.get("version", "")
    return int(value) if value.isdecimal() and len(value) < 10 else -1


@dataclass(frozen=True)
class Difference:
    label: str
    yours: str
    theirs: str


def show_stale(request: HttpRequest, page: Page, form: forms.BaseForm, current: models.Model) -> HttpResponse:
    """409: both values, what was typed kept in a form that saves it after all."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["version"] = str(current.version)  # type: ignore[attr-defined, index]
    differences = []
    for bound in form.visible_fields():
        if not hasattr(current, bound.name):
            continue
        theirs, yours = getattr(current, bound.name), form.cleaned_data.get(bound.name)
        if theirs != yours:
            differences.append(Difference(str(bound.label), _text(bound, yours), _text(bound, theirs)))
    context = {"page": page, "form": form, "differences": differences}
    return show(request, page.tab, "stale", context, 409)


def _text(bound: forms.BoundField, value: Any) -> str:
    """A value as the form would show it."""
    choices = getattr(bound.field, "choices", None)
    if choices is not None and not isinstance(value, models.Model):
        value = dict(choices).get(value, value)
    if isinstance(value, list):
        value = ", ".join(value)
    return "–" if value in (None, "") else str(localize(value))
