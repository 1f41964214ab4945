"""Two groups with one of everything, and everybody who may stand before a door."""

from __future__ import annotations

import hashlib
import io
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from est_site import filing, tenancy
from est_site.models import Document, Job
from est_site.partners.models import Area, Category, Membership, Organisation, Period, Place, Question, User
from incidents import batch_actions, photos, saved_filters
from incidents.actions import merge_incidents
from incidents.models import ApiToken, HeldRow, ImportBatch, ImportFile, Incident, Photo, SavedFilter, Visibility
from incidents.photos.pixels import read
from incidents.token_actions import make_token
from interventions.actions import (
    NewIntervention,
    close_meeting,
    follow_up,
    inform,
    name_adjuster,
    order_document,
    prepare_meeting,
    propose,
    start_intervention,
    write_round_note,
)
from interventions.models import Adjuster, Edition, Information, Intervention
from situation.actions import open_meeting, set_attendance
from situation.colour_actions import set_vote
from situation.edition_actions import make_edition
from situation.editions import Span
from situation.models import Meeting, PictureEdition, Presence, ReportingEvent, SourceSeries, SourceValue, WheelEntry
from situation.schedule import plan_meeting
from tests import cast
from tests.cast import MONDAY, NOW, Town

SEEN, HIDDEN = "Belysningen vid bryggan", "Nyckeln ligger under mattan"  # in things of all and of one organisation
TOKEN = "0123456789abcdef0123456789abcdef"
FEATURE = (
    b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"namn": "Udden"}, "geometry":'
    b' {"type": "Polygon", "coordinates": [[[12.1, 57.7], [12.2, 57.7], [12.2, 57.8], [12.1, 57.8], [12.1, 57.7]]]}}]}'
)


@dataclass
class Things:
    """One of everything in a group: what an address can point at."""

    town: Town
    coordinators: list[Membership]
    person: Membership
    organisation: Organisation
    leaving: Organisation
    area: Area
    place: Place
    category: Category
    top: Category
    question: Question
    period: Period
    next_period: Period
    planned: Meeting
    open: Meeting
    closed: Meeting
    item: int
    talk: int  # an item that may be parked
    told: Information
    proposal: Intervention
    minutes: Edition
    adjuster: Adjuster
    agenda: Edition
    incident: Incident
    own_incident: Incident
    second_incident: Incident
    merged_incident: Incident
    photo: Photo
    own_photo: Photo
    condition: Incident
    mended: Incident
    intervention: Intervention
    own_intervention: Intervention
    job: Job
    waiting: ImportFile
    batch: ImportBatch
    held: HeldRow
    api_token: ApiToken
    saved: SavedFilter
    presence: Presence
    wheel: WheelEntry
    noted: ReportingEvent
    series: SourceSeries
    sheet: PictureEdition

    @property
    def slug(self) -> str:
        return self.town.group.slug

    def kept_file(self) -> str:
        """A file that each coordinator has chosen and not yet said yes to."""
        for member in self.coordinators:
            cache.set(f"areas:{member.group_id}:{member.pk}:{TOKEN}", ("udden.geojson", FEATURE))
        return TOKEN


def furnish(town: Town, *, coordinators: list[Membership], owner: Organisation, person: Membership) -> Things:
    """Three sittings (held, going on, to come), and what else a group gathers; `owner` keeps two things to itself."""
    group, chair = town.group, coordinators[0]
    with tenancy.inside(group):
        periods = [_week(town, back) for back in (2, 1, 0)]
        held, going_on, planned = (plan_meeting(group=group, period=period) for period in periods)
        for meeting in (held, going_on):
            prepare_meeting(meeting=meeting, now=NOW)
            open_meeting(meeting=meeting, by=chair, now=NOW)
        shared, own = _interventions(held, going_on, owner, chair)
        everybody = Organisation.objects.filter(group=group).values_list("pk", flat=True)
        set_attendance(meeting=held, present=list(everybody), by=chair, now=NOW)
        minutes = close_meeting(meeting=held, by=chair, now=NOW)
        reporter = Membership.objects.filter(organisation=owner).first()
        incidents = [
            cast.make_incident(town, text=text, visibility=visibility, organisation=owner, reporter=reporter)
            for text, visibility in (
                (SEEN, Visibility.GROUP),
                (HIDDEN, Visibility.ORGANISATION),
                (SEEN, Visibility.GROUP),
                (SEEN, Visibility.GROUP),
            )
        ]
        merge_incidents(by=chair, into=incidents[0], incident=incidents[3], now=NOW)
        incidents[3].refresh_from_db()
        condition, mended = (
            cast.make_incident(
                town, category=town.categories["lighting"], organisation=owner, reporter=None, ended_at=at
            )
            for at in (None, NOW)
        )
        item = going_on.agenda_items.order_by("position")[0].pk
        leaving = Organisation.objects.create(group=group, name="Skolan", kind="school")
        return Things(
            town=town,
            coordinators=coordinators,
            person=person,
            organisation=owner,
            leaving=leaving,
            area=town.areas["Hamnen"],
            place=next(iter(town.places.values())),
            category=town.categories["graffiti"],
            top=town.categories["damage"],
            question=Question.objects.create(
                group=group, category=town.categories["lighting"], kind="yes_no", label_sv="Lyser lampan?"
            ),
            period=periods[-1],
            next_period=_week(town, -1),
            planned=planned,
            open=Meeting.objects.get(pk=going_on.pk),
            closed=held,
            item=item,
            talk=going_on.agenda_items.get(kind="round").pk,
            told=_told(going_on, owner, chair),
            proposal=_proposal(reporter or chair),
            minutes=minutes,
            adjuster=name_adjuster(meeting=held, member=chair, by=chair, now=NOW),
            agenda=Edition.objects.get(meeting=going_on, kind="agenda"),
            incident=incidents[0],
            own_incident=incidents[1],
            second_incident=incidents[2],
            merged_incident=incidents[3],
            photo=_photo(incidents[0]),
            own_photo=_photo(incidents[1]),
            condition=condition,
            mended=mended,
            intervention=shared,
            own_intervention=own,
            job=Job.objects.order_by("pk")[0],
            saved=saved_filters.save_filter(by=chair, name="Vid kajen", query="kind=event", now=NOW),
            presence=_presence(town, owner, reporter or chair),
            wheel=WheelEntry.objects.create(
                group=group, title="Julmarknad", kind="event", first_day=NOW.date(), last_day=NOW.date()
            ),
            series=_series(chair, town.areas["Hamnen"]),
            noted=ReportingEvent.objects.create(group=group, day=NOW.date(), what="campaign", text="Kampanj i torget"),
            sheet=make_edition(
                by=chair,
                span=Span(periods[0].first_day, periods[0].last_day),
                audience="group",
                organisation=None,
                client_uuid=uuid.uuid4(),
                now=NOW,
            ),
            **_from_elsewhere(owner, chair),
        )


LIST = b"nr;tid;typ;p\n1;2026-11-02 22:15;Klotter;Kiosken\n2;nyligen;Lampor;Torget\n"
MAPPING = {
    "name": "vakt",
    "id": "nr",
    "time": {"from": "tid"},
    "category": {"column": "typ", "codes": {"Klotter": "graffiti"}},
    "where": {"place": "p", "others": "unknown"},
}


def _series(chair: Membership, area: Area) -> SourceSeries:
    """A survey of two years, of one area and of all together."""
    series = SourceSeries.objects.create(
        group=chair.group, name="Känner sig trygga", unit="andel", source="Mätningen", rising="better"
    )
    for year, of in ((2024, area), (2025, area), (2025, None)):
        said = {"value": 60.5, "low": 55.0, "high": 66.0, "taken_at": NOW, "taken_by": chair}
        SourceValue.objects.create(group=chair.group, series=series, area=of, year=year, **said)
    return series


def _presence(town: Town, owner: Organisation, by: Membership) -> Presence:
    start = NOW - timedelta(days=1)
    said = {"kind": "guards", "area": town.areas["Hamnen"], "client_uuid": uuid.uuid4()}
    hours = {"starts_at": start, "ends_at": start + timedelta(hours=2), "recorded_at": NOW}
    return Presence.objects.create(group=town.group, organisation=owner, recorded_by=by, **said, **hours)


def _from_elsewhere(owner: Organisation, chair: Membership) -> dict[str, Any]:
    """A file that waits, one that was taken in, a row of it that somebody must look at, and a system's key."""
    own = {"group_id": owner.group_id, "organisation": owner}
    batch = ImportBatch.objects.create(
        **own, file_name="oktober.csv", sha256="", rows=1, added=0, held=1, imported_at=NOW, imported_by=chair
    )
    file = batch_actions.keep_file(by=chair, organisation=owner, file_name="vakt.csv", content=LIST, now=NOW)
    file.mapping = MAPPING
    file.save(update_fields=["mapping"])
    row = {
        **{"kind": "event", "time_precision": "exact", "location_precision": "none", "lon": None, "lat": None},
        **{"occurred_from": NOW.isoformat(), "occurred_to": NOW.isoformat(), "day": str(NOW.date())},
        **{"category_id": Category.objects.get(code="graffiti").pk, "place_id": None, "area_id": None},
    }
    held = HeldRow.objects.create(
        **own, batch=batch, line=2, source_id="vakt:9", kinds=["phone"], words="Ring mig", row=row, held_at=NOW
    )
    token, _secret = make_token(by=chair, organisation=owner, name="Journalen", scopes=["calm:write"], now=NOW)
    return {"waiting": file, "batch": batch, "held": held, "api_token": token}


def _interventions(
    held: Meeting, going_on: Meeting, owner: Organisation, chair: Membership
) -> tuple[Intervention, Intervention]:
    """One that the whole group sees, which took over from one that only its owner sees; and another of the latter."""
    hidden = NewIntervention(HIDDEN, owner, NOW.date(), visibility=Visibility.ORGANISATION)
    said: dict[str, Any] = {"by": chair, "now": NOW}
    before, own = (
        start_intervention(meeting=meeting, new=hidden, client_uuid=uuid.uuid4(), **said).intervention
        for meeting in (held, going_on)
    )
    follow_up(
        meeting=held,
        intervention=before,
        kind="replace",
        successor=NewIntervention(SEEN, owner, NOW.date()),
        client_uuid=uuid.uuid4(),
        **said,
    )
    return before.successors.get(), own


def _proposal(by: Membership) -> Intervention:
    new = NewIntervention("Häcken klipps", by.organisation, NOW.date())
    return propose(new=new, client_uuid=uuid.uuid4(), by=by, now=NOW)


def _told(meeting: Meeting, owner: Organisation, chair: Membership) -> Information:
    said = {"recipient": "Butikerna", "text": "Lampan lagas", "channel": "mail", "responsible": owner}
    write_round_note(meeting=meeting, text="Lampan vid torget", version=0, by=chair, now=NOW)
    set_vote(meeting=meeting, vote="open", by=chair, now=NOW)
    return inform(meeting=meeting, due_on=NOW.date(), client_uuid=uuid.uuid4(), by=chair, now=NOW, **said)


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "JPEG")
    return out.getvalue()


def _photo(incident: Incident) -> Photo:
    """Sent with the form it was reported in."""
    number, reporter = incident.client_uuid, incident.reporter
    (photo,) = photos.keep(by=reporter, client_uuid=number, photos=[read(jpeg())], now=NOW)
    photos.attach(incident, [photo], [])
    return Photo.objects.get(pk=photo.pk)


def _week(town: Town, back: int) -> Period:
    first = MONDAY - timedelta(weeks=back)
    found, _created = Period.objects.get_or_create(
        group=town.group, first_day=first, defaults={"last_day": first + timedelta(days=6)}
    )
    return found


def _file(edition: Edition) -> None:
    """A file that can be fetched; what a worker would have put into it is of no matter at the door."""
    data = b"%PDF-1.7"
    digest = hashlib.sha256(data).hexdigest()
    with tenancy.inside(edition.group_id):
        document = order_document(edition, now=NOW)
        path = filing._store(document, digest, data)
        Document.objects.filter(pk=document.pk).update(
            path=path, sha256=digest, size=len(data), state="ready", made_at=NOW
        )


@dataclass
class Person:
    """Somebody with a browser; `member` is their seat in Tärnsund, if they have one that holds."""

    client: Client
    member: Membership | None = None
    signed_in: bool = True
    cookies: dict[str, str] = field(default_factory=dict)
    keeps_installation: bool = False

    def send(self, method: str, url: str, data: dict[str, Any] | None = None) -> HttpResponse:
        """Each time as the browser was after signing in, whatever an earlier answer did to its cookies."""
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        ask = {"GET": self.client.get, "POST": self.client.post}[method]
        return ask(url, data or {})  # type: ignore[return-value, operator]


@dataclass
class World:
    here: Things  # Tärnsund
    there: Things  # Björkvik
    people: dict[str, Person]
    media: Path = Path()


# who stands before the door; the last two belong to another organisation than the things that are limited to one
PEOPLE = (
    "anonymous",
    "disabled",
    "of another group",
    "administrator",
    "reporter",
    "member",
    "coordinator",
    "analyst",
    "steering",
    "member of another organisation",
    "coordinator of another organisation",
)


def build() -> World:
    town, other = cast.make_tarnsund(), cast.make_bjorkvik()
    with tenancy.inside(town.group):
        helge = cast.make_person(town.group, town.organisations["housing"], "Helge", "coordinator")
        ylva = cast.make_person(town.group, town.organisations["municipality"], "Ylva", "reporter")
    with tenancy.inside(other.group):
        ossian = cast.make_person(other.group, other.organisations["housing"], "Ossian", "reporter")
    here = furnish(town, coordinators=[town.carin, helge], owner=town.organisations["municipality"], person=town.viktor)
    there = furnish(other, coordinators=[other.olle], owner=other.organisations["housing"], person=ossian)
    _file(here.minutes)
    administrator = User.objects.create_user(
        "adam@est.example", cast.PASSWORD, name="Adam Driftsson", is_administrator=True
    )
    seats: dict[str, Membership] = {
        "reporter": ylva,
        "member": town.maja,
        "coordinator": town.carin,
        "analyst": town.anders,
        "steering": town.stina,
        "member of another organisation": town.hanna,
        "coordinator of another organisation": helge,
    }
    people = {name: _enter(member.user, member) for name, member in seats.items()}
    people["anonymous"] = Person(Client(), signed_in=False)
    people["disabled"] = _enter(town.disa.user, signed_in=False)
    people["of another group"] = _enter(other.olle.user)
    people["administrator"] = _enter(administrator)
    people["administrator"].keeps_installation = True
    assert set(people) == set(PEOPLE)
    return World(here, there, people)


def _enter(user: User, member: Membership | None = None, *, signed_in: bool = True) -> Person:
    client = Client()
    client.force_login(user)
    return Person(client, member, signed_in, {name: morsel.value for name, morsel in client.cookies.items()})


def today() -> date:
    return NOW.date()
