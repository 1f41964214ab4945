"""What goes in and what comes out. Strict: nothing is guessed from a value of another kind."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictInt, StringConstraints

from est_site.forms import NOT_TEXT
from incidents.models import TEXT_LIMIT

MOST = 500  # rows of one request
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _moment(value: Any) -> Any:
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        raise ValueError(_("must be a time with its offset, like 2026-11-20T22:15:00+01:00"))
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        raise ValueError(_("must be a time with its offset, like 2026-11-20T22:15:00+01:00")) from None


def _day(value: Any) -> Any:
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError(_("must be a day, like 2026-11-20"))
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(_("must be a day, like 2026-11-20")) from None


def _near(value: Any) -> Any:
    if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(_("is too far away to be meant"))
    return value


def _text(value: str) -> str:
    if "\0" in value or NOT_TEXT.search(value):
        raise ValueError(_("holds a character that is no text"))
    return value


def _named(value: str) -> str:
    if not value.strip():
        raise ValueError(_("may not be empty"))
    return value.strip()


Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(_near)]
Day = Annotated[date, BeforeValidator(_day), AfterValidator(_near)]
Text = Annotated[str, StringConstraints(strict=True, max_length=TEXT_LIMIT), AfterValidator(_text)]
Name = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=120), AfterValidator(_text), AfterValidator(_named)
]
SourceId = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=80), AfterValidator(_text), AfterValidator(_named)
]
Reason = Literal["public", "place", "none"]

ONE: dict[str, Any] = {
    "source_id": "2026-4711",
    "category": "graffiti",
    "occurred_from": "2026-11-20T22:15:00+01:00",
    "place": "Kiosken",
    "text": "Färg på hela gaveln.",
}


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class AnswerIn(Strict):
    """To one of the category's own questions, which are settled under Settings, Categories."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "Lyser lampan?", "value": "no"}]}
    )
    question: Name = Field(description="The question as it is worded, in Swedish or in English.")
    value: Annotated[str, StringConstraints(strict=True, max_length=60)] | StrictInt = Field(
        description="One of the answers to choose from, a whole number, or `yes` or `no`."
    )


class AnswerOut(Schema):
    """With the wording of the time."""

    question: str
    answer: str


class ObservationIn(Strict):
    """One observation: what, when, and where as far as it is known. About a place, never about a person."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ONE]})
    source_id: SourceId = Field(description="The row's own number in the system it comes from; sent twice, it is one.")
    category: Name = Field(description="The code of one of the group's categories.")
    occurred_from: Moment
    occurred_to: Moment | None = Field(None, description="The end, when it was found afterwards. Left out: a moment.")
    place: Name | None = Field(None, description="A name or nickname of one of the group's places.")
    area: Name | None = Field(None, description="The name of an area, when only that is known.")
    lon: Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)] | None = Field(
        None, description="Degrees, WGS 84; together with lat."
    )
    lat: Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)] | None = None
    text: Text = Field("", description="A few words, without anything that points at a person.")
    answers: Annotated[list[AnswerIn], Field(max_length=6)] = Field(
        default_factory=list, description="To the category's own questions; each may be left out."
    )
    override: Reason | None = Field(
        None,
        description="Why words that the guard warns of may stand: they belong to a public organisation, they are needed to "
        "find the place, or they are no personal data. Nothing lifts what the guard blocks.",
    )


class BatchIn(Strict):
    """Up to 500 at once. All or nothing, unless `all_or_nothing` is false: then the good ones are saved."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"observations": [ONE]}]})
    observations: Annotated[list[ObservationIn], Field(min_length=1, max_length=MOST)]
    all_or_nothing: Annotated[bool, Field(strict=True)] = True


class CalmIn(Strict):
    """Nothing to report from the organisation in the period that holds the day: everywhere, or in the areas named."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"day": "2026-11-20"}]})
    day: Day | None = Field(None, description="Left out: today.")
    areas: Annotated[list[Name], Field(max_length=100)] = Field(default_factory=list)


class Fault(Schema):
    field: str
    reason: str
    kind: str | None = Field(None, description="What the guard found, never the words themselves.")


class Problem(Schema):
    error: str
    faults: list[Fault] = Field(default_factory=list)


class Saved(Schema):
    source_id: str
    state: Literal["created", "known", "refused", "not saved"]
    id: int | None = None
    number: str | None = None
    faults: list[Fault] = Field(default_factory=list)


class BatchOut(Schema):
    """One answer for each row, in the order they were sent."""

    created: int
    known: int
    refused: int
    rows: list[Saved]


class BatchRefused(Problem):
    rows: list[Saved] = Field(default_factory=list)


class CalmOut(Schema):
    period: str
    areas: list[str]
    state: Literal["created", "known"]


class ObservationOut(Schema):
    id: int
    number: str
    source_id: str
    category: str
    occurred_from: datetime
    occurred_to: datetime
    recorded_at: datetime
    place: str | None
    area: str | None
    lon: float | None
    lat: float | None
    text: str
    answers: list[AnswerOut]
    withdrawn: bool
    merged_into: int | None


class Page(Schema):
    observations: list[ObservationOut]
    next: int | None = Field(description="What to send as `after` for the next page; none: that was all.")
