"""Settings: the overview, the organisations and the people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Value
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, require
from est_site.partners import actions, calendar
from est_site.partners.forms import InviteForm, LastDayForm, MemberForm, OrganisationForm
from est_site.partners.models import Area, Category, Membership, Organisation, Period, Place
from est_site.partners.screens import Page, member_of, own, path, press, save, show, shown_version


@require_safe
@require(Permission.MANAGE_PARTNERS)
def overview(request: HttpRequest) -> HttpResponse:
    """What is set, and what is still missing before the group can work."""
    member = member_of(request)
    group, today = member.group, timezone.now().astimezone(member.group.zone).date()
    people = list(Membership.objects.visible_to(member).active(today).select_related("user"))
    period = Period.objects.visible_to(member).regular().filter(last_day__gte=today).first()
    counts = _count(
        organisations=Organisation.objects.visible_to(member).active(),
        areas=Area.objects.visible_to(member).on(today).est(),
        places=Place.objects.visible_to(member).active().named(),
        categories=Category.objects.visible_to(member).active(),
    )
    context = counts | {
        "group": group,
        "people": len(people),
        "invited": sum(person.user.last_login is None for person in people),
        "period": period,
        "due": calendar.due(group, period) if period else None,
        "zone": group.zone,
    }
    return show(request, "partners", "index", context)


def _count(**rows: Any) -> dict[str, Any]:
    """How many of each, in one question to the database."""
    counted = [
        queryset.order_by()
        .annotate(what=Value(what))
        .values("what")
        .annotate(count=Count("pk"))
        .values_list("what", "count")
        for what, queryset in rows.items()
    ]
    return dict.fromkeys(rows, 0) | dict(counted[0].union(*counted[1:]))


@require_safe
@require(Permission.MANAGE_PARTNERS)
def people(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    seats = Membership.objects.visible_to(member).select_related("user", "organisation").order_by("user__name", "pk")
    today = timezone.now().astimezone(member.group.zone).date()
    ended = [seat for seat in seats if seat.valid_to is not None and seat.valid_to < today]
    context = {
        "organisations": list(Organisation.objects.visible_to(member)),
        "people": [seat for seat in seats if seat not in ended],
        "ended": ended,
        "invited": sum(seat.user.last_login is None for seat in seats if seat not in ended),
        "today": today,
    }
    return show(request, "people", "people", context)


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PARTNERS)
def invite(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    page = Page("people", _("Invite a person"), _("Invite"), path(member, "people"))
    form = InviteForm(request.POST or None, member=member)
    return save(request, page, form, actions.invite_member, _("Invited."), now=timezone.now())


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PARTNERS)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    seat = own(Membership, member, pk, "user", "group", "organisation")
    page = Page("people", seat.user.name, _("Save"), path(member, "people"), seat.user.email)
    form = MemberForm(request.POST or None, instance=seat, member=member)
    return save(request, page, form, actions.change_member, _("Saved."), member=seat, now=timezone.now())


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PARTNERS)
def end_person(request: HttpRequest, pk: int) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    seat = own(Membership, member, pk, "user", "group", "organisation")
    page = Page(
        "people",
        _("%(name)s leaves the group") % {"name": seat.user.name},
        _("End the membership"),
        path(member, "people"),
        _("What they reported stays. They can come in until the end of the last day; choose yesterday to end it now."),
        danger=True,
    )
    today = now.astimezone(member.group.zone).date()
    form = LastDayForm(request.POST or None, initial={"version": seat.version, "last_day": today})
    return save(request, page, form, actions.end_membership, _("The membership has an end."), member=seat, now=now)


@require_POST
@require(Permission.MANAGE_PARTNERS)
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    seat = own(Membership, member, pk, "user", "group", "organisation")
    said = _("A new letter is on its way to %(email)s.") % {"email": seat.user.email}
    return press(request, path(member, "people"), actions.invite_again, said, member=seat, now=timezone.now())


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PARTNERS)
def add_organisation(request: HttpRequest) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    page = Page("people", _("Add an organisation"), _("Add"), path(member, "people"))
    form = OrganisationForm(request.POST or None, initial={"joined_on": now.astimezone(member.group.zone).date()})
    return save(request, page, form, actions.add_organisation, _("Added."), now=now)


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PARTNERS)
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(Organisation, member, pk)
    page = Page("people", row.name, _("Save"), path(member, "people"))
    form = OrganisationForm(request.POST or None, instance=row)
    return save(request, page, form, actions.change_organisation, _("Saved."), organisation=row, now=timezone.now())


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PARTNERS)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: with the organisation its people leave."""
    member, now = member_of(request), timezone.now()
    row = own(Organisation, member, pk)
    back = path(member, "people")
    if request.method == "POST":
        said = _("%(name)s no longer takes part.") % {"name": row.name}
        return press(request, back, actions.leave, said, organisation=row, version=shown_version(request), now=now)
    if not row.is_active:
        messages.info(request, _("%(name)s no longer takes part.") % {"name": row.name})
    today = now.astimezone(member.group.zone).date()
    leaving = Membership.objects.visible_to(member).filter(organisation=row).active(today).select_related("user")
    return show(request, "people", "leave", {"organisation": row, "leaving": list(leaving), "back": back})
