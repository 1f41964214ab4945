"""Jobs of the situation rooms."""

from datetime import datetime

from est_site import jobs
from est_site.models import Job
from est_site.partners.models import Group, Period
from situation.actions import evaluate_period
from situation.schedule import plan_ahead


@jobs.register("schedule.plan", safe_twice=True)
def plan(job: Job, now: datetime) -> None:
    """Make the calendar longer."""
    plan_ahead(group=Group.objects.get(pk=job.group_id), now=now)


@jobs.register("picture.evaluate", safe_twice=True)
def evaluate(job: Job, now: datetime) -> None:
    """Judge a period that has ended, until its picture is frozen."""
    period = Period.objects.filter(pk=jobs.subject(job, "period")).first()
    if period is not None:
        evaluate_period(period=period, now=now)
