"""What happened: observations about places, calm reports, and the batches that were imported."""

from incidents.models.batches import FileState, HeldRow, HeldState, ImportBatch, ImportFile, SavedMapping
from incidents.models.calm import CalmReport
from incidents.models.drafts import Draft, DraftForm
from incidents.models.filters import SavedFilter
from incidents.models.incidents import (
    TEXT_LIMIT,
    Certainty,
    ChangeKind,
    Incident,
    IncidentChange,
    IncidentQuerySet,
    LocationPrecision,
    NotSame,
    PeopleBand,
    PoliceReported,
    Sighting,
    SightingKind,
    Source,
    TimePrecision,
    Visibility,
)
from incidents.models.photos import PHOTOS, Photo
from incidents.models.tokens import ApiAnswer, ApiToken, Scope

__all__ = [
    "PHOTOS",
    "TEXT_LIMIT",
    "ApiAnswer",
    "ApiToken",
    "CalmReport",
    "Certainty",
    "ChangeKind",
    "Draft",
    "DraftForm",
    "FileState",
    "HeldRow",
    "HeldState",
    "ImportBatch",
    "ImportFile",
    "Incident",
    "IncidentChange",
    "IncidentQuerySet",
    "LocationPrecision",
    "NotSame",
    "PeopleBand",
    "Photo",
    "PoliceReported",
    "SavedFilter",
    "SavedMapping",
    "Scope",
    "Sighting",
    "SightingKind",
    "Source",
    "TimePrecision",
    "Visibility",
]
