"""Letters: decided as rows, sent by a worker. They carry links, never an observation's text."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from est_site import audit, jobs
from est_site.models import Job, Notification
from est_site.partners.models import Membership

LAST_SENSIBLE = timedelta(days=7)


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str
    attachments: tuple[tuple[str, bytes, str], ...] = ()  # (file name, content, type)


Writer = Callable[[Notification], Letter]  # called in the reader's language; may raise jobs.NotYet
WRITERS: dict[str, Writer] = {}


def register(kind: str, writer: Writer) -> None:
    """Fill the register of letters; called in an app's `apps.py`."""
    WRITERS[kind] = writer


def post(
    kind: str,
    *,
    member: Membership,
    key: str,
    now: datetime,
    ids: dict[str, int] | None = None,
    sensible: timedelta = LAST_SENSIBLE,
) -> Notification:
    """Decide that this person gets this letter, while it is sensible; the same key is the same letter."""
    full_key = f"{kind}:{key}:{member.pk}"
    notification, _created = Notification.objects.get_or_create(
        group_id=member.group_id,
        dedupe_key=full_key,
        defaults={"kind": kind, "member": member, "ids": ids or {}},
    )
    jobs.due(
        "mail.send",
        group_id=member.group_id,
        key=f"mail.send:{full_key}",
        at=now,
        ids={"notification": notification.pk},
        last_sensible=sensible,
    )
    return notification


def send(job: Job, now: datetime) -> None:
    """Send one letter. The message id comes from the row, so a second copy of it can be told for what it is."""
    notification = (
        Notification.objects.select_for_update(of=("self",))  # a second job about it waits and finds it sent
        .select_related("member__user", "member__group")
        .filter(pk=job.ids.get("notification"))
        .first()
    )
    if notification is None or notification.sent_at is not None:
        return
    member = notification.member
    if not Membership.objects.active(now.astimezone(member.group.zone).date()).filter(pk=member.pk).exists():
        return  # an account that was disabled or a seat that ended since: nothing of the group goes there
    user = member.user
    with translation.override(user.language):
        letter = WRITERS[notification.kind](notification)
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    message = EmailMessage(
        subject=" ".join(letter.subject.split()),
        body=letter.body,
        to=[user.email],
        headers={"Message-ID": f"<notification-{notification.group_id}-{notification.pk}@{host}>"},
    )
    for name, content, kind in letter.attachments:
        message.attach(name, content, kind)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _answer in error.recipients.values()}
        if min(codes) >= 500:  # there is no such mailbox, and there will be none in an hour
            raise jobs.Hopeless(f"the mail server refuses the recipient ({min(codes)})") from error
        raise jobs.PeerUnavailable(type(error).__name__) from error
    except OSError as error:  # every SMTPException is one
        raise jobs.PeerUnavailable(type(error).__name__) from error
    Notification.objects.filter(pk=notification.pk).update(sent_at=now)
    audit.append(what="mail.send", by=None, on=notification, now=now)


def link(path: str) -> str:
    """An absolute address for a letter."""
    return settings.BASE_URL.rstrip("/") + path
