"""Editions of the picture: made for somebody, read on screen, taken along as PDF."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site import filing
from est_site.access import Permission, may, require
from est_site.models import Document, DocumentState
from est_site.partners import limits
from est_site.partners.screens import member_of
from incidents.actions import FormUsed
from situation import edition_actions, edition_sheets, edition_words, papers
from situation.edition_forms import EditionForm
from situation.editions import Span
from situation.models import PictureEdition

A_PAGE = 30


@require_safe
@require(Permission.SEE_PICTURE)
def picture_editions(request: HttpRequest) -> HttpResponse:
    """Those that were made, latest first."""
    member = member_of(request)
    cast(Any, request).section = "situation"
    rows = PictureEdition.objects.visible_to(member).select_related("organisation").listed()
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    lines = [(one, edition_sheets.title_of(one.audience, _when(one), one.who)) for one in page]
    may_make = may(member, Permission.SEE_MEETING)
    return render(request, "situation/editions.html", {"page": page, "lines": lines, "may_make": may_make})


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.SEE_MEETING)
def make_picture_edition(request: HttpRequest) -> HttpResponse:
    """Which days, for whom; what it says is frozen now."""
    member, now = member_of(request), timezone.now()
    cast(Any, request).section = "situation"
    form, wait = EditionForm(request.POST if request.method == "POST" else None, member=member, now=now), 0
    if form.is_valid():
        names = ("audience", "organisation", "client_uuid")
        said = {name: form.cleaned_data[name] for name in names}
        wait = limits.spend("edition", member, now)
        try:
            if wait:
                raise ValidationError(limits.sentence(wait))
            made = edition_actions.make_edition(by=member, span=form.cleaned_data["days"], now=now, **said)
        except ValidationError as error:
            form.add_error(None, error)
        except FormUsed:
            form.add_error(None, _("This form was used before, for another edition. Open the page anew."))
        else:
            messages.success(request, _("The edition is made. Its PDF follows in a minute."))
            return redirect("picture_edition", member.group.slug, made.pk)
    response = render(request, "situation/edition_make.html", {"form": form}, status=422 if form.errors else 200)
    return limits.told(response, wait)


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.read")
def picture_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """An edition on screen, the twin of its PDF."""
    edition = _edition(request, pk)
    context = {
        "edition": edition,
        "title": edition_sheets.in_groups_language(edition, edition_sheets.title),
        "body": edition_sheets.in_groups_language(edition, edition_sheets.sheet),
        "language": edition.frozen["group"]["language"],
        "document": _document(edition),
    }
    return render(request, "situation/edition.html", context)


@require_POST
@require(Permission.SEE_PICTURE)
def picture_edition_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Once more for a file that could not be made."""
    edition, now = _edition(request, pk), timezone.now()
    document = edition_actions.order_file(edition, now=now)
    if document.state == DocumentState.FAILED:
        filing.order_again(document, by=member_of(request), now=now)
    return redirect("picture_edition", edition.group.slug, edition.pk)


@require_safe
@require(Permission.SEE_PICTURE)
@limits.limited("export")
def picture_edition_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The file; while it is being made, the page that says so."""
    edition, member = _edition(request, pk), member_of(request)
    document = _document(edition)
    if document is None or document.state != DocumentState.READY:
        return redirect("picture_edition", member.group.slug, edition.pk)
    return papers.hand_out(document, to=member, now=timezone.now())


def _when(edition: Any) -> str:
    return edition_words.span_text(Span(edition.first_day, edition.last_day), weekly=edition.weekly == "true")


def _edition(request: HttpRequest, pk: int) -> PictureEdition:
    cast(Any, request).section = "situation"
    edition: PictureEdition = get_object_or_404(PictureEdition.objects.visible_to(member_of(request)), pk=pk)
    return edition


def _document(edition: PictureEdition) -> Document | None:
    return Document.objects.filter(group_id=edition.group_id, kind=edition_actions.KIND, subject_id=edition.pk).first()
