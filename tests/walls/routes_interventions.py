"""What we do about it: the routes of the meeting, the interventions and their documents."""

from __future__ import annotations

import uuid
from typing import Any

from est_site.access import Permission, may
from est_site.partners.models import Membership
from tests.cast import PASSWORD
from tests.walls.bodies import today, what_to_do
from tests.walls.row import Limited, Row, button, form, nothing, of_the_owner, pk
from tests.walls.world import Things

meeting, minutes = pk("open"), pk("minutes")
AGENDA = Limited(lambda t: {"pk": t.agenda.pk}, sees=lambda member, t: may(member, Permission.SEE_MEETING))
OWN_STEP = Limited(lambda t: {"pk": t.open.pk, "intervention": t.own_intervention.pk})


def moved(t: Things) -> dict[str, Any]:
    """The planned sitting at its hour in another place."""
    start = t.planned.local_start
    return {"version": t.planned.version, "day": start.date(), "at": f"{start:%H:%M}", "where": "Rådhuset"}


def told(t: Things) -> dict[str, Any]:
    """Who is told what."""
    said = {"recipient": "Skolan", "text": "Lampan lagas", "channel": "mail", "responsible": t.organisation.pk}
    return said | {"due_on": today(), "client_uuid": uuid.UUID(int=23)}


def remark(t: Things) -> dict[str, Any]:
    return {"text": "Lampan var redan lagad", "client_uuid": uuid.UUID(int=31)}


def correction(t: Things) -> dict[str, Any]:
    return {"what": "Tiden var fel", "version": 1, "guests": ""} | {f"note{n}": "" for n in range(10)}


def settles(member: Membership, t: Things) -> bool:
    return of_the_owner(member, t) or may(member, Permission.RUN_MEETING)


INTERVENTIONS: dict[str, Row] = {
    "meetings": Row(),
    "meeting": Row(meeting),
    "meeting_prepare": button(lambda t: {"pk": t.planned.pk}),
    "meeting_move": form(lambda t: {"pk": t.planned.pk}, moved),
    "meeting_start": button(lambda t: {"pk": t.planned.pk}, lambda t: {"early": "yes"}),
    "meeting_attendance": button(meeting, lambda t: {"present": [t.organisation.pk]}),
    "meeting_decide": button(meeting, what_to_do),
    "meeting_follow_up": button(
        lambda t: {"pk": t.open.pk, "intervention": t.intervention.pk},
        lambda t: {"client_uuid": uuid.UUID(int=7), "kind": "continue"},
        limited=OWN_STEP,
    ),
    "meeting_replace": Row(
        lambda t: {"pk": t.open.pk, "intervention": t.intervention.pk},
        lambda t: what_to_do(t) | {"reason": "Den räckte inte"},
        post=(302,),
        limited=OWN_STEP,
    ),
    "meeting_colour": button(lambda t: {"pk": t.open.pk, "area": t.area.pk}, lambda t: {"colour": "red"}),
    "meeting_note": button(
        lambda t: {"pk": t.open.pk, "item": t.item}, lambda t: {"note": "Inget att tillägga", "version": 1}
    ),
    "meeting_close": button(meeting),
    "meeting_take_up": button(lambda t: {"pk": t.open.pk, "item": t.item}),
    "meeting_present": Row(meeting),
    "meeting_follow": Row(meeting),
    "meeting_state": Row(meeting),
    "meeting_arrange": Row(lambda t: {"pk": t.open.pk}, lambda t: {"heading": "Belysningen"}, post=(302,)),
    "meeting_item_move": button(lambda t: {"pk": t.open.pk, "item": t.item}, lambda t: {"seen": 1, "to": 2}),
    "meeting_item_park": button(lambda t: {"pk": t.open.pk, "item": t.talk}),
    "meeting_agenda_renew": button(lambda t: {"pk": t.planned.pk}),
    "meeting_cancel": button(lambda t: {"pk": t.planned.pk}, lambda t: {"version": t.planned.version}),
    "meeting_vote": form(pk("open"), lambda t: {f"area{t.area.pk}": "red"}),
    "meeting_vote_state": button(meeting, lambda t: {"vote": "shown"}),
    "meeting_inform": form(pk("open"), told),
    "minutes_remarks": form(pk("closed"), remark),
    "minutes_correct": form(pk("closed"), correction),
    "minutes_editions": form(pk("closed"), lambda t: {"audience": "own"}),
    "minutes_adjust": Row(pk("closed"), lambda t: {"version": 1, "password": PASSWORD}, post=(302, 409)),
    "minutes_name_adjuster": button(pk("closed"), lambda t: {"member": t.coordinators[-1].pk}),
    "minutes_drop_adjuster": button(lambda t: {"pk": t.closed.pk, "adjuster": t.adjuster.pk}),
    "meeting_own": Row(meeting),
    "meeting_own_note": button(meeting, lambda t: {"text": "Lugnt i veckan", "version": 1}),
    "meeting_own_calm": button(meeting),
    "meeting_own_delivered": button(
        meeting, lambda t: {f"done{t.intervention.pk}": "done", f"why{t.intervention.pk}": ""}
    ),
    "meeting_propose": form(pk("open"), what_to_do),
    "meeting_withdraw": Row(
        lambda t: {"pk": t.open.pk, "intervention": t.proposal.pk}, get=(405,), post=(302,), only=of_the_owner
    ),
    "meeting_decide_proposal": form(
        lambda t: {"pk": t.open.pk, "intervention": t.proposal.pk},
        lambda t: {"client_uuid": uuid.UUID(int=9), "kind": "start"},
    ),
    "colour_meanings": form(nothing, lambda t: {"green": "Som vanligt", "yellow": "", "red": "Vi gör något nu"}),
    "information": Row(),
    "information_settle": Row(pk("told"), lambda t: {"status": "sent"}, get=(405,), post=(302,), only=settles),
    "interventions": Row(),
    "decisions": Row(),
    "decisions_file": Row(),
    "own_work": Row(),
    "own_list": Row(),
    "own_tasks": Row(),
    "intervention": Row(lambda t: {"pk": t.intervention.pk}, limited=Limited(lambda t: {"pk": t.own_intervention.pk})),
    "documents": Row(),
    "edition": Row(minutes, limited=AGENDA),
    "edition_order": button(minutes, limited=AGENDA),
    "edition_pdf": Row(minutes, get=(200, 202), limited=AGENDA),
}
