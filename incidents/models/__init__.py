"""What happened: observations about places, calm reports, and the batches that were imported."""

from incidents.models.batches import ImportBatch
from incidents.models.calm import CalmReport
from incidents.models.incidents import (
    TEXT_LIMIT,
    Certainty,
    ChangeKind,
    Incident,
    IncidentChange,
    IncidentQuerySet,
    LocationPrecision,
    PeopleBand,
    PoliceReported,
    Sighting,
    SightingKind,
    Source,
    TimePrecision,
    Visibility,
)

__all__ = [
    "TEXT_LIMIT",
    "CalmReport",
    "Certainty",
    "ChangeKind",
    "ImportBatch",
    "Incident",
    "IncidentChange",
    "IncidentQuerySet",
    "LocationPrecision",
    "PeopleBand",
    "PoliceReported",
    "Sighting",
    "SightingKind",
    "Source",
    "TimePrecision",
    "Visibility",
]
