"""What people are sent about a meeting: links to documents, never their content."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from est_site import jobs, mail
from est_site.models import Document, Notification
from interventions.models import Edition, EditionKind
from situation.models import Meeting


def meeting_invitation(notification: Notification) -> mail.Letter:
    """The agenda is made; waits until nobody works on its PDF and the last minutes' PDF any more.

    One that could not be made holds no letter up: its link leads to the same content as a page.
    """
    ids = notification.ids
    meeting = Meeting.objects.select_related("group").filter(pk=ids["meeting"]).first()
    if meeting is None:
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
            "day": date_format(start, "l j F"),
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
    lines += ["", _("You sign in to read them. Has your organisation said anything about the week? Calm counts too.")]
    subject = _("Weekly meeting, week %(week)d: agenda") % {"week": meeting.week}
    return mail.Letter(subject=subject, body="\n".join(lines) + "\n")
