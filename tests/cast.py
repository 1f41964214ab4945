"""The people of the tests. Two groups; each person is there for a reason that their name stands for.

Tärnsund (the group under test):
  Carin coordinates for the municipality; Maja speaks for the municipality; Pontus is the police's representative;
  Rut reports for the housing company; Hanna speaks for the housing company; Anders analyses; Stina sits in the
  steering group; Disa's account is disabled; Viktor's guards never say anything.
Björkvik (the other group):
  Olle coordinates there and must never see anything of Tärnsund, nor Tärnsund anything of his.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from est_site import tenancy
from est_site.partners import doors
from est_site.partners.models import Area, Category, Door, Group, Membership, Organisation, Period, Place, User
from incidents.models import Incident, LocationPrecision

PASSWORD = "lyktan-vid-bryggan-7"
NOW = datetime(2026, 11, 22, 15, 41, tzinfo=UTC)  # a Sunday afternoon in 2026-W47
MONDAY = date(2026, 11, 16)


def square(lon: float, lat: float, size: float = 0.01) -> dict[str, Any]:
    """GeoJSON of a square with its south-west corner at the point."""
    ring = [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


@dataclass
class Town:
    """One group with everything a test needs to speak of."""

    group: Group
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Membership] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    periods: list[Period] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)

    def __getattr__(self, name: str) -> Membership:
        try:
            return self.__dict__["people"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None


def make_group(slug: str, name: str, **fields: Any) -> Group:
    defaults: dict[str, Any] = {"municipality": name, "first_period": date(2026, 8, 31), "metric_epsg": 3006}
    return Group.objects.create(slug=slug, name=name, **(defaults | fields))


def make_person(group: Group, organisation: Organisation, name: str, role: str, **fields: Any) -> Membership:
    return make_people(group, [(organisation, name, role)], **fields)[0]


def make_people(group: Group, those: Sequence[tuple[Organisation, str, str]], **fields: Any) -> list[Membership]:
    """Several at once: a town is made for almost every test."""
    password = make_password(PASSWORD)
    users = [
        User(email=f"{name.lower()}@{group.slug}.example", name=f"{name} {group.name}sson", password=password, **fields)
        for _organisation, name, _role in those
    ]
    return Membership.objects.bulk_create(
        Membership(group=group, user=user, organisation=organisation, role=role, valid_from=date(2020, 1, 1))
        for user, (organisation, _name, role) in zip(User.objects.bulk_create(users), those, strict=True)
    )


def make_incident(town: Town, **fields: Any) -> Incident:
    """An observation in Tärnsund; say only what the test is about."""
    at: datetime = fields.pop("at", NOW - timedelta(hours=18))
    category: Category = fields.pop("category", town.categories["graffiti"])
    area = fields.pop("area", town.areas.get("Hamnen"))
    defaults: dict[str, Any] = {
        "kind": category.kind,
        "occurred_from": at,
        "occurred_to": at,
        "reported_at": at,
        "recorded_at": at,
        "day": at.astimezone(town.group.zone).date(),
        "location_precision": LocationPrecision.AREA,
        "organisation": town.organisations["housing"],
        "reporter": town.people["rut"],
        "client_uuid": uuid.uuid4(),
    }
    return Incident.objects.create(group=town.group, category=category, area=area, **(defaults | fields))


def make_tarnsund() -> Town:
    """Tärnsund, with four organisations, three areas, two places and twelve weekly periods."""
    town = Town(make_group("tarnsund", "Tärnsund", meeting_place="Sjöfartshuset"))
    group = town.group
    with tenancy.inside(group):
        kinds = {
            "municipality": ("Tärnsunds kommun", "municipality"),
            "police": ("Polisen", "police"),
            "housing": ("Tärnsundsbostäder", "housing"),
            "guards": ("Väktarna", "security"),
        }
        rows = [Organisation(group=group, name=name, kind=kind) for name, kind in kinds.values()]
        town.organisations = dict(zip(kinds, Organisation.objects.bulk_create(rows), strict=True))
        roles = [
            ("municipality", "Carin", "coordinator"),
            ("municipality", "Maja", "member"),
            ("police", "Pontus", "member"),
            ("housing", "Rut", "reporter"),
            ("housing", "Hanna", "member"),
            ("municipality", "Anders", "analyst"),
            ("municipality", "Stina", "steering"),
            ("guards", "Viktor", "reporter"),
        ]
        people = make_people(group, [(town.organisations[key], name, role) for key, name, role in roles])
        town.people = {name.lower(): person for (_key, name, _role), person in zip(roles, people, strict=True)}
        town.people["disa"] = make_person(
            group, town.organisations["municipality"], "Disa", "coordinator", is_active=False
        )
        areas = Area.objects.bulk_create(
            Area(
                group=group,
                name=name,
                geometry=square(11.90 + n * 0.01, 57.90),
                population=1000 * (n + 1),
                valid_from=date(2020, 1, 1),
            )
            for n, name in enumerate(["Hamnen", "Centrum", "Stationsområdet"])
        )
        town.areas = {area.name: area for area in areas}
        town.places["kiosken"], town.places["tunneln"] = Place.objects.bulk_create(
            [
                Place(
                    group=group,
                    name="Hamnplan, kiosken",
                    aliases=["Kiosken"],
                    area=town.areas["Hamnen"],
                    lon=11.905,
                    lat=57.905,
                ),
                Place(group=group, name="Gångtunneln", area=town.areas["Stationsområdet"], lon=11.925, lat=57.905),
            ]
        )
        _categories(town)
        mondays = [MONDAY - timedelta(weeks=11 - n) for n in range(12)]
        town.periods = Period.objects.bulk_create(
            Period(group=group, first_day=first, last_day=first + timedelta(days=6)) for first in mondays
        )
    return town


def _categories(town: Town) -> None:
    group = town.group
    town.doors += doors.plant(group)
    top = Category.objects.bulk_create(
        [
            Category(group=group, code="damage", name_sv="Skadegörelse", name_en="Damage", position=1),
            Category(group=group, code="gathering", name_sv="Samling av personer", name_en="Gathering", position=2),
            Category(
                group=group,
                code="unsafe",
                name_sv="Otrygg plats",
                name_en="Insecure place",
                kind="condition",
                position=8,
            ),
        ]
    )
    damage, gathering, unsafe = top
    under = Category.objects.bulk_create(
        Category(group=group, parent=parent, code=code, name_sv=sv, name_en=en, kind=parent.kind)
        for parent, code, sv, en in [
            (damage, "graffiti", "Klotter", "Graffiti"),
            (damage, "glass", "Glaskross", "Broken glass"),
            (gathering, "outdoors", "Utomhus", "Outdoors"),
            (unsafe, "lighting", "Belysning", "Lighting"),
        ]
    )
    town.categories = {category.code: category for category in [*top, *under]}


def make_bjorkvik() -> Town:
    """The other group: one organisation, one area, one place, one coordinator."""
    town = Town(make_group("bjorkvik", "Björkvik"))
    with tenancy.inside(town.group):
        town.organisations["housing"] = Organisation.objects.create(
            group=town.group, name="Björkviks kommun", kind="municipality"
        )
        town.people["olle"] = make_person(town.group, town.organisations["housing"], "Olle", "coordinator")
        town.people["rut"] = town.people["olle"]
        town.areas["Hamnen"] = Area.objects.create(
            group=town.group, name="Björkviks hamn", geometry=square(16.5, 58.8), valid_from=date(2020, 1, 1)
        )
        town.places["kajen"] = Place.objects.create(group=town.group, name="Kajen", area=town.areas["Hamnen"])
        _categories(town)
        town.periods.append(
            Period.objects.create(group=town.group, first_day=MONDAY, last_day=MONDAY + timedelta(days=6))
        )
    return town
