"""Builds the invented town in stages: partners, observations, meetings, documents. The same day gives the same town."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from est_site import audit, jobs, tenancy
from est_site.partners.actions.groups import create_group, set_metric
from est_site.partners.models import Area, Category, Group, Membership, Organisation, Period, Place, User
from incidents.models import CalmReport, Incident, Source
from reviews.demo import ahead, history, observations, prepared, sources, town, truth
from situation.schedule import plan_ahead

SLUG = "tarnsund"
PASSWORD = "trygga-tarnsund-2026"  # noqa: S105  printed for everybody who starts the demo
Say = Callable[[str], None]


def is_built() -> bool:
    return Group.objects.filter(slug=SLUG).exists()


def build(*, now: datetime, say: Say) -> Group:
    """The whole town, all or nothing; then the documents of its last meetings, made as a worker makes them."""
    with transaction.atomic():
        say("Group, areas, places and people")
        group = _group(now)
        with tenancy.inside(group):
            _partners(group)
            say("Three years of observations")
            _observe(group, now)
            ahead.build(group, now)
            sources.build(group, now)
            say("156 weeks of meetings")
            history.meetings(group, now)
            plan_ahead(group=group, now=now)
            prepared.build(group, now)
            prepared.issue(group, now)
            history.order_last_documents(group, now)
        _neighbour(now)
    say("PDFs of the last four meetings")
    jobs.work_off(now)
    return group


def last_monday(now: datetime, group: Group) -> date:
    """Monday of the week that is going on."""
    today = now.astimezone(group.zone).date()
    return today - timedelta(days=today.weekday())


def _group(now: datetime) -> Group:
    monday = now.date() - timedelta(days=now.date().weekday())
    return create_group(
        slug=SLUG,
        name="Tärnsund",
        municipality="Tärnsunds kommun",
        first_period=monday - timedelta(weeks=truth.WEEKS),
        meeting_place="Sjöfartshuset",
        now=now,
    )


def _partners(group: Group) -> None:
    began = group.first_period
    organisations = {
        partner.name: Organisation.objects.create(group=group, name=partner.name, kind=partner.kind)
        for partner in town.ORGANISATIONS
    }
    hashed = User()
    hashed.set_password(PASSWORD)  # once: a slow hash is slow on purpose
    for person in town.PEOPLE:
        user = User.objects.create(email=f"{person.key}@tarnsund.example", name=person.name, password=hashed.password)
        Membership.objects.create(
            group=group, user=user, organisation=organisations[person.organisation], role=person.role, valid_from=began
        )
    geometries = town.area_geometries()
    areas = {
        name: Area.objects.create(
            group=group, name=name, geometry=geometries[name], population=population, valid_from=began
        )
        for name, _east, _north, population, _rate in town.AREAS
    }
    for name, aliases, area, kind, east, north, _share in town.PLACES:
        lon, lat = town.at(east, north)
        Place.objects.create(
            group=group, name=name, aliases=aliases, area=areas[area], object_type=kind, lon=lon, lat=lat
        )
    set_metric(group)


def _observe(group: Group, now: datetime) -> None:
    """All observations as rows, and "calm" from most organisations that had none."""
    people: dict[str, list[Membership]] = {}
    for member in Membership.objects.filter(group=group).select_related("organisation").order_by("id"):
        if member.role != "steering":
            people.setdefault(member.organisation.name, []).append(member)
    periods = list(Period.objects.filter(group=group).regular())
    monday = last_monday(now, group)
    names = _Names(group)
    rng = random.Random(truth.SEED)  # noqa: S311  invented data
    count = 0
    for week, found in enumerate(_weeks(group, monday, now)):
        rows = [_row(group, o, people[o.organisation], names) for o in found if o.reported <= now]
        Incident.objects.bulk_create(rows)
        count += len(rows)
        heard = {o.organisation for o in found}
        _calm(group, week, periods, people, heard, rng, now)
    looked_at = Incident.objects.filter(group=group, recorded_at__lt=now - timedelta(days=4))
    looked_at.update(reviewed_at=F("recorded_at"))
    audit.append(what="incidents.demo", by=None, on=group, now=now, count=count)


def _weeks(group: Group, monday: date, now: datetime) -> list[list[observations.Observation]]:
    weeks = list(observations.generate(monday, group.zone))
    going_on = observations.week_of(truth.WEEKS, monday, group.zone)
    return [*weeks, [o for o in going_on if o.end <= now]]


class _Names:
    """Rows by the names the generator uses."""

    def __init__(self, group: Group) -> None:
        self.areas = {area.name: area for area in Area.objects.filter(group=group)}
        self.places = {place.name: place for place in Place.objects.filter(group=group)}
        self.categories = {category.code: category for category in Category.objects.filter(group=group)}


def _row(group: Group, o: observations.Observation, people: Sequence[Membership], names: _Names) -> Incident:
    category = names.categories[o.category]
    place = names.places[o.place] if o.place else None
    precision = "none" if o.area is None else "area" if o.lon is None else "exact" if place else "approximate"
    return Incident(
        group=group,
        category=category,
        kind=category.kind,
        occurred_from=o.start,
        occurred_to=o.end,
        time_precision=o.precision,
        reported_at=o.reported,
        recorded_at=o.reported,
        day=o.start.date(),
        place=place,
        area=names.areas[o.area] if o.area else None,
        lon=o.lon,
        lat=o.lat,
        location_precision=precision,
        object_type=place.object_type if place else "",
        severity=o.severity,
        text=o.text,
        organisation=people[0].organisation,
        reporter=people[o.reporter % len(people)],
        client_uuid=o.id,
        source=Source.DEMO,
    )


def _calm(
    group: Group,
    week: int,
    periods: Sequence[Period],
    people: dict[str, list[Membership]],
    heard: set[str],
    rng: random.Random,
    now: datetime,
) -> None:
    """Half of those who saw nothing say so; the rest are silent, and that is another thing."""
    period = periods[week]
    said_at = datetime.combine(period.last_day, datetime.min.time(), group.zone) + timedelta(hours=20)
    for name, members in people.items():
        if name in heard or truth.effort(name, week) == 0.0 or rng.random() < 0.5 or said_at > now:
            continue
        CalmReport.objects.create(
            group=group, organisation=members[0].organisation, period=period, reporter=members[0], reported_at=said_at
        )


def _neighbour(now: datetime) -> None:
    """A second, small group in the same installation: whoever sees Tärnsund must see nothing of it."""
    monday = now.date() - timedelta(days=now.date().weekday())
    group = create_group(
        slug="bjorkvik",
        name="Björkvik",
        municipality="Björkviks kommun",
        first_period=monday - timedelta(weeks=12),
        now=now,
    )
    with tenancy.inside(group):
        organisation = Organisation.objects.create(group=group, name="Björkviks kommun", kind="municipality")
        user = User.objects.create_user("samordnare@bjorkvik.example", PASSWORD, name="Olle Björk")
        Membership.objects.create(
            group=group, user=user, organisation=organisation, role="coordinator", valid_from=group.first_period
        )
        plan_ahead(group=group, now=now)


def sign_ins() -> list[tuple[str, str]]:
    """(what the role is called, e-mail address), one per role and one of the other group."""
    return [
        ("rapportör (reporter)", "rapportor@tarnsund.example"),
        ("representant (member)", "polis@tarnsund.example"),
        ("samordnare (coordinator)", "samordnare@tarnsund.example"),
        ("analytiker (analyst)", "analytiker@tarnsund.example"),
        ("styrgrupp (steering)", "styrgrupp@tarnsund.example"),
        ("samordnare i Björkvik (the other group)", "samordnare@bjorkvik.example"),
    ]
