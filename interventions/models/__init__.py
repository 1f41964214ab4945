"""What we do about it: interventions, the decisions on them, the agenda and the minutes."""

from interventions.models.corrected import Adjuster, Remark
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
from interventions.models.meetings import (
    OF_ONE,
    STANDING,
    AgendaItem,
    Edition,
    EditionFor,
    EditionKind,
    EditionQuerySet,
    ItemKind,
)
from interventions.models.prepared import DeliverySaid, RoundNote

__all__ = [
    "OF_ONE",
    "STANDING",
    "TRANSITIONS",
    "Adjuster",
    "AgendaItem",
    "Channel",
    "Decision",
    "DecisionKind",
    "DecisionQuerySet",
    "Delivered",
    "DeliverySaid",
    "Edition",
    "EditionFor",
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
