"""An observation with what followed: witnesses, history, what became of it, and what this person may do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from est_site import slots
from est_site.access import Permission, may
from est_site.partners.models import CategoryKind, Membership
from incidents import actions, history, states
from incidents.models import Incident, SightingKind


def reports(member: Membership, incidents: Sequence[Incident], now: datetime) -> list[dict[str, Any]]:
    """Each observation with where it stands and what became of it."""
    became = defaultdict(list)
    for card in slots.cards("incident.became", member, incidents, now):
        became[card.subject_id].append(card)
    return [{"incident": one, "states": states.words(one, now), "became": became[one.pk]} for one in incidents]


def page(member: Membership, incident: Incident, now: datetime) -> dict[str, Any]:
    """All that the page of one observation shows."""
    sightings = list(incident.sightings.select_related("organisation"))
    merged = Incident.objects.visible_to(member).filter(merged_into=incident, withdrawn_at=None)
    witnesses = {incident.organisation_id, *merged.values_list("organisation_id", flat=True)}
    witnesses |= {one.organisation_id for one in sightings if one.kind == SightingKind.SAME}
    still = [one for one in sightings if one.kind == SightingKind.STILL]
    return {
        **reports(member, [incident], now)[0],
        "witnesses": len(witnesses),
        "photos": list(incident.photos.all()),
        "still": still[-1] if still else None,
        "together": _together(member, incident),
        "history": history.entries(incident, member),
        "may": _may(member, incident),
        "head": Incident.objects.visible_to(member).filter(pk=incident.merged_into_id).first(),
    }


def _together(member: Membership, incident: Incident) -> list[Incident]:
    """What was reported in the same form, as far as this person may see it."""
    if incident.sending is None:
        return []
    others = Incident.objects.visible_to(member).filter(sending=incident.sending).exclude(pk=incident.pk)
    return list(others.select_related("category").order_by("id"))


def _may(member: Membership, incident: Incident) -> dict[str, bool]:
    """Which buttons the page has for this person."""
    own = incident.reporter_id == member.pk
    stands = incident.withdrawn_at is None and incident.merged_into_id is None
    condition = incident.kind == CategoryKind.CONDITION and stands and may(member, Permission.REPORT)
    is_open = incident.ended_at is None
    return {
        "correct": own and incident.withdrawn_at is None,
        "restore": actions.may_restore(member, incident),
        "same": stands and not own and may(member, Permission.REPORT) and incident.kind == CategoryKind.EVENT,
        "still": condition and is_open,
        "end": condition and is_open and actions.may_end(member, incident),
        "part": incident.merged_into_id is not None and may(member, Permission.REVIEW_INTAKE),
        "mask": may(member, Permission.REVIEW_INTAKE),
        "reopen": condition and not is_open and actions.may_end(member, incident),
    }
