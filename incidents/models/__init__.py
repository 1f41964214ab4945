"""What happened: observations about places, calm reports, and the batches that were imported."""

from incidents.models.batches import ImportBatch
from incidents.models.calm import CalmReport
from incidents.models.drafts import Draft
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

__all__ = [
    "PHOTOS",
    "TEXT_LIMIT",
    "CalmReport",
    "Certainty",
    "ChangeKind",
    "Draft",
    "ImportBatch",
    "Incident",
    "IncidentChange",
    "IncidentQuerySet",
    "LocationPrecision",
    "NotSame",
    "PeopleBand",
    "Photo",
    "PoliceReported",
    "Sighting",
    "SightingKind",
    "Source",
    "TimePrecision",
    "Visibility",
]
