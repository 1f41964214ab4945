"""What the organisations bring to a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from est_site import audit
from est_site.partners.models import Membership
from interventions.actions.opened import Stale
from interventions.models import Delivered, DeliverySaid, Intervention, RoundNote
from situation.actions import NotAllowed, to_come, touch
from situation.models import Meeting


@transaction.atomic
def write_round_note(*, meeting: Meeting, text: str, version: int, by: Membership, now: datetime) -> RoundNote:
    """What the member's organisation says round the table. `version` is the one that was read, 0 for none.

    Raises `Stale` when a colleague saved another text meanwhile, `NotAllowed` when the meeting is over.
    """
    meeting = to_come(meeting)
    mine = {"meeting": meeting, "organisation_id": by.organisation_id}
    note = RoundNote.objects.filter(**mine).first()
    if note is None:
        note = RoundNote(group_id=meeting.group_id, **mine, version=0)
    if note.text == text:
        return note
    if note.pk is not None and note.version != version:
        raise Stale
    note.text, note.version, note.written_at, note.written_by = text, note.version + 1, now, by
    note.save()
    touch(meeting)
    audit.append(what="meeting.round", by=by, on=note, now=now, fields=["text"])
    return note


@transaction.atomic
def say_delivered(
    *, meeting: Meeting, said: Mapping[int, tuple[str, str]], by: Membership, now: datetime
) -> list[DeliverySaid]:
    """What became of the organisation's own running interventions: their ids with (done, partly or not; why).

    Said again, it replaces what was said. Raises ValidationError when something not done has no reason, and
    `NotAllowed` for an intervention of somebody else's or that does not run.
    """
    meeting = to_come(meeting)
    own = Intervention.objects.visible_to(by).running().filter(responsible_id=by.organisation_id)
    if set(said) - set(own.values_list("pk", flat=True)):
        raise NotAllowed("not one's own")
    rows = []
    for intervention, (delivered, why) in said.items():
        if delivered not in Delivered.values or (delivered != Delivered.DONE and not why.strip()):
            raise ValidationError(_("Say why it was not done, or only partly."))
        row, _new = DeliverySaid.objects.update_or_create(
            group_id=meeting.group_id,
            meeting=meeting,
            intervention_id=intervention,
            defaults={"delivered": delivered, "why": why, "said_at": now, "said_by": by},
        )
        rows.append(row)
    if rows:
        touch(meeting)
        audit.append(what="meeting.delivered", by=by, on=meeting, now=now, count=len(rows))
    return rows
