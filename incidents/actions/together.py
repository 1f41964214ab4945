"""Several observations of one form: all of them, or none."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from est_site import audit
from est_site.partners.models import Category, Membership, Place
from incidents.actions.recording import FormUsed
from incidents.areas import AreaFinder
from incidents.importing import Maker
from incidents.models import Incident, Source
from incidents.reading import Row


@transaction.atomic
def record_together(
    *, by: Membership, client_uuid: uuid.UUID, rows: Sequence[tuple[str, Row]], now: datetime
) -> list[Incident]:
    """Each row with what was written in it. The same form sent again gives the rows of the first time.

    Raises `FormUsed` when the form was sent before with other rows, or by somebody else: nothing is written.
    """
    Membership.objects.select_for_update(no_key=True, of=("self",)).get(pk=by.pk)  # one sending of a person at a time
    numbers = [uuid.uuid5(client_uuid, f"{n}\x1f{said}") for n, (said, _row) in enumerate(rows)]
    first = list(Incident.objects.filter(group_id=by.group_id, sending=client_uuid).order_by("id"))
    if first:
        if {one.client_uuid for one in first} != set(numbers) or any(one.reporter_id != by.pk for one in first):
            raise FormUsed
        return first
    incidents = _maker(by, [row for _said, row in rows], now).incidents([row for _said, row in rows])
    for incident, number in zip(incidents, numbers, strict=True):
        incident.client_uuid, incident.sending, incident.reporter = number, client_uuid, by
    try:
        with transaction.atomic():
            Incident.objects.bulk_create(incidents)
    except IntegrityError as error:
        raise FormUsed from error
    audit.append(what="incident.record_together", by=by, on=incidents[0], now=now, count=len(incidents))
    return incidents


def _maker(by: Membership, rows: Sequence[Row], now: datetime) -> Maker:
    own = {"group_id": by.group_id}
    categories = {one.code: one for one in Category.objects.filter(**own, code__in={row.code for row in rows})}
    places = {one.pk: one for one in Place.objects.filter(**own, pk__in={row.place_id for row in rows if row.place_id})}
    return Maker(by.organisation, categories, places, AreaFinder(by.group_id), now, Source.FORM)
