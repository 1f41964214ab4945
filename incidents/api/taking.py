"""Rows of a partner's system against what the group has; the good ones become observations of its organisation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from est_site import audit
from est_site.models import GuardOverride
from est_site.partners.models import Category, Period, Place, Question
from incidents import actions, questions, words
from incidents.api.schemas import CalmOut, Fault, ObservationIn, Saved
from incidents.areas import AreaFinder
from incidents.importing import Maker, names_of
from incidents.models import ApiToken, HeldRow, Incident, Source, TimePrecision
from incidents.reading import Row

SYSTEM = "api:"  # before the ids, so that they never meet those of a file


def own_id(source_id: str) -> str:
    return f"{SYSTEM}{source_id.strip()}"


class Judge:
    """What the group has, read once for all rows of a request."""

    def __init__(self, token: ApiToken, now: datetime) -> None:
        self.group, self.now = token.group, now
        categories = Category.objects.filter(group=token.group).active()
        self.categories = {row.code: row for row in categories}
        self.open = set(categories.open_to(token.organisation_id).values_list("code", flat=True))
        self.places = {row.pk: row for row in Place.objects.filter(group=token.group).active()}
        asked = Question.objects.filter(group=token.group).asked()
        self.questions = {
            (one.category_id, label): one for one in asked for label in (one.label_en, one.label_sv) if label
        }
        self.names = names_of(list(self.places.values()))
        self.finder = AreaFinder(token.group_id)
        self.kept: dict[str, tuple[Counter[str], str]] = {}  # id -> what the guard warned of, and why it may stand

    def row(self, said: ObservationIn, n: int) -> tuple[Row | None, list[Fault]]:
        faults: list[Fault] = []

        def wrong(field: str, reason: str, kind: str | None = None) -> None:
            faults.append(Fault(field=field, reason=reason, kind=kind))

        category = self.categories.get(said.category)
        if category is None:
            wrong("category", _("the group has no such category"))
        elif said.category not in self.open:
            wrong("category", _("your organisation may not report this category"))
        start, end = said.occurred_from, said.occurred_to or said.occurred_from
        if end < start:
            wrong("occurred_to", _("lies before the time it began"))
        if end > self.now and (category is None or category.kind != "upcoming"):
            wrong("occurred_from" if start > self.now else "occurred_to", _("the time has not come yet"))
        day = start.astimezone(self.group.zone).date()
        place_id = self.names.get(said.place.casefold()) if said.place else None
        if said.place and place_id is None:
            wrong("place", _("the group has no such place"))
        area_id = None
        if said.area:
            areas = {area.name.casefold(): area.pk for area in self.finder.on(day)}
            area_id = areas.get(said.area.casefold())
            if area_id is None:
                wrong("area", _("the group had no such area that day"))
        if (said.lon is None) != (said.lat is None):
            wrong("lat", _("Longitude and latitude go together."))
        answers = self._answers(said, category, wrong) if category else []
        found = words.findings(said.text)
        for finding in found:
            if finding.severity == "block" or said.override is None:
                wrong("text", _("may point at a person"), finding.kind)
        if faults:
            return None, faults
        precision = TimePrecision.EXACT if start == end else TimePrecision.INTERVAL
        point = (said.lon, said.lat) if said.lon is not None and said.lat is not None else None
        source_id = own_id(said.source_id)
        if found and said.override is not None:
            self.kept[source_id] = (Counter(finding.kind for finding in found), said.override)
        return Row(
            n, source_id, said.category, start, end, precision, day, point, place_id, area_id, said.text, answers
        ), []

    def _answers(
        self, said: ObservationIn, category: Category, wrong: Callable[[str, str], None]
    ) -> list[dict[str, Any]]:
        """Judged as the form judges them."""
        found: list[questions.Answer] = []
        for n, one in enumerate(said.answers):
            asked = self.questions.get((category.pk, one.question)) or self.questions.get(
                (category.parent_id or 0, one.question)
            )
            if asked is None or asked.pk in [known["id"] for known in found]:
                wrong(f"answers.{n}.question", _("the category asks no such question, or it is answered twice"))
                continue
            try:
                value = questions.field_of(asked).clean(str(one.value))
            except ValidationError as error:
                wrong(f"answers.{n}.value", " ".join(error.messages))
                continue
            if value not in (None, ""):
                found.append(questions.answer(asked, value, self.group.language))
        return found


def take(token: ApiToken, said: Sequence[ObservationIn], *, now: datetime, all_or_nothing: bool) -> list[Saved]:
    """One answer for each row. What is refused is not saved; nothing is when it is all or nothing."""
    judge = Judge(token, now)
    own = {"group_id": token.group_id, "organisation_id": token.organisation_id}
    ids = [own_id(one.source_id) for one in said]
    known = dict(Incident.objects.filter(**own, source_id__in=ids).values_list("source_id", "pk"))
    known |= dict.fromkeys(HeldRow.objects.filter(**own, source_id__in=ids).values_list("source_id", flat=True))
    answers: list[Saved] = []
    rows: dict[str, Row] = {}
    for n, one in enumerate(said):
        row, faults = (None, []) if ids[n] in known or ids[n] in rows else judge.row(one, n)
        if row is not None:
            rows[row.source_id] = row
        state: Any = "refused" if faults else "created" if row else "known"
        answers.append(Saved(source_id=one.source_id, state=state, faults=faults))
    if all_or_nothing and any(answer.faults for answer in answers):
        for answer in answers:
            answer.state = "refused" if answer.faults else "not saved"
        return answers
    made = _save(token, judge, list(rows.values()), now)
    known |= made
    for answer, source_id in zip(answers, ids, strict=True):
        answer.id = known.get(source_id) if answer.state != "refused" else None
    _number(answers)
    return answers


def _save(token: ApiToken, judge: Judge, rows: list[Row], now: datetime) -> dict[str, int]:
    maker = Maker(token.organisation, judge.categories, judge.places, judge.finder, now, Source.API)
    incidents = maker.incidents(rows)
    if not incidents:
        return {}
    try:
        with transaction.atomic():
            Incident.objects.bulk_create(incidents, batch_size=500)
    except IntegrityError as error:  # the same ids in another request at this moment
        raise SameMoment from error
    overrides = [
        GuardOverride(
            group_id=token.group_id,
            model=Incident._meta.label_lower,
            row_id=incident.pk,
            field="text",
            kinds=dict(kinds),
            reason=reason,
            at=now,
        )
        for incident in incidents
        for kinds, reason in [judge.kept.get(incident.source_id, ({}, ""))]
        if reason
    ]
    GuardOverride.objects.bulk_create(overrides)
    audit.append(
        what="incident.api",
        by=None,
        on=token,
        now=now,
        count=len(incidents),
        fields={f"override:{row.reason}" for row in overrides},
        on_behalf=f"token:{token.pk}",
    )
    return {incident.source_id: incident.pk for incident in incidents}


class SameMoment(Exception):
    """Another request saves the same ids right now."""


def _number(answers: list[Saved]) -> None:
    found = Incident.objects.in_bulk([answer.id for answer in answers if answer.id is not None])
    for answer in answers:
        if answer.id in found:
            answer.number = found[answer.id].number


def say_calm(token: ApiToken, *, day: date | None, areas: list[str], now: datetime) -> CalmOut | str:
    """A zero for each area, or one for everywhere; a sentence when it cannot be said."""
    today = now.astimezone(token.group.zone).date()
    period = Period.objects.filter(group_id=token.group_id).regular().containing(day or today).first()
    if period is None:
        return _("No period is planned for that day.")
    drawn = {area.name.casefold(): area for area in AreaFinder(token.group_id).on(day or today)}
    if any(name.casefold() not in drawn for name in areas):
        return _("The group had no such area that day.")
    chosen = list({name.casefold(): drawn[name.casefold()] for name in areas}.values())
    said = actions.say_calm(token.organisation, period=period, areas=chosen, now=now, on_behalf=f"token:{token.pk}")
    state: Any = "created" if any(is_new for _calm, is_new in said) else "known"
    return CalmOut(period=period.label, areas=[area.name for area in chosen], state=state)
