"""Writes of the incidents room. Keyword-only, each in one transaction, `by` the member who answers for it, audit event last."""

from incidents.actions.calm import report_calm, say_calm
from incidents.actions.conditions import end_condition, may_end, reopen_condition
from incidents.actions.correcting import NotAllowed, correct_incident, differences
from incidents.actions.masking import mask_incident
from incidents.actions.recording import Details, FormUsed, record_incident
from incidents.actions.reviewing import look_at, merge_incidents, not_same, part_incident
from incidents.actions.sightings import see_same, see_still
from incidents.actions.together import record_together
from incidents.actions.withdrawing import may_restore, restore_incident, take_back, withdraw_incident

__all__ = [
    "Details",
    "FormUsed",
    "NotAllowed",
    "correct_incident",
    "differences",
    "end_condition",
    "look_at",
    "mask_incident",
    "may_end",
    "may_restore",
    "merge_incidents",
    "not_same",
    "part_incident",
    "record_incident",
    "record_together",
    "reopen_condition",
    "report_calm",
    "restore_incident",
    "say_calm",
    "see_same",
    "see_still",
    "take_back",
    "withdraw_incident",
]
