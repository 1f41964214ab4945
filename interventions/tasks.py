"""Jobs of the meeting."""

from datetime import datetime

from est_site import jobs
from est_site.models import Job
from interventions.actions import prepare_meeting
from interventions.reminding import remind_silent
from interventions.telling import tell_reporters
from situation.models import Meeting


@jobs.register("meeting.prepare", safe_twice=True)
def prepare(job: Job, now: datetime) -> None:
    """Freeze the picture, build the agenda, order the documents and the letters of one sitting."""
    meeting = Meeting.objects.filter(pk=jobs.subject(job, "meeting")).first()
    if meeting is not None:
        prepare_meeting(meeting=meeting, now=now)


@jobs.register("meeting.remind", safe_twice=True)
def remind(job: Job, now: datetime) -> None:
    """Letters to the organisations that have said nothing by the deadline."""
    rows = Meeting.objects.select_related("group", "period")
    meeting = rows.filter(pk=jobs.subject(job, "meeting")).first()
    if meeting is not None:
        remind_silent(meeting=meeting, now=now)


@jobs.register("meeting.tell_reporters", safe_twice=True)
def tell(job: Job, now: datetime) -> None:
    """Letters to those who want to know what became of their reports."""
    meeting = Meeting.objects.filter(pk=jobs.subject(job, "meeting")).first()
    if meeting is not None:
        tell_reporters(meeting=meeting, now=now)
