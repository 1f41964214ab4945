"""Who takes part, where and when, and what it is called."""

from est_site.partners.models.categories import (
    Category,
    CategoryKind,
    CategoryName,
    CategoryQuerySet,
    Question,
    QuestionKind,
    QuestionQuerySet,
)
from est_site.partners.models.doors import Door, DoorKey, DoorQuerySet
from est_site.partners.models.people import (
    Cadence,
    Group,
    Membership,
    MembershipQuerySet,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
    ReviewCadence,
    Role,
    User,
    UserManager,
    WalledQuerySet,
)
from est_site.partners.models.periods import Period, PeriodKind, PeriodQuerySet
from est_site.partners.models.places import Area, AreaQuerySet, Layer, ObjectType, Place, PlaceKind, PlaceQuerySet

__all__ = [
    "Area",
    "AreaQuerySet",
    "Cadence",
    "Category",
    "CategoryKind",
    "CategoryName",
    "CategoryQuerySet",
    "Door",
    "DoorKey",
    "DoorQuerySet",
    "Group",
    "Layer",
    "Membership",
    "MembershipQuerySet",
    "ObjectType",
    "Organisation",
    "OrganisationKind",
    "OrganisationQuerySet",
    "Period",
    "PeriodKind",
    "PeriodQuerySet",
    "Place",
    "PlaceKind",
    "PlaceQuerySet",
    "Question",
    "QuestionKind",
    "QuestionQuerySet",
    "ReviewCadence",
    "Role",
    "User",
    "UserManager",
    "WalledQuerySet",
]
