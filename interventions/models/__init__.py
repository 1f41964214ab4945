"""What we do about it: interventions, the decisions on them, the agenda and the minutes."""

from interventions.models.interventions import (
    TRANSITIONS,
    Decision,
    DecisionKind,
    DecisionQuerySet,
    Delivered,
    Intervention,
    InterventionQuerySet,
    InterventionStatus,
    InterventionType,
)
from interventions.models.meetings import AgendaItem, Edition, EditionKind, EditionQuerySet, ItemKind

__all__ = [
    "TRANSITIONS",
    "AgendaItem",
    "Decision",
    "DecisionKind",
    "DecisionQuerySet",
    "Delivered",
    "Edition",
    "EditionKind",
    "EditionQuerySet",
    "Intervention",
    "InterventionQuerySet",
    "InterventionStatus",
    "InterventionType",
    "ItemKind",
]
