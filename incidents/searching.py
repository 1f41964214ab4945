"""What somebody writes in the search box: Swedish words by their stems, places by any spelling, or a number."""

from __future__ import annotations

import re

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.db.models.expressions import RawSQL

from est_site.partners.models import Membership, Place

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\s*(?:no\.?|nr\.?|#)?\s*(?:\d{1,2}-)?(\d{1,18})\s*", re.IGNORECASE)
ALIKE = 0.5  # of 1: how much of what was written must be found in a place's name
PLACES = 100


def said(member: Membership, words: str) -> Q:
    """Observations whose text has all the words, begun ones too, that were at a place of that name, or have that number."""
    found = Q(_text(words)) | Q(place_id__in=_places(member, words))
    number = NUMBER.fullmatch(words)
    return found | Q(pk=int(number[1])) if number else found


def _text(words: str) -> RawSQL:
    """The column is the database's own (migration 0005). Only letters, digits and underscores reach the query."""
    query = " & ".join(f"('{word}':*{_without_an(word)})" for word in WORD.findall(words))
    sql = "incidents_incident.words @@ to_tsquery('pg_catalog.swedish', %s)"
    return RawSQL(sql, [query], output_field=BooleanField())  # noqa: S611  the words are a parameter


def _without_an(word: str) -> str:
    """The stemmer takes -or and -orna from "lyktorna" and leaves "lyktan" as it is."""
    return f" | '{word[:-2]}':*" if len(word) > 5 and word.lower().endswith("an") else ""


def _places(member: Membership, words: str) -> list[int]:
    names = Func(F("aliases"), Value(" "), function="array_to_string", output_field=TextField())
    places = Place.objects.visible_to(member).annotate(
        named=TrigramWordSimilarity(words, "name"), called=TrigramWordSimilarity(words, names)
    )
    alike = places.filter(Q(named__gte=ALIKE) | Q(called__gte=ALIKE))
    return list(alike.order_by("-named", "pk").values_list("pk", flat=True)[:PLACES])
