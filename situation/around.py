"""Which period an address means, and those about it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.http import Http404

from est_site.partners.models import Membership, Period
from situation import rows
from situation.models import Evaluation

LABEL = re.compile(r"(\d{4})-W(\d{2})(?:[-–](\d{2}))?")
FORWARD = timedelta(days=35)


def around(member: Membership, day: date) -> list[Period]:
    """The regular periods about a day, latest first: those before it that a picture shows, and the next few.

    `judged`: whether it was evaluated in the night and is not frozen.
    """
    until = min(day, date.max - FORWARD) + FORWARD  # the last days there are can be typed into an address
    periods = Period.objects.visible_to(member).regular().filter(first_day__lte=until)
    night = Evaluation.objects.filter(group_id=member.group_id, period=OuterRef("pk"))
    return list(periods.annotate(judged=Exists(night)).order_by("-first_day")[: rows.PERIODS_BACK + 8])


def by_label(member: Membership, label: str) -> tuple[Period, list[Period]]:
    """The period of this label, or the one that holds the week the label begins with."""
    found = LABEL.fullmatch(label)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None or found is None:
        raise Http404
    near = around(member, monday)
    for period in near:
        if plain(period.label) == plain(label):
            return period, near
    for period in near:
        if found[3] is None and period.first_day <= monday <= period.last_day:
            return period, near
    raise Http404


def plain(label: str) -> str:
    """A label with the dash of the keyboard."""
    return label.replace("–", "-")


def earlier(period: Period, near: list[Period]) -> list[Period]:
    return [p for p in near if p.last_day < period.first_day]
