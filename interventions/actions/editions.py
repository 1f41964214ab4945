"""Editions of the minutes: for one organisation, the steering group, the public and the archive; and the annexes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from est_site import audit
from est_site.access import Permission, may
from est_site.partners.models import Membership, Organisation
from interventions import editions, minutes
from interventions.actions.preparing import latest_minutes, order_document
from interventions.models import Adjuster, Edition, EditionFor, EditionKind
from situation import papers
from situation.actions import NotAllowed, locked
from situation.models import Meeting


def may_make(member: Membership, audience: str) -> bool:
    """One's own: who comes to the meeting. What is told to everybody: who chairs. The others: who keeps the papers."""
    needed = {
        EditionFor.OWN: Permission.SEE_MEETING,
        EditionFor.STEERING: Permission.IMPORT,
        EditionFor.PUBLIC: Permission.RUN_MEETING,
        EditionFor.ARCHIVE: Permission.IMPORT,
    }
    return audience in needed and may(member, needed[EditionFor(audience)])


@transaction.atomic
def make_edition(
    *,
    meeting: Meeting,
    audience: str,
    by: Membership,
    now: datetime,
    chosen: Collection[int] = (),
    diary: str = "",
) -> Edition:
    """Draw it from the minutes' latest version and order its file. What says the same as the last one is the last one.

    `chosen` are the decisions the public may read of, by their ids; `diary` is the archive's number.
    Raises NotAllowed before there are minutes, and for who may not make it.
    """
    meeting = locked(meeting)
    latest = latest_minutes(meeting)
    if latest is None or not may_make(by, audience):
        raise NotAllowed(audience)
    organisation = by.organisation if audience == EditionFor.OWN else None
    frozen = _drawn(latest, audience, by, chosen, diary)
    before = Edition.objects.filter(
        meeting=meeting, kind=EditionKind.MINUTES, audience=audience, organisation=organisation
    ).first()
    if before is not None and papers.checksum(before.frozen) == papers.checksum(frozen):
        return before
    edition = _freeze(meeting, audience, organisation, frozen, before, by, now)
    audit.append(what="minutes.edition", by=by, on=edition, now=now)
    return edition


def freeze_annexes(meeting: Meeting, *, by: Membership, now: datetime) -> None:
    """What was said and decided for one organisation alone is frozen beside the minutes, for that one."""
    for organisation in Organisation.objects.filter(group_id=meeting.group_id):
        frozen = minutes.annex_content(meeting, organisation)
        if frozen is not None:
            _freeze(meeting, EditionFor.ANNEX, organisation, frozen, None, by, now)


def _freeze(
    meeting: Meeting,
    audience: str,
    organisation: Organisation | None,
    frozen: dict[str, Any],
    before: Edition | None,
    by: Membership,
    now: datetime,
) -> Edition:
    edition = Edition.objects.create(
        group_id=meeting.group_id,
        meeting=meeting,
        kind=EditionKind.MINUTES,
        audience=audience,
        organisation=organisation,
        version=before.version + 1 if before else 1,
        frozen=frozen,
        frozen_at=now,
        frozen_by=by,
    )
    order_document(edition, now=now)
    return edition


def _drawn(latest: Edition, audience: str, by: Membership, chosen: Collection[int], diary: str) -> dict[str, Any]:
    if audience == EditionFor.OWN:
        return editions.for_own(latest.frozen, by.organisation_id, by.organisation.name)
    if audience == EditionFor.STEERING:
        return editions.for_steering(latest.frozen)
    if audience == EditionFor.PUBLIC:
        return editions.for_public(latest.frozen, chosen, least=by.group.small_number)
    return editions.for_archive(latest.frozen, version=latest.version, diary=diary, adjusters=_vouched(latest))


def vouched(edition: Edition) -> list[Adjuster]:
    """Who has vouched for this version of the minutes."""
    rows = Adjuster.objects.filter(meeting_id=edition.meeting_id, version=edition.version)
    return list(rows.select_related("member__user", "member__organisation"))


def _vouched(latest: Edition) -> list[dict[str, Any]]:
    """Who vouched for this version, by their office: the organisation and the name they sign with."""
    return [
        {"name": str(row.member.user), "organisation": row.member.organisation.name, "at": row.approved_at.isoformat()}
        for row in vouched(latest)
        if row.approved_at is not None
    ]
