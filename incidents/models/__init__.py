"""What happened: observations about places, calm reports, and the batches that were imported."""

from incidents.models.batches import FileState, HeldRow, HeldState, ImportBatch, ImportFile, SavedMapping
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
from incidents.models.tokens import ApiAnswer, ApiToken, Scope

__all__ = [
    "TEXT_LIMIT",
    "ApiAnswer",
    "ApiToken",
    "CalmReport",
    "Certainty",
    "ChangeKind",
    "FileState",
    "HeldRow",
    "HeldState",
    "ImportBatch",
    "ImportFile",
    "Incident",
    "IncidentChange",
    "IncidentQuerySet",
    "LocationPrecision",
    "PeopleBand",
    "PoliceReported",
    "SavedMapping",
    "Scope",
    "Sighting",
    "SightingKind",
    "Source",
    "TimePrecision",
    "Visibility",
]
