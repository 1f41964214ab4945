"""What the room talks about now."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from est_site import audit
from est_site.partners.models import Membership
from interventions.actions.opened import open_now
from interventions.models import AgendaItem
from situation.models import Meeting


@transaction.atomic
def take_up(*, item: AgendaItem, by: Membership, now: datetime) -> AgendaItem:
    """The item is at hand on every screen, and no other is; taken up twice it changes nothing."""
    meeting = open_now(item.meeting)
    item.refresh_from_db()
    if item.at_hand:
        return item
    AgendaItem.objects.filter(meeting=meeting, at_hand=True).update(at_hand=False)
    item.at_hand = True
    item.save(update_fields=["at_hand"])
    Meeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1)
    audit.append(what="meeting.item", by=by, on=item, now=now, fields=["at_hand"])
    return item
