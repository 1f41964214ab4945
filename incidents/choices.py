"""What the report form offers a person: categories as tiles, and the places they use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max, Q

from est_site.partners.models import Category, Membership, Place, Question
from incidents.models import Incident

TILES = 8  # on the first screen of a phone; the rest stands under "something else"
LATEST = 5
RECENT_ROWS = 30


@dataclass
class Tile:
    """A top category with what lies under it."""

    category: Category
    under: list[Category] = field(default_factory=list)
    questions: dict[int, list[Question]] = field(default_factory=dict)  # of it and of what lies under it

    @property
    def sub_name(self) -> str:
        return f"sub_{self.category.pk}"

    @property
    def every_question(self) -> list[Question]:
        return [one for asked in self.questions.values() for one in asked]


@dataclass(frozen=True)
class OwnPlace:
    place: Place
    latest: datetime | None


def tiles(member: Membership) -> list[Tile]:
    """The categories in use, those the person used last first."""
    made = in_order(member)
    top_of = {one.pk: tile.category.pk for tile in made for one in (tile.category, *tile.under)}
    used = Incident.objects.visible_to(member).filter(reporter=member).order_by("-id")
    latest = [top_of.get(pk, 0) for pk in used.values_list("category_id", flat=True)[:RECENT_ROWS]]
    first = list(dict.fromkeys(latest))[:3]
    return sorted(made, key=lambda tile: _place_in(first, tile.category.pk))


def chosen_tile(member: Membership, answer: str) -> list[Tile]:
    """The one that an answer to "what" names: to read the answer, the others are of no use."""
    if not (answer.isascii() and answer.isdigit() and len(answer) < 19):
        return []
    return in_order(member, Q(pk=int(answer)) | Q(parent=int(answer)))


def in_order(member: Membership, which: Q | None = None) -> list[Tile]:
    """The categories in use as the settings order them; who reads an answer needs no other."""
    open_ones = Category.objects.visible_to(member).active().open_to(member.organisation_id)
    rows = list(open_ones.filter(which or Q()).order_by("position", "id"))
    made = {row.pk: Tile(row) for row in rows if row.parent_id is None}
    for row in rows:
        if row.parent_id in made:
            made[row.parent_id].under.append(row)
    top_of = {row.pk: row.parent_id or row.pk for row in rows}
    for question in Question.objects.visible_to(member).asked().filter(category__in=top_of):
        if top_of.get(question.category_id) in made:
            tile = made[top_of[question.category_id]]
            tile.questions.setdefault(question.category_id, []).append(question)
    return list(made.values())


def with_category(tiles: list[Tile], category: Category) -> list[Tile]:
    """The tiles, and among them what an observation is about though nobody chooses it any more."""
    top = category.parent or category
    tile = next((one for one in tiles if one.category == top), None)
    if tile is None:
        tile = Tile(top)
        tiles = [*tiles, tile]
    if category.parent and category not in tile.under:
        tile.under.append(category)
    return tiles


def own_places(member: Membership, count: int = 3) -> list[OwnPlace]:
    """Where the person was last; a new one starts with the places of their organisation."""
    seen = Incident.objects.visible_to(member).filter(place__is_active=True)
    own = _latest_places(seen.filter(reporter=member), count)
    if len(own) < count:
        colleagues = seen.filter(organisation_id=member.organisation_id).exclude(place_id__in=list(own))
        own |= dict.fromkeys(_latest_places(colleagues, count - len(own)))
    places = Place.objects.visible_to(member).in_bulk(list(own))
    return [OwnPlace(places[pk], when) for pk, when in own.items()]


def chosen_place(member: Membership, answer: str) -> list[OwnPlace]:
    """The place that an answer to "where" names: it stays a good answer when it is no longer among the latest."""
    key = answer.removeprefix("place-")
    if key == answer or not (key.isascii() and key.isdigit() and len(key) < 19):
        return []
    return [OwnPlace(place, None) for place in Place.objects.visible_to(member).active().filter(pk=int(key))]


def _latest_places(rows: object, count: int) -> dict[int, datetime | None]:
    grouped = rows.values("place_id").annotate(latest=Max("occurred_from")).order_by("-latest")  # type: ignore[attr-defined]
    return {row["place_id"]: row["latest"] for row in grouped[:count]}


def _place_in(order: Sequence[int], pk: int) -> int:
    return order.index(pk) if pk in order else len(order)
