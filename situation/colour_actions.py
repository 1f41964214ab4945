"""Writes about the colours: what the group means by them, and the first vote in secret."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from est_site import audit
from est_site.partners.models import Membership
from situation.actions import NotAllowed, open_now, touch
from situation.models import ColourMeaning, ColourVote, ColourVoting, Meeting


@transaction.atomic
def set_meanings(*, by: Membership, now: datetime, meanings: Mapping[str, str]) -> None:
    """What the group means by each colour; an empty text takes the meaning away."""
    before = {row.colour: row.text for row in ColourMeaning.objects.filter(group_id=by.group_id).select_for_update()}
    changed = [colour for colour, text in meanings.items() if before.get(colour, "") != text]
    for colour in changed:
        rows = ColourMeaning.objects.filter(group_id=by.group_id, colour=colour)
        if meanings[colour]:
            ColourMeaning.objects.update_or_create(
                group_id=by.group_id, colour=colour, defaults={"text": meanings[colour]}
            )
        else:
            rows.delete()
    if changed:
        audit.append(what="colours.mean", by=by, on=by.group, now=now, fields=sorted(changed))


@transaction.atomic
def set_vote(*, meeting: Meeting, vote: str, by: Membership, now: datetime) -> Meeting:
    """Let the organisations vote before anybody speaks, and show what they said. What is shown is not opened again."""
    meeting = open_now(meeting)
    if meeting.vote == vote:
        return meeting
    if (meeting.vote, vote) not in (
        (ColourVoting.NONE, ColourVoting.OPEN),
        (ColourVoting.OPEN, ColourVoting.SHOWN),
    ):
        raise NotAllowed(vote)
    meeting.vote = vote
    meeting.version += 1
    meeting.save(update_fields=["vote", "version"])
    audit.append(what="meeting.vote", by=by, on=meeting, now=now, fields=["vote"])
    return meeting


@transaction.atomic
def give_votes(*, meeting: Meeting, colours: Mapping[int, str], by: Membership, now: datetime) -> Meeting:
    """What the member's organisation says of each area, by its id; said again it replaces what it said before."""
    meeting = open_now(meeting)
    if meeting.vote != ColourVoting.OPEN:
        raise NotAllowed(meeting.vote)
    ColourVote.objects.bulk_create(
        [
            ColourVote(
                group_id=meeting.group_id,
                meeting=meeting,
                area_id=area,
                organisation_id=by.organisation_id,
                colour=colour,
                given_at=now,
                given_by=by,
            )
            for area, colour in colours.items()
        ],
        update_conflicts=True,
        unique_fields=["group", "meeting", "area", "organisation"],
        update_fields=["colour", "given_at", "given_by"],
    )
    touch(meeting)
    audit.append(what="meeting.voted", by=by, on=meeting, now=now, count=len(colours))
    return meeting
