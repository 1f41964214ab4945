"""Pages of the administrator, who keeps the installation and has no seat in its groups.

The role of the clock sees neither parked jobs nor reasons, and is not widened for this page: the groups' names stand
outside the walls, and the page enters one group after the other and asks each for its own.
"""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from est_site import jobs, tenancy
from est_site.access import Permission, require
from est_site.models import Job, JobState
from est_site.partners import actions, lateness
from est_site.partners.models import Group, User

WORDS = {
    "mail.send": _("Send a letter"),
    "document.make": _("Make a document"),
    "meeting.prepare": _("Prepare a meeting"),
    "schedule.plan": _("Plan the coming meetings"),
    "access.seal": _("Seal who has read what"),
}
SHOWN = 100  # of each group, the latest


@require_safe
@require(Permission.KEEP_INSTALLATION)
def parked_jobs(request: HttpRequest) -> HttpResponse:
    """What has stopped and will not go on by itself, group by group, and whether anybody works at all."""
    now = timezone.now()
    stopped, count = [], 0
    for group in Group.objects.order_by("name"):
        with tenancy.inside(group):
            found = list(Job.objects.filter(state=JobState.PARKED).order_by("-done_at")[:SHOWN])
        if found:
            count += len(found)
            stopped.append({"group": group, "jobs": [(job, WORDS.get(job.kind, job.kind)) for job in found]})
    context = {
        "stopped": stopped,
        "count": count,
        "late": len(jobs.find_due(now - lateness.LATE)),
        "attempts": settings.JOB_ATTEMPTS,
        "signed_in": True,
    }
    return render(request, "partners/parked_jobs.html", context)


@require_POST
@require(Permission.KEEP_INSTALLATION)
def retry_job(request: HttpRequest, group: int, pk: int) -> HttpResponse:
    by = cast(User, request.user)
    if actions.retry_job(by=by, group=get_object_or_404(Group, pk=group), job_id=pk, now=timezone.now()):
        messages.success(request, _("It is tried again within a minute or two."))
    else:
        messages.error(request, _("It was not stopped any more, so nothing was changed."))
    return redirect("parked_jobs")
