"""Vouching for the minutes (justering): who is asked to, and their approval of a version."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from est_site import audit
from est_site.partners.models import Membership, Role
from interventions.actions.opened import Stale
from interventions.actions.preparing import latest_minutes
from interventions.models import Adjuster
from situation import papers
from situation.actions import NotAllowed, locked
from situation.models import Attendance, Meeting

MOST_ADJUSTERS = 3


def may_adjust(meeting: Meeting, now: datetime) -> list[Membership]:
    """Who can be asked: who speaks for an organisation that was there."""
    there = Attendance.objects.filter(meeting=meeting, present=True).values("organisation_id")
    rows = Membership.objects.filter(
        group_id=meeting.group_id, organisation_id__in=there, role__in=[Role.MEMBER, Role.COORDINATOR]
    )
    day = now.astimezone(meeting.group.zone).date()
    return list(rows.active(day).select_related("user", "organisation").order_by("organisation__name", "pk"))


@transaction.atomic
def name_adjuster(*, meeting: Meeting, member: Membership, by: Membership, now: datetime) -> Adjuster:
    """Ask somebody who was there to vouch for the minutes. Asked twice is asked once.

    Raises NotAllowed before there are minutes or for somebody who cannot be asked, ValidationError when there are enough.
    """
    meeting = locked(meeting)
    if latest_minutes(meeting) is None or member not in may_adjust(meeting, now):
        raise NotAllowed("not there")
    named = Adjuster.objects.filter(meeting=meeting)
    before = named.filter(member=member).first()
    if before is not None:
        return before
    if named.count() >= MOST_ADJUSTERS:
        raise ValidationError(_("At most %(most)d vouch for the same minutes.") % {"most": MOST_ADJUSTERS})
    adjuster = Adjuster.objects.create(
        group_id=meeting.group_id, meeting=meeting, member=member, named_at=now, named_by=by
    )
    audit.append(what="minutes.adjuster", by=by, on=adjuster, now=now)
    return adjuster


@transaction.atomic
def drop_adjuster(*, adjuster: Adjuster, by: Membership, now: datetime) -> None:
    """Ask no longer; who has vouched stays. Raises NotAllowed then."""
    locked(adjuster.meeting)
    row = Adjuster.objects.filter(pk=adjuster.pk).first()
    if row is None:
        return
    if row.approved_at is not None:
        raise NotAllowed("approved")
    audit.append(what="minutes.adjuster.drop", by=by, on=row, now=now)
    row.delete()


@transaction.atomic
def approve_minutes(*, meeting: Meeting, version: int, by: Membership, now: datetime) -> Adjuster:
    """Vouch for the version that was read. Raises Stale when there is a later one, NotAllowed for who is not asked."""
    meeting = locked(meeting)
    latest, adjuster = latest_minutes(meeting), Adjuster.objects.filter(meeting=meeting, member=by).first()
    if latest is None or adjuster is None:
        raise NotAllowed("not asked")
    if latest.version != version:
        raise Stale
    if adjuster.version == version:
        return adjuster
    adjuster.version, adjuster.checksum, adjuster.approved_at = version, papers.checksum(latest.frozen), now
    adjuster.save(update_fields=["version", "checksum", "approved_at"])
    audit.append(what="minutes.approve", by=by, on=adjuster, now=now, proof=adjuster.checksum)
    return adjuster
