"""A meeting as an entry in people's own calendars (RFC 5545, RFC 5546): when and where, a link, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from est_site import mail
from situation.models import Meeting

REQUEST, CANCEL = "REQUEST", "CANCEL"


def entry(meeting: Meeting, *, attendee: str, method: str, stamp: datetime) -> bytes:
    """The calendar file of one meeting for one receiver, in the active language.

    The same meeting has the same UID for ever, and every change of it a higher SEQUENCE: a calendar program then moves
    or takes away the entry it has. Times are in UTC, so that no program needs to know the group's time zone.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//EST//EST//SV")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    event.add("uid", f"meeting-{meeting.group_id}-{meeting.pk}@{host}")
    event.add("sequence", meeting.version)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    event.add("summary", _("EST meeting, week %(week)d, %(group)s") % {"week": meeting.week, "group": meeting.group})
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    if meeting.place:
        event.add("location", meeting.place)
    event.add("url", mail.link(reverse("meeting", args=[meeting.group.slug, meeting.pk])))
    event.add("organizer", _address(settings.DEFAULT_FROM_EMAIL))
    invited = _address(attendee)
    invited.params["ROLE"] = vText("REQ-PARTICIPANT")
    event.add("attendee", invited)
    calendar.add_component(event)
    return calendar.to_ical()


def _address(written: str) -> vCalAddress:
    """`EST <est@example.se>` or a bare address as RFC 5545 writes one."""
    return vCalAddress(f"mailto:{written.rpartition('<')[2].rstrip('>').strip()}")
