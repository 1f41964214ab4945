"""What one organisation has to do: its running interventions, and what it was to let others know."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Todo

from est_site import mail
from est_site.partners.models import Membership
from interventions.models import Decision, Information, Intervention


def to_do(member: Membership) -> QuerySet[Intervention]:
    """The organisation's running interventions, the first due first, each with its decisions, the latest first. Two queries."""
    rows = Intervention.objects.visible_to(member).running().filter(responsible_id=member.organisation_id)
    decisions = Decision.objects.select_related("meeting__group").order_by("-decided_at", "-pk")
    return (
        rows.select_related("area", "place")
        .defer("area__geometry")
        .prefetch_related(Prefetch("decisions", decisions))
        .order_by("follow_up_on", "pk")
    )


def to_tell(member: Membership) -> QuerySet[Information]:
    """What the organisation was to let others know and has not said is sent."""
    rows = Information.objects.visible_to(member).waiting().filter(responsible_id=member.organisation_id)
    return rows.select_related("responsible", "meeting__group")


def as_tasks(member: Membership, stamp: datetime) -> bytes:
    """The same as tasks for a calendar program (RFC 5545): a number, a day and a link, none of the words."""
    calendar = Calendar()
    calendar.add("prodid", "-//EST//EST//SV")
    calendar.add("version", "2.0")
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    slug = member.group.slug
    for row in to_do(member):
        decision = list(row.decisions.all())[:1]
        task = Todo()
        task.add("uid", f"intervention-{row.group_id}-{row.pk}@{host}")
        task.add("dtstamp", stamp.astimezone(UTC))
        task.add("sequence", row.version)
        number = decision[0].reference if decision else str(row.pk)
        task.add("summary", _("EST intervention %(number)s, %(group)s") % {"number": number, "group": member.group})
        if row.follow_up_on:
            task.add("due", row.follow_up_on)
        task.add("url", mail.link(reverse("intervention", args=[slug, row.pk])))
        calendar.add_component(task)
    for told in to_tell(member):
        task = Todo()
        task.add("uid", f"information-{told.group_id}-{told.pk}@{host}")
        task.add("dtstamp", stamp.astimezone(UTC))
        task.add("summary", _("EST information out, week %(week)d") % {"week": told.meeting.week})
        task.add("due", told.due_on)
        task.add("url", mail.link(reverse("own_list", args=[slug])))
        calendar.add_component(task)
    return bytes(calendar.to_ical())
