"""The figures of any span of days, read as those of a period are."""

from __future__ import annotations

from datetime import datetime

from est_site.partners.models import Group, Period
from situation import picture, rows
from situation.editions import STRETCHES, Span
from situation.material import Material, Stretch
from situation.models import Evaluation, Picture


def period_of(group: Group, span: Span) -> Period | None:
    """The group's own period of exactly these days."""
    return Period.objects.filter(group=group, first_day=span.first, last_day=span.last).regular().first()


def figures(group: Group, span: Span, cut_off: datetime) -> dict[str, object]:
    """As the latest frozen picture of the period has them, or the night before it; of other spans as of now."""
    period = period_of(group, span)
    if period is not None:
        frozen = Picture.objects.filter(group=group, meeting__period=period).order_by("-cut_off", "-version").first()
        night = None if frozen else Evaluation.objects.filter(group=group, period=period).first()
        if frozen or night:
            return dict(frozen.frozen if frozen else night.figures)  # type: ignore[union-attr]
        return picture.assemble(rows.gather(period, group=group, cut_off=cut_off))
    return picture.assemble(_material(group, span, cut_off))


def _material(group: Group, span: Span, cut_off: datetime) -> Material:
    shown = [_stretch(n, one) for n, one in enumerate([*span.before(STRETCHES), span])]
    known = rows.categories(group.pk)
    counts = rows.period_counts(group.pk, shown, cut_off, known)
    return Material(
        period=shown[-1],
        earlier=shown[:-1],
        counts=counts,
        areas=rows.areas(group.pk, {row.area_id for row in counts if row.area_id}, drawn=False),
        categories=known.named({row.category_id for row in counts}),
        voices=rows.voices(group.pk, shown, cut_off),
        calm=_calm(group, shown, cut_off),
        cut_off=cut_off,
        today=cut_off.astimezone(group.zone).date(),
        times=rows.times_between(span.first, span.last, group, cut_off),
    )


def _stretch(n: int, span: Span) -> Stretch:
    return Stretch(-1 - n, f"{span.first}–{span.last}", "", span.first, span.last)


def _calm(group: Group, shown: list[Stretch], cut_off: datetime) -> frozenset[tuple[int, int]]:
    """Who said of a period that it was calm, counted where the middle of the period lies."""
    periods = Period.objects.filter(group=group, last_day__gte=shown[0].first, first_day__lte=shown[-1].last).regular()
    middle = {one.pk: one.first_day + (one.last_day - one.first_day) / 2 for one in periods}
    return frozenset(
        (organisation, stretch.id)
        for organisation, period, _area in rows.calm(group.pk, list(middle), cut_off)
        for stretch in shown
        if middle[period] in stretch
    )
