"""All decisions of all meetings: found again, taken along as a table, and what the group's own work looks like."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from est_site.access import Permission, require
from interventions import decided, work
from interventions import own_list as own_list_rows
from interventions.asked import member_of
from situation.files import download
from situation.matrix import neutral, sheet

MOST = 5000  # rows of a file


@require_safe
@require(Permission.SEE_INTERVENTIONS)
def decisions(request: HttpRequest) -> HttpResponse:
    """Every decision the member may see, narrowed by the address."""
    member, today = member_of(request, "interventions"), timezone.localdate()
    form = decided.DecisionFilter(request.GET, member=member)
    rows = form.narrow(decided.shown(member), today)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    chosen = any(request.GET.get(name) for name in form.fields)
    context = {"form": form, "page": page, "filtered": chosen, "today": today}
    return render(request, "interventions/decisions.html", context)


@require_safe
@require(Permission.SEE_INTERVENTIONS)
def decisions_file(request: HttpRequest) -> HttpResponse:
    """The same rows as a table for spreadsheets: at most five thousand, the latest."""
    member, today = member_of(request, "interventions"), timezone.localdate()
    rows = decided.DecisionFilter(request.GET, member=member).narrow(decided.shown(member), today)
    out, write = sheet()
    columns = (_("No."), _("Day"), _("Decision"), _("Intervention"), _("Area"), _("Place"))
    write([*columns, _("Who is responsible"), _("Was it done"), _("Reason"), _("Followed up")])
    for row in rows[:MOST]:
        one = row.intervention
        where = [one.area.name if one.area else "", one.place.name if one.place else ""]
        said = [row.get_kind_display(), row.what, *where, one.responsible.name, row.get_delivered_display(), row.reason]
        write(
            [
                f"{row.meeting.number}:{row.number}",
                row.meeting.local_start.date().isoformat(),
                *(neutral(str(text)) for text in said),
                row.follow_up_on.isoformat() if row.follow_up_on else "",
            ]
        )
    stem = "-".join([member.group.slug, _("decisions"), today.isoformat()])
    return download(out.getvalue(), stem)


@require_safe
@require(Permission.SEE_INTERVENTIONS)
def own_work(request: HttpRequest) -> HttpResponse:
    """What was done of what was decided, and whether it was looked at: of the group, never of anybody."""
    member = member_of(request, "interventions")
    years = work.by_year(decided.of_the_group(member.group_id, member.group.zone), timezone.localdate())
    return render(request, "interventions/own_work.html", {"years": years, "few": work.FEW})


@require_safe
@require(Permission.SEE_INTERVENTIONS)
def own_list(request: HttpRequest) -> HttpResponse:
    """What the member's organisation has to do, the first due first."""
    member = member_of(request, "interventions")
    told = [(row, True) for row in own_list_rows.to_tell(member)]
    context = {"rows": own_list_rows.to_do(member), "lines": told, "today": timezone.localdate()}
    return render(request, "interventions/own_list.html", context)


@require_safe
@require(Permission.SEE_INTERVENTIONS)
def own_tasks(request: HttpRequest) -> HttpResponse:
    """The same as tasks for a calendar program."""
    response = HttpResponse(
        own_list_rows.as_tasks(member_of(request, "interventions"), timezone.now()), content_type="text/calendar"
    )
    response["Content-Disposition"] = 'attachment; filename="est.ics"'
    return response
