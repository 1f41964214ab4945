"""Making an edition of the picture: what it says is frozen at once, its file is made by a worker."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from est_site import audit, filing
from est_site.access import Permission, may
from est_site.models import Document
from est_site.partners.models import Membership, Organisation
from incidents.actions import FormUsed
from situation import edition_rows, edition_sheets, editions
from situation.editions import Span
from situation.models import EditionFor, PictureEdition

KIND = "picture.edition"


@transaction.atomic
def make_edition(
    *,
    by: Membership,
    span: Span,
    audience: str,
    organisation: Organisation | None,
    client_uuid: uuid.UUID,
    now: datetime,
) -> PictureEdition:
    """Freeze it and order its file. The same form a second time is the same edition.

    Raises `FormUsed` when it was sent before with something else in it, or by others, and `ValidationError` for a span
    that has not begun or is too long, and for an organisation that is not one's own.
    """
    _may_be_made(by, span, audience, organisation, now)
    frozen = _frozen(by, span, audience, organisation, now)
    said = {
        "audience": audience,
        "organisation": organisation,
        "first_day": span.first,
        "last_day": span.last,
        "made_by": by,
    }
    edition, made = PictureEdition.objects.get_or_create(
        group_id=by.group_id, client_uuid=client_uuid, defaults=said | {"frozen": frozen, "cut_off": now}
    )
    if not made:
        if any(getattr(edition, name) != value for name, value in said.items()):
            raise FormUsed
        return edition
    order_file(edition, now=now)
    audit.append(what="picture.edition", by=by, on=edition, now=now)
    return edition


def order_file(edition: PictureEdition, *, now: datetime) -> Document:
    """Its PDF, ordered from a worker the first time it is asked for."""
    title = edition_sheets.in_groups_language(edition, edition_sheets.title)
    return filing.order(KIND, group_id=edition.group_id, subject_id=edition.pk, version=1, title=title, now=now)


def may_make_for(member: Membership, audience: str, organisation: Organisation | None) -> bool:
    """For all: who reads the picture. For one organisation: itself, and who keeps the group's papers; so the public's."""
    keeps = may(member, Permission.IMPORT)
    if audience == EditionFor.PUBLIC:
        return keeps
    return organisation is None or keeps or organisation.pk == member.organisation_id


def _may_be_made(by: Membership, span: Span, audience: str, organisation: Organisation | None, now: datetime) -> None:
    if (audience == EditionFor.ORGANISATION) != (organisation is not None):
        raise ValidationError({"organisation": _("Choose the organisation it is made for.")})
    if not may_make_for(by, audience, organisation):
        raise ValidationError({"audience": _("You make editions for the group, the steering group and your own.")})
    if span.first > now.astimezone(by.group.zone).date():
        raise ValidationError({"span": _("These days have not begun.")})
    if span.days > editions.MOST_DAYS:
        most = _("At most %(most)s days fit in an edition; these are %(days)s.")
        raise ValidationError({"span": most % {"most": editions.MOST_DAYS, "days": span.days}})


def _frozen(
    by: Membership, span: Span, audience: str, organisation: Organisation | None, now: datetime
) -> dict[str, Any]:
    group = by.group
    weekly = edition_rows.period_of(group, span) is not None
    figures = edition_rows.figures(group, span, now)
    return {
        "group": {"name": group.name, "municipality": group.municipality, "language": group.language},
        "span": {"first_day": span.first.isoformat(), "last_day": span.last.isoformat(), "weekly": weekly},
        "organisation": organisation.name if organisation else "",
        "cut_off": figures["cut_off"],
        "as_of": figures["as_of"],
        **editions.content(
            figures,
            audience,
            weekly=weekly,
            least=group.small_number,
            organisation=organisation.pk if organisation else None,
        ),
    }
