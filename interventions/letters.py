"""What people are sent about a meeting: links to documents, never their content."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from est_site import jobs, mail
from est_site.models import Document, Notification
from interventions.invitations import CANCEL, REQUEST, entry
from interventions.models import Edition, EditionKind
from interventions.telling import reported
from situation.models import Meeting, MeetingState


def meeting_invitation(notification: Notification) -> mail.Letter:
    """The agenda is made; waits until nobody works on its PDF and the last minutes' PDF any more.

    One that could not be made holds no letter up: its link leads to the same content as a page.
    """
    ids = notification.ids
    meeting = Meeting.objects.select_related("group").filter(pk=ids["meeting"]).first()
    if meeting is None or meeting.state == MeetingState.CANCELLED:
        raise jobs.Hopeless("the meeting is gone")
    for kind, edition in ((EditionKind.AGENDA, ids["agenda"]), (EditionKind.MINUTES, ids.get("minutes"))):
        if edition is None:
            continue
        if not Edition.objects.filter(pk=edition).exists():
            raise jobs.Hopeless(f"the {kind} is gone")
        if not Document.objects.settled().filter(kind=kind, subject_id=edition).exists():
            raise jobs.NotYet(f"{kind} is not made yet")
    slug, start = meeting.group.slug, meeting.local_start
    lines = [
        _("%(day)s at %(time)s the EST group %(group)s meets. The agenda is made.")
        % {
            "day": capfirst(date_format(start, "l j F")),
            "time": date_format(start, "H.i"),
            "group": meeting.group.name,
        },
        "",
        _("Agenda:") + " " + mail.link(reverse("edition", args=[slug, ids["agenda"]])),
    ]
    if "minutes" in ids:
        lines.append(
            _("Minutes of the last meeting:") + " " + mail.link(reverse("edition", args=[slug, ids["minutes"]]))
        )
    own = mail.link(reverse("meeting_own", args=[slug, meeting.pk]))
    lines.append(_("What your organisation brings:") + " " + own)
    lines += ["", _("You sign in to read them. Has your organisation said anything about the week? Calm counts too.")]
    subject = _("Weekly meeting, week %(week)d: agenda") % {"week": meeting.week}
    if "moved" in ids:
        lines.insert(0, _("The meeting has been moved."))
        subject = _("Moved: weekly meeting, week %(week)d") % {"week": meeting.week}
    return mail.Letter(
        subject=subject, body="\n".join(lines) + "\n", attachments=_entry(notification, meeting, REQUEST)
    )


def meeting_reminder(notification: Notification) -> mail.Letter:
    """To an organisation that has said nothing yet; one tap is enough, on a page one signs in to."""
    meeting = Meeting.objects.select_related("group", "period").filter(pk=notification.ids["meeting"]).first()
    if meeting is None:
        raise jobs.Hopeless("the meeting is gone")
    words = {
        "organisation": notification.member.organisation.name,
        "week": meeting.period.weeks_text,
        "day": date_format(meeting.local_start, "l j F"),
        "time": date_format(meeting.local_start, "H.i"),
    }
    lines = [
        _("%(organisation)s has not said anything about week %(week)s yet. The meeting is %(day)s at %(time)s.")
        % words,
        "",
        _("Was it calm? Say so with one tap: calm counts, silence does not."),
        mail.link(reverse("meeting_own", args=[meeting.group.slug, meeting.pk])),
        "",
        _("Has something happened? Log it here:") + " " + mail.link(reverse("report", args=[meeting.group.slug])),
    ]
    return mail.Letter(subject=_("Was it calm in week %(week)s?") % words, body="\n".join(lines) + "\n")


def meeting_cancelled(notification: Notification) -> mail.Letter:
    """To who was invited: the meeting is not held. It takes its entry out of the calendar."""
    meeting = Meeting.objects.select_related("group").filter(pk=notification.ids["meeting"]).first()
    if meeting is None:
        raise jobs.Hopeless("the meeting is gone")
    day, time = capfirst(date_format(meeting.local_start, "l j F")), date_format(meeting.local_start, "H.i")
    lines = [
        _("The weekly meeting %(day)s at %(time)s is not held. What it was to decide comes back at the next one.")
        % {"day": day, "time": time},
        "",
        mail.link(reverse("meetings", args=[meeting.group.slug])),
    ]
    subject = _("Cancelled: weekly meeting, week %(week)d") % {"week": meeting.week}
    return mail.Letter(subject=subject, body="\n".join(lines) + "\n", attachments=_entry(notification, meeting, CANCEL))


def _entry(notification: Notification, meeting: Meeting, method: str) -> tuple[tuple[str, bytes, str], ...]:
    """The calendar file; the method stands in its type too, which is how calendar programs know what it is."""
    to = notification.member.user.email
    content = entry(meeting, attendee=to, method=method, stamp=notification.created_at)
    return (("meeting.ics", content, f"text/calendar; method={method}"),)


def what_became(notification: Notification) -> mail.Letter:
    """To who asked for it: what they logged of a period has been looked at, and where to read what followed."""
    meeting = Meeting.objects.select_related("group", "period").filter(pk=notification.ids["meeting"]).first()
    if meeting is None:
        raise jobs.Hopeless("the meeting is gone")
    count = reported(meeting, notification.member_id).count()
    words = {
        "n": count,
        "week": meeting.period.weeks_text,
        "day": date_format(meeting.local_start, "l j F"),
        "group": meeting.group.name,
    }
    first = ngettext(
        "You logged %(n)d observation in week %(week)s. The EST group %(group)s met %(day)s.",
        "You logged %(n)d observations in week %(week)s. The EST group %(group)s met %(day)s.",
        count,
    )
    mine = mail.link(reverse("my_reports", args=[meeting.group.slug]))
    lines = [
        first % words,
        "",
        _("What became of them:") + " " + mine,
        "",
        _("You sign in to read it. On the same page you can say that you want no more letters like this."),
    ]
    subject = _("What became of your reports, week %(week)s") % words
    return mail.Letter(subject=subject, body="\n".join(lines) + "\n")
