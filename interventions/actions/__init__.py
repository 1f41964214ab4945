"""Every write of the meeting: preparing it, deciding in it, closing it."""

from interventions.actions.adjusting import MOST_ADJUSTERS, approve_minutes, drop_adjuster, may_adjust, name_adjuster
from interventions.actions.arranging import add_item, move_item, park_item
from interventions.actions.closing import close_meeting, write_note
from interventions.actions.correcting import correct_minutes, leave_remark, may_remark, window_ends
from interventions.actions.deciding import (
    NewIntervention,
    follow_up,
    next_follow_up,
    propose,
    start_intervention,
    withdraw_proposal,
)
from interventions.actions.editions import freeze_annexes, make_edition, may_make, vouched
from interventions.actions.informing import inform, settle_information
from interventions.actions.live import take_up
from interventions.actions.members import say_delivered, write_round_note
from interventions.actions.opened import Stale
from interventions.actions.preparing import (
    invite,
    latest_minutes,
    make_agenda,
    minutes_before,
    order_document,
    order_preparation,
    prepare_meeting,
    renew_agenda,
    running_for,
)

__all__ = [
    "MOST_ADJUSTERS",
    "NewIntervention",
    "Stale",
    "add_item",
    "approve_minutes",
    "close_meeting",
    "correct_minutes",
    "drop_adjuster",
    "follow_up",
    "freeze_annexes",
    "inform",
    "invite",
    "latest_minutes",
    "leave_remark",
    "make_agenda",
    "make_edition",
    "may_adjust",
    "may_make",
    "may_remark",
    "minutes_before",
    "move_item",
    "name_adjuster",
    "next_follow_up",
    "order_document",
    "order_preparation",
    "park_item",
    "prepare_meeting",
    "propose",
    "renew_agenda",
    "running_for",
    "say_delivered",
    "settle_information",
    "start_intervention",
    "take_up",
    "vouched",
    "window_ends",
    "withdraw_proposal",
    "write_note",
    "write_round_note",
]
