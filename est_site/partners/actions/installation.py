"""What an administrator does: in one group's walls at a time, and noted in that group's chain.

An administrator is a mark on the person, not a seat in a group, so these take the person and not a membership.
"""

from __future__ import annotations

from datetime import datetime

from django.shortcuts import get_object_or_404

from est_site import audit, jobs, tenancy
from est_site.models import Job
from est_site.partners.models import Group, User


def retry_job(*, by: User, group: Group, job_id: int, now: datetime) -> bool:
    """Let a parked job begin anew; 404 when the group has no such job. False when somebody did so before."""
    with tenancy.inside(group):
        job = get_object_or_404(Job, pk=job_id)
        again = jobs.retry(job, now)
        if again:
            audit.append(what="job.retry", by=None, on_behalf=f"administrator:{by.pk}", on=job, now=now)
    return again
