"""A category's own questions in a report, and their answers as an observation keeps them: with the wording of the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from est_site.partners.models import Question, QuestionKind

Answer = dict[str, Any]
LARGEST = 2_147_483_647


def name_of(question: Question) -> str:
    return f"q_{question.pk}"


def field_of(question: Question) -> forms.Field:
    """How it is asked; nobody has to answer."""
    if question.kind == QuestionKind.NUMBER:
        least = -LARGEST if question.least is None else question.least
        most = LARGEST if question.most is None else question.most
        return forms.IntegerField(
            label=f"{question.label} ({question.unit})" if question.unit else question.label,
            required=False,
            min_value=least,
            max_value=most,
            error_messages={
                "invalid": gettext_lazy("Answer with a whole number."),
                "min_value": gettext_lazy("The answer must be at least %(limit_value)s."),
                "max_value": gettext_lazy("The answer must be at most %(limit_value)s."),
            },
        )
    options = [(one, one) for one in question.choices]
    if question.kind == QuestionKind.YES_NO:
        options = [("yes", _("yes")), ("no", _("no"))]
    return forms.ChoiceField(label=question.label, required=False, choices=[("", _("not said")), *options])


def answer(question: Question, value: Any, language: str) -> Answer:
    """The answer in words, as the group's language says it, beside the value itself."""
    with translation.override(language):
        words = {"yes": _("yes"), "no": _("no")}.get(value, value) if question.kind == QuestionKind.YES_NO else value
        said = f"{words} {question.unit}".strip()
        return {"id": question.pk, "question": question.label, "kind": question.kind, "answer": said, "value": value}


def answers(
    questions: Iterable[Question], said: dict[str, Any], language: str, before: Sequence[Answer] = ()
) -> list[Answer]:
    """What was answered; an answer that nobody touched keeps the wording it had, also when its question was ended."""
    asked = list(questions)
    known = {one["id"]: one for one in before}
    found = [one for one in before if one["id"] not in {question.pk for question in asked}]
    for question in asked:
        value = said.get(name_of(question))
        if value in (None, ""):
            continue
        old = known.get(question.pk)
        found.append(old if old and old["value"] == value else answer(question, value, language))
    return found
