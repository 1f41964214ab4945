"""Settings: what a category's reports are asked besides."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, require
from est_site.partners import actions
from est_site.partners.actions.questions import MOST_ASKED
from est_site.partners.models import Category, Question
from est_site.partners.question_forms import NewQuestionForm, QuestionForm
from est_site.partners.screens import Page, member_of, own, path, press_on, save, show


@require_safe
@require(Permission.MANAGE_PLACES)
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    category = own(Category, member, pk, "parent")
    rows = list(Question.objects.visible_to(member).filter(category=category))
    asked = [row for row in rows if row.is_active]
    context = {
        "category": category,
        "asked": asked,
        "ended": [row for row in rows if not row.is_active],
        "full": len(asked) >= MOST_ASKED,
    }
    return show(request, "categories", "questions", context)


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PLACES)
def add_question(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    category = own(Category, member, pk)
    title = _("Add a question: %(name)s") % {"name": category.name}
    page = Page("categories", title, _("Add"), path(member, "questions", pk))
    form = NewQuestionForm(request.POST or None)
    return save(request, page, form, actions.add_question, _("Added."), category=category, now=timezone.now())


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PLACES)
def question(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(Question, member, pk)
    intro = _("What was answered before keeps the wording it was asked in.")
    page = Page("categories", row.label, _("Save"), path(member, "questions", row.category_id), intro)
    form = QuestionForm(request.POST or None, instance=row)
    return save(request, page, form, actions.change_question, _("Saved."), question=row, now=timezone.now())


@require_POST
@require(Permission.MANAGE_PLACES)
def end_question(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(Question, member, pk)
    return press_on(
        request,
        path(member, "questions", row.category_id),
        actions.end_question,
        _("%(name)s is asked no more. The answers stay."),
        question=row,
    )


@require_POST
@require(Permission.MANAGE_PLACES)
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(Question, member, pk)
    return press_on(
        request,
        path(member, "questions", row.category_id),
        actions.ask_again,
        _("%(name)s is asked again."),
        question=row,
    )
