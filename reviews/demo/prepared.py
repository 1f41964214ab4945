"""What the organisations have prepared for the meeting to come, and what earlier ones let others know."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta

from est_site.partners.models import Area, Group, Membership, Organisation
from interventions.actions import (
    NewIntervention,
    add_item,
    approve_minutes,
    freeze_annexes,
    latest_minutes,
    make_edition,
    may_adjust,
    name_adjuster,
    propose,
    write_round_note,
)
from interventions.editions import tellable
from interventions.models import AgendaItem, EditionFor, Information, ItemKind
from reviews.demo import truth, words
from situation.colour_actions import set_meanings
from situation.models import Meeting


def told(meeting: Meeting, organisations: dict[str, Organisation], rng: random.Random) -> None:
    """One message that this meeting decided to send; what earlier ones decided has been sent since."""
    waiting = Information.objects.filter(group_id=meeting.group_id).waiting()
    waiting.update(status="sent", settled_at=meeting.starts_at - timedelta(days=5), settled_by=meeting.opened_by)
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
    """The next meeting has notes, an item of its own and a proposal."""
    coordinator = Membership.objects.get(group=group, role="coordinator")
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


def issue(group: Group, now: datetime) -> None:
    """The last minutes as others than the group read them: an annex of the police, three editions, one approval of two."""
    meeting = Meeting.objects.filter(group=group, state="closed").order_by("-starts_at").first()
    edition = latest_minutes(meeting) if meeting else None
    if meeting is None or edition is None or meeting.closed_at is None:
        return
    coordinator = Membership.objects.get(group=group, role="coordinator")
    AgendaItem.objects.create(
        group=group,
        meeting=meeting,
        position=meeting.agenda_items.count() + 1,
        kind=ItemKind.OWN,
        heading=words.LIMITED_ITEM,
        note=words.LIMITED_NOTE,
        limited_to=Organisation.objects.filter(group=group, kind="police").first(),
    )
    freeze_annexes(meeting, by=coordinator, now=meeting.closed_at)
    asked = [one for one in may_adjust(meeting, now) if one != coordinator][:2]
    for member in asked:
        name_adjuster(meeting=meeting, member=member, by=coordinator, now=now)
    for member in asked[:1]:
        approve_minutes(meeting=meeting, version=edition.version, by=member, now=now)
    chosen = [line["id"] for line in tellable(edition.frozen)]
    for audience in (EditionFor.STEERING, EditionFor.PUBLIC, EditionFor.ARCHIVE):
        make_edition(meeting=meeting, audience=audience, by=coordinator, now=now, chosen=chosen, diary=words.DIARY)
