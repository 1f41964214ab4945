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
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

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
    email = f"{name.lower()}@{group.slug}.example"
    user = User.objects.create_user(email, PASSWORD, name=f"{name} {group.name}sson", **fields)
    return Membership.objects.create(
        group=group, user=user, organisation=organisation, role=role, valid_from=date(2020, 1, 1)
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
        for key, name, kind in [
            ("municipality", "Tärnsunds kommun", "municipality"),
            ("police", "Polisen", "police"),
            ("housing", "Tärnsundsbostäder", "housing"),
            ("guards", "Väktarna", "security"),
        ]:
            town.organisations[key] = Organisation.objects.create(group=group, name=name, kind=kind)
        for key, name, organisation, role in [
            ("carin", "Carin", "municipality", "coordinator"),
            ("maja", "Maja", "municipality", "member"),
            ("pontus", "Pontus", "police", "member"),
            ("rut", "Rut", "housing", "reporter"),
            ("hanna", "Hanna", "housing", "member"),
            ("anders", "Anders", "municipality", "analyst"),
            ("stina", "Stina", "municipality", "steering"),
            ("viktor", "Viktor", "guards", "reporter"),
        ]:
            town.people[key] = make_person(group, town.organisations[organisation], name, role)
        town.people["disa"] = make_person(
            group, town.organisations["municipality"], "Disa", "coordinator", is_active=False
        )
        for n, name in enumerate(["Hamnen", "Centrum", "Stationsområdet"]):
            town.areas[name] = Area.objects.create(
                group=group,
                name=name,
                geometry=square(11.90 + n * 0.01, 57.90),
                population=1000 * (n + 1),
                valid_from=date(2020, 1, 1),
            )
        town.places["kiosken"] = Place.objects.create(
            group=group,
            name="Hamnplan, kiosken",
            aliases=["Kiosken"],
            area=town.areas["Hamnen"],
            lon=11.905,
            lat=57.905,
        )
        town.places["tunneln"] = Place.objects.create(
            group=group, name="Gångtunneln", area=town.areas["Stationsområdet"], lon=11.925, lat=57.905
        )
        _categories(town)
        for n in range(12):
            first = MONDAY - timedelta(weeks=11 - n)
            town.periods.append(Period.objects.create(group=group, first_day=first, last_day=first + timedelta(days=6)))
    return town


def _categories(town: Town) -> None:
    town.doors += doors.plant(town.group)
    damage = Category.objects.create(
        group=town.group, code="damage", name_sv="Skadegörelse", name_en="Damage", position=1
    )
    gathering = Category.objects.create(
        group=town.group, code="gathering", name_sv="Samling av personer", name_en="Gathering", position=2
    )
    unsafe = Category.objects.create(
        group=town.group, code="unsafe", name_sv="Otrygg plats", name_en="Insecure place", kind="condition", position=8
    )
    town.categories |= {"damage": damage, "gathering": gathering, "unsafe": unsafe}
    for parent, code, sv, en in [
        (damage, "graffiti", "Klotter", "Graffiti"),
        (damage, "glass", "Glaskross", "Broken glass"),
        (gathering, "outdoors", "Utomhus", "Outdoors"),
        (unsafe, "lighting", "Belysning", "Lighting"),
    ]:
        town.categories[code] = Category.objects.create(
            group=town.group, parent=parent, code=code, name_sv=sv, name_en=en, kind=parent.kind
        )


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
