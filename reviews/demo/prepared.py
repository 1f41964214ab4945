"""What the organisations have prepared for the meeting to come, and what earlier ones let others know."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta

from est_site.partners.models import Area, Group, Membership, Organisation
from interventions.actions import NewIntervention, add_item, propose, write_round_note
from interventions.models import Information
from reviews.demo import truth, words
from situation.colour_actions import set_meanings
from situation.models import Meeting


def told(meeting: Meeting, organisations: dict[str, Organisation], rng: random.Random) -> None:
    """One message that this meeting decided to send."""
    recipient, text, channel = rng.choice(words.TOLD)
    Information.objects.create(
        group_id=meeting.group_id,
        meeting=meeting,
        recipient=recipient,
        text=text,
        channel=channel,
        responsible=rng.choice(sorted(organisations.values(), key=lambda one: one.name)),
        due_on=meeting.local_start.date() + timedelta(days=7),
        client_uuid=uuid.uuid5(uuid.NAMESPACE_URL, f"demo-told-{meeting.pk}"),
    )


def build(group: Group, now: datetime) -> None:
    """All but the last message are sent; the next meeting has notes, an item of its own and a proposal."""
    waiting = Information.objects.filter(group=group).order_by("-meeting__starts_at").values_list("pk", flat=True)[:1]
    coordinator = Membership.objects.get(group=group, role="coordinator")
    for row in Information.objects.filter(group=group).exclude(pk__in=list(waiting)).select_related("meeting"):
        row.status, row.settled_by = "sent", coordinator
        row.settled_at = row.meeting.starts_at + timedelta(days=2)
        row.save(update_fields=["status", "settled_at", "settled_by"])
    set_meanings(by=coordinator, now=now, meanings=words.MEANINGS)
    meeting = Meeting.objects.filter(group=group).weekly().next_after(now).first()
    if meeting is None:
        return
    rng = random.Random(truth.SEED * 17)  # noqa: S311  invented data
    members = list(Membership.objects.filter(group=group, role="member").select_related("organisation").order_by("pk"))
    for member, text in zip(members, rng.sample(words.BROUGHT, len(words.BROUGHT)), strict=False):
        if member.organisation.kind != "police":  # whoever tries the site as the police writes their own
            write_round_note(meeting=meeting, text=text, version=0, by=member, now=now)
    add_item(meeting=meeting, heading=words.OWN_ITEM, by=coordinator, now=now)
    for member in members[:1]:
        new = NewIntervention(
            what=words.PROPOSAL,
            responsible=member.organisation,
            first_day=meeting.local_start.date(),
            area=Area.objects.filter(group=group).order_by("pk").first(),
        )
        number = uuid.uuid5(uuid.NAMESPACE_URL, f"demo-proposal-{group.slug}")
        propose(new=new, client_uuid=number, by=member, now=now)
