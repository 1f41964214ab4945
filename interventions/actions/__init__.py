"""Every write of the meeting: preparing it, deciding in it, closing it."""

from interventions.actions.closing import close_meeting, write_note
from interventions.actions.deciding import NewIntervention, follow_up, next_follow_up, start_intervention
from interventions.actions.live import take_up
from interventions.actions.opened import Stale, open_now
from interventions.actions.preparing import (
    invite,
    latest_minutes,
    make_agenda,
    minutes_before,
    order_document,
    order_preparation,
    prepare_meeting,
    running_for,
)

__all__ = [
    "NewIntervention",
    "Stale",
    "close_meeting",
    "follow_up",
    "invite",
    "latest_minutes",
    "make_agenda",
    "minutes_before",
    "next_follow_up",
    "open_now",
    "order_document",
    "order_preparation",
    "prepare_meeting",
    "running_for",
    "start_intervention",
    "take_up",
    "write_note",
]
