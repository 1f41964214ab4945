"""Jobs of the situation rooms."""

from datetime import datetime

from est_site import jobs
from est_site.models import Job
from est_site.partners.models import Group
from situation.schedule import plan_ahead


@jobs.register("schedule.plan", safe_twice=True)
def plan(job: Job, now: datetime) -> None:
    """Make the calendar longer."""
    plan_ahead(group=Group.objects.get(pk=job.group_id), now=now)
