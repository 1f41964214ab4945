"""Log observations in the name of an organisation, say that it was calm, and read back what was sent.

Each system has a token of its own: `Authorization: Bearer est_…`, made under Settings and shown once. 60 requests a
minute, 2.5 MB each. A POST with an `Idempotency-Key` can be sent again: the same key with the same body gets the same
answer for a day. Whatever is refused is refused whole, and nothing of it is saved; a batch with `all_or_nothing` false
saves its good rows. Words that seem to point at a person are refused: the answer names the kind, never the words.
"""

from __future__ import annotations

from typing import Annotated, Any, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Status
from ninja.errors import HttpError

from incidents.api import taking
from incidents.api.gate import KEY_LIMIT, Bearer
from incidents.api.schemas import (
    AnswerOut,
    BatchIn,
    BatchOut,
    BatchRefused,
    CalmIn,
    CalmOut,
    ObservationIn,
    ObservationOut,
    Page,
    Problem,
    Saved,
)
from incidents.models import ApiToken, Incident, Scope

router = Router()
REFUSALS: dict[Any, Any] = dict.fromkeys((401, 403, 409, 413, 422, 429), Problem)
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=KEY_LIMIT,
        description="Sent again with the same body within a day, it gets the same answer.",
    ),
]
LARGEST = 2**63 - 1


def _token(request: HttpRequest) -> ApiToken:
    """The token, which must have the scope that the route's document names."""
    return cast(ApiToken, cast(Any, request).token)


@router.post(
    "observations",
    auth=Bearer(Scope.WRITE),
    response={201: Saved, 200: Saved, **REFUSALS},
    summary="Log one observation",
    url_name="api_observations",
    openapi_extra={"x-scope": Scope.WRITE.value},
)
def create_observation(request: HttpRequest, observation: ObservationIn, idempotency_key: Key = None) -> Any:
    """201 when it is new; 200 when its `source_id` was here already, and then nothing is changed."""
    rows = taking.take(_token(request), [observation], now=timezone.now(), all_or_nothing=True)
    (row,) = rows
    if row.faults:
        return Status(422, {"error": _("The observation was not saved."), "faults": row.faults})
    return Status(201 if row.state == "created" else 200, row)


@router.post(
    "observations/batch",
    auth=Bearer(Scope.WRITE),
    response={200: BatchOut, **REFUSALS, 422: BatchRefused},
    summary="Log up to 500 observations",
    url_name="api_batch",
    openapi_extra={"x-scope": Scope.WRITE.value},
)
def create_batch(request: HttpRequest, batch: BatchIn, idempotency_key: Key = None) -> Any:
    """One answer for each row. 422 with the rows' faults when it is all or nothing and one of them is refused."""
    rows = taking.take(_token(request), batch.observations, now=timezone.now(), all_or_nothing=batch.all_or_nothing)
    count = {state: sum(row.state == state for row in rows) for state in ("created", "known", "refused")}
    if count["refused"] and batch.all_or_nothing:
        error = _("%(n)s rows are refused, so nothing was saved.") % {"n": count["refused"]}
        return Status(422, {"error": error, "rows": rows})
    return Status(200, {**count, "rows": rows})


@router.get(
    "observations",
    auth=Bearer(Scope.READ),
    response={200: Page, **dict.fromkeys((401, 403, 422, 429), Problem)},
    summary="Read back the organisation's own",
    url_name="api_observations",
    openapi_extra={"x-scope": Scope.READ.value},
)
def list_observations(
    request: HttpRequest,
    after: Annotated[int, Query(ge=0, le=LARGEST, description="The `next` of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    source_id: Annotated[str | None, Query(max_length=80)] = None,
) -> Any:
    """In the order they were saved: what came from other systems, with what has become of it."""
    token = _token(request)
    if source_id is not None and "\0" in source_id:
        raise HttpError(422, _("holds a character that is no text"))
    own = Incident.objects.filter(group_id=token.group_id, organisation_id=token.organisation_id, pk__gt=after)
    rows = own.exclude(source_id="").select_related("category", "place", "area").defer("area__geometry").order_by("pk")
    if source_id is not None:
        rows = rows.filter(source_id=taking.own_id(source_id))
    found = list(rows[: limit + 1])
    more = found[limit - 1].pk if len(found) > limit else None
    return Status(200, {"observations": [_out(row) for row in found[:limit]], "next": more})


def _out(row: Incident) -> ObservationOut:
    return ObservationOut(
        id=row.pk,
        number=row.number,
        source_id=row.source_id.removeprefix(taking.SYSTEM),
        category=row.category.code,
        occurred_from=row.occurred_from,
        occurred_to=row.occurred_to,
        recorded_at=row.recorded_at,
        place=row.place.name if row.place else None,
        area=row.area.name if row.area else None,
        lon=row.lon,
        lat=row.lat,
        text=row.text,
        answers=[AnswerOut(question=one["question"], answer=one["answer"]) for one in row.answers],
        withdrawn=row.withdrawn_at is not None,
        merged_into=row.merged_into_id,
    )


@router.post(
    "calm",
    auth=Bearer(Scope.CALM),
    response={201: CalmOut, 200: CalmOut, **REFUSALS},
    summary="Say that it was calm",
    url_name="api_calm",
    openapi_extra={"x-scope": Scope.CALM.value},
)
def create_calm(request: HttpRequest, calm: CalmIn, idempotency_key: Key = None) -> Any:
    """A zero that the organisation says. Said twice, it is said once: 201 the first time, 200 after that."""
    said = taking.say_calm(_token(request), day=calm.day, areas=calm.areas, now=timezone.now())
    if isinstance(said, str):
        return Status(422, {"error": said, "faults": []})
    return Status(201 if said.state == "created" else 200, said)
