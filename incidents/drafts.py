"""Drafts of the report form, kept by the server: nothing of an observation is stored in a browser."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from est_site import guard, jobs
from est_site.models import Job
from est_site.partners.models import Membership
from incidents.models import Draft, DraftForm, Incident

KEPT = timedelta(hours=24)
LONGEST = 2_000  # characters of one value; what is longer would be refused on saving
MOST = {DraftForm.REPORT: 60, DraftForm.TABLE: 1_002}  # fields


@transaction.atomic
def keep(
    *,
    by: Membership,
    data: Mapping[str, Sequence[str]],
    names: Iterable[str],
    now: datetime,
    form: DraftForm = DraftForm.REPORT,
) -> Draft | None:
    """The form as it stands; the one kept before is gone. A form in which nothing was chosen or written is none."""
    fields = {name: [value[:LONGEST] for value in data[name]] for name in names if any(data.get(name, ()))}
    fields = {name: values for name, values in fields.items() if not any(map(_is_barred, values))}
    if set(fields) <= {"client_uuid", "when"} or _is_saved(by, fields):
        forget(by=by, form=form)
        return None
    kept = dict(list(fields.items())[: MOST[form]])
    draft, _made = Draft.objects.update_or_create(
        group_id=by.group_id, member=by, form=form, defaults={"fields": kept, "at": now}
    )
    day = now.date().isoformat()
    jobs.due("drafts.sweep", group_id=by.group_id, key=f"drafts.sweep:{day}", at=now + KEPT + timedelta(hours=1))
    return draft


def _is_barred(value: str) -> bool:
    """What may not be saved is not kept either."""
    return any(finding.severity == "block" for finding in guard.check(value))


def _is_saved(by: Membership, fields: Mapping[str, Sequence[str]]) -> bool:
    """A last word of the page may arrive after the form itself."""
    try:
        form = uuid.UUID(fields.get("client_uuid", [""])[-1])
    except ValueError:
        return False
    return Incident.objects.filter(Q(client_uuid=form) | Q(sending=form), group_id=by.group_id).exists()


def forget(*, by: Membership, form: DraftForm = DraftForm.REPORT) -> None:
    Draft.objects.visible_to(by).filter(form=form).delete()


def of(member: Membership, now: datetime, form: DraftForm = DraftForm.REPORT) -> Draft | None:
    """What the person had begun within the last day."""
    found: Draft | None = Draft.objects.visible_to(member).filter(form=form, at__gt=now - KEPT).first()
    return found


def initial(draft: Draft | None) -> dict[str, Any]:
    """For a form that shows it again; `dropped` is the one field with several answers."""
    known = draft.fields.items() if draft else ()
    return {name: values if name == "dropped" else values[-1] for name, values in known}


def sweep(job: Job, now: datetime) -> None:
    """Away with what nobody came back to. A second run finds none."""
    Draft.objects.filter(group_id=job.group_id, at__lte=now - KEPT).delete()
