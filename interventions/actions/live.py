"""What the room talks about now."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from est_site import audit
from est_site.partners.models import Membership
from interventions.actions.arranging import stop_clock
from interventions.models import AgendaItem
from situation.actions import NotAllowed, open_now, touch


@transaction.atomic
def take_up(*, item: AgendaItem, by: Membership, now: datetime) -> AgendaItem:
    """The item is at hand on every screen, and no other is; taken up twice it changes nothing, and its clock goes on."""
    meeting = open_now(item.meeting)
    item.refresh_from_db()
    if item.at_hand:
        return item
    if item.parked_at is not None:
        raise NotAllowed("parked")
    stop_clock(meeting, now)
    item.at_hand, item.taken_up_at = True, now
    item.save(update_fields=["at_hand", "taken_up_at"])
    touch(meeting)
    audit.append(what="meeting.item", by=by, on=item, now=now, fields=["at_hand"])
    return item
