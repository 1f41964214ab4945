"""What we do about it: interventions, the decisions on them, the agenda and the minutes."""

from interventions.models.corrected import Remark
from interventions.models.information import Channel, Information, InformationQuerySet, InformationStatus
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
from interventions.models.meetings import STANDING, AgendaItem, Edition, EditionKind, EditionQuerySet, ItemKind
from interventions.models.prepared import DeliverySaid, RoundNote

__all__ = [
    "STANDING",
    "TRANSITIONS",
    "AgendaItem",
    "Channel",
    "Decision",
    "DecisionKind",
    "DecisionQuerySet",
    "Delivered",
    "DeliverySaid",
    "Edition",
    "EditionKind",
    "EditionQuerySet",
    "Information",
    "InformationQuerySet",
    "InformationStatus",
    "Intervention",
    "InterventionQuerySet",
    "InterventionStatus",
    "InterventionType",
    "ItemKind",
    "Remark",
    "RoundNote",
]
