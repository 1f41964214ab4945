"""What a category's reports are asked besides: at most three at a time, never in free text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from est_site import audit
from est_site.partners import editing
from est_site.partners.models import Category, Membership, Question

MOST_ASKED = 3  # of one category at a time


@transaction.atomic
def add_question(*, by: Membership, category: Category, now: datetime, **said: Any) -> Question:
    """Asked last of the category's own."""
    _has_room(by, category.pk)
    own = Question.objects.filter(group_id=by.group_id, category=category)
    last = own.aggregate(last=Max("position"))["last"] or 0
    question = Question(group_id=by.group_id, category=category, position=last + 1, **said)
    question.full_clean(exclude=["category"], validate_constraints=False)
    question.save()
    audit.append(what="question.add", by=by, on=question, now=now)
    return question


@transaction.atomic
def change_question(*, by: Membership, question: Question, version: int, now: datetime, **said: Any) -> Question:
    """From now on; what was answered before keeps the wording it was asked in."""
    question = editing.lock(question, version)
    changed = editing.save(question, **said)
    audit.append(what="question.change", by=by, on=question, now=now, fields=changed)
    return question


@transaction.atomic
def end_question(*, by: Membership, question: Question, version: int, now: datetime) -> Question:
    """Asked no more; the answers stay."""
    question = editing.lock(question, version)
    editing.save(question, is_active=False)
    audit.append(what="question.end", by=by, on=question, now=now)
    return question


@transaction.atomic
def ask_again(*, by: Membership, question: Question, version: int, now: datetime) -> Question:
    """An ended question is asked again, where it stood; what was answered before and after are answers to one question."""
    _has_room(by, question.category_id)
    question = editing.lock(question, version)
    editing.save(question, is_active=True)
    audit.append(what="question.ask_again", by=by, on=question, now=now)
    return question


def _has_room(by: Membership, category_id: int) -> None:
    Category.objects.select_for_update(of=("self",)).get(pk=category_id)  # nobody adds a fourth at this moment
    if Question.objects.filter(group_id=by.group_id, category_id=category_id).asked().count() >= MOST_ASKED:
        raise ValidationError(_("A category asks at most %(most)s questions. End one first.") % {"most": MOST_ASKED})
