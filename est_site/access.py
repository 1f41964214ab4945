"""Who may do what: permissions as an enum, roles as a table, and the mark every view carries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from est_site import logs, tenancy


class Permission(StrEnum):
    """What a person may do. Code asks for a permission, never for a role."""

    OWN_ACCOUNT = "own_account"  # needs no group
    KEEP_INSTALLATION = "keep_installation"  # needs no group: held by a mark on the person, by no role
    SEE_HOME = "see_home"
    REPORT = "report"
    SEE_INCIDENTS = "see_incidents"
    SEE_PICTURE = "see_picture"
    SEE_MEETING = "see_meeting"
    SEE_DOCUMENTS = "see_documents"
    SEE_INTERVENTIONS = "see_interventions"
    REVIEW_INTAKE = "review_intake"
    RUN_MEETING = "run_meeting"
    IMPORT = "import"
    IMPORT_OWN = "import_own"  # for one's own organisation
    MANAGE_TOKENS = "manage_tokens"
    MANAGE_PARTNERS = "manage_partners"
    MANAGE_PLACES = "manage_places"
    MANAGE_SCHEDULE = "manage_schedule"


TOKEN = "token"  # noqa: S105  the mark of a view that asks for the key of a partner's system instead of a person's sign-in
P = Permission
WITHOUT_GROUP = {P.OWN_ACCOUNT, P.KEEP_INSTALLATION}
_REPORTER = {P.SEE_HOME, P.REPORT, P.SEE_INCIDENTS}
_MEMBER = _REPORTER | {P.SEE_PICTURE, P.SEE_MEETING, P.SEE_DOCUMENTS, P.SEE_INTERVENTIONS, P.IMPORT_OWN}
_COORDINATOR = _MEMBER | {
    P.REVIEW_INTAKE,
    P.RUN_MEETING,
    P.IMPORT,
    P.MANAGE_PARTNERS,
    P.MANAGE_PLACES,
    P.MANAGE_SCHEDULE,
    P.MANAGE_TOKENS,
}

# role -> (permissions, what the role is, in one sentence)
ROLES: dict[str, tuple[set[Permission], str]] = {
    "reporter": (_REPORTER, "logs observations on a phone and sees what became of their own organisation's reports"),
    "member": (_MEMBER, "speaks for an organisation in the group and sees the shared picture"),
    "coordinator": (_COORDINATOR, "convenes, reviews, chairs and minutes, and keeps the group's settings"),
    "analyst": (_MEMBER | {P.IMPORT}, "explores the figures and brings data in and out"),
    "steering": (
        {P.SEE_HOME, P.SEE_PICTURE, P.SEE_DOCUMENTS},
        "reads pictures, minutes and reports, and nothing else",
    ),
}

# Views of libraries that carry no mark of their own, by the module they come from.
LIBRARY_VIEWS: dict[str, str] = {"django.views.i18n": "the language switch, for anyone"}

View = Callable[..., HttpResponse]


def may(member: Any, permission: Permission) -> bool:
    """Whether this membership's role holds the permission."""
    return permission in ROLES[member.role][0]


def public(reason: str) -> Callable[[View], View]:
    """Mark a view that anyone may open, with the reason why."""

    def mark(view: View) -> View:
        marked = cast(Any, login_not_required(view))
        marked.access = f"public: {reason}"
        return cast(View, marked)

    return mark


def require(permission: Permission, *, notes: str = "") -> Callable[[View], View]:
    """The gate: find the membership, enter the group's walls, and stay inside until the answer is rendered.

    An unknown group, or one the person does not belong to, is 404; a known group without the permission is 403.
    The view gets `request.member`; without a group in the URL (WITHOUT_GROUP) it gets none. Whatever the view wrote is
    rolled back on an exception and on any answer of 400 or above. `notes` is for a page that shows free text or hands
    figures out: what was read then stands in an AccessEvent, with the ids of the address and nothing that was typed.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            logs.bind(user_id=cast(int, request.user.pk))
            try:
                zone = None
                with tenancy.as_user(cast(int, request.user.pk)):
                    if permission is P.KEEP_INSTALLATION and not cast(Any, request.user).is_administrator:
                        raise PermissionDenied
                    if permission not in WITHOUT_GROUP:
                        member = _membership(request, kwargs.pop("slug"))
                        cast(Any, request).member = member  # before the refusal, so that its page shows the menu
                        logs.bind(group_id=member.group_id)
                        if not may(member, permission):
                            raise PermissionDenied
                        zone = member.group.zone
                    with timezone.override(zone):  # every time on a page is the group's own
                        response = view(request, *args, **kwargs)
                    _refuse_late_reads(view, response)
                    if response.status_code >= 400:
                        transaction.set_rollback(True)
                    elif notes:
                        _note(request, notes)
            except PermissionDenied:
                _note_refusal(request, permission)
                raise
            if response.status_code == 403:
                _note_refusal(request, permission)
            return response

        cast(Any, gate).access = permission
        return gate

    return mark


def _refuse_late_reads(view: View, response: HttpResponse) -> None:
    if not getattr(response, "is_rendered", True):
        raise TypeError(f"{view.__name__} must render before it leaves the group's transaction")
    if response.streaming:
        raise TypeError(f"{view.__name__} must not stream: reads would happen outside the transaction")


def _note_refusal(request: HttpRequest, permission: Permission) -> None:
    """Written after the view's transaction is rolled back."""
    member = getattr(request, "member", None)
    if member is not None:
        with tenancy.inside(member.group_id):
            _note(request, f"denied.{permission}")


def _note(request: HttpRequest, what: str) -> None:
    """Ids only: which page of which object, not what was typed."""
    from est_site import audit  # its rows stand on this module

    member, match = cast(Any, request).member, request.resolver_match
    assert match is not None
    ids = [str(value) for value in match.kwargs.values() if isinstance(value, int | UUID)]
    audit.access(
        user_id=member.user_id,
        group_id=member.group_id,
        what=what,
        subject=":".join([match.url_name or "", *ids])[:80],
        now=timezone.now(),
    )


def _membership(request: HttpRequest, slug: str) -> Any:
    from est_site.partners.models import Group, Membership  # partners stands on this module

    group = Group.objects.filter(slug=slug).first()
    if group is None:
        raise Http404
    today = timezone.now().astimezone(group.zone).date()
    tenancy.enter(group.pk)
    own = Membership.objects.active(today).filter(user_id=request.user.pk)
    here = own.filter(group=group).select_related("organisation")
    member = here.annotate(elsewhere=Exists(own.exclude(group=group))).first()
    if member is None:
        raise Http404
    member.group, member.user = group, request.user  # they are here already
    return member


def unmarked_views() -> list[str]:
    """Every route whose view carries neither mark; empty when all is well (checked at start-up)."""
    return [route for route, view in _views(get_resolver().url_patterns, "") if not _mark(view)]


def marks() -> dict[str, str]:
    """Route -> mark, for the access matrix."""
    return {route: _mark(view) for route, view in _views(get_resolver().url_patterns, "")}


def _mark(view: Any) -> str:
    if hasattr(view, "access"):
        return str(view.access)
    return LIBRARY_VIEWS.get(getattr(view, "__module__", ""), "")


def _views(patterns: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback
