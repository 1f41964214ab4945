"""Agendas and minutes as pages and as files."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from est_site import filing
from est_site.access import Permission, may, require
from est_site.models import Document, DocumentState
from interventions import actions, minutes, sheets
from interventions.asked import member_of
from interventions.models import Edition, EditionFor, EditionKind
from situation import papers


def _edition(request: HttpRequest, pk: int) -> Edition:
    rows = Edition.objects.visible_to(member_of(request, "documents"))
    return get_object_or_404(rows.select_related("meeting__group", "meeting__period", "organisation"), pk=pk)


@require_safe
@require(Permission.SEE_DOCUMENTS)
def documents(request: HttpRequest) -> HttpResponse:
    """Every agenda and set of minutes, latest first, in every edition."""
    member = member_of(request, "documents")
    rows = Edition.objects.visible_to(member).select_related("meeting__group", "meeting__period", "organisation")
    rows = rows.defer("frozen").annotate(number=KT("frozen__meeting__number"))  # a list needs no more of what is frozen
    page = Paginator(rows.in_order(), 30).get_page(request.GET.get("page"))
    files = {
        (document.kind, document.subject_id): document
        for document in Document.objects.visible_to(member).filter(subject_id__in=[edition.pk for edition in page])
    }
    lines = [(e, minutes.title_of(e, e.number), files.get((e.kind, e.pk))) for e in page]
    return render(request, "interventions/documents.html", {"lines": lines, "page": page})


@require_safe
@require(Permission.SEE_DOCUMENTS)
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """The document on screen, the twin of its PDF."""
    row = _edition(request, pk)
    member = member_of(request, "documents")
    same = {"meeting": row.meeting, "kind": row.kind, "audience": row.audience, "organisation": row.organisation}
    versions = list(Edition.objects.visible_to(member).filter(**same).exclude(pk=row.pk).defer("frozen"))
    with translation.override(row.frozen["group"]["language"]):
        body = sheets.sheet(row)
        title = minutes.title_of(row)
    document = Document.objects.visible_to(member).filter(kind=row.kind, subject_id=row.pk).first()
    of_all = row.kind == EditionKind.MINUTES and row.audience == EditionFor.GROUP
    context = {
        "edition": row,
        "document": document,
        "body": body,
        "title": title,
        "others": versions,
        "newer": max((one for one in versions if one.version > row.version), key=lambda one: one.version, default=None),
        "may_remark": of_all and may(member, Permission.SEE_MEETING),
        "may_correct": of_all and may(member, Permission.RUN_MEETING),
        "approved": actions.vouched(row) if of_all else [],
        "language": row.frozen["group"]["language"],
    }
    return render(request, "interventions/edition.html", context)


@require_POST
@require(Permission.SEE_DOCUMENTS)
def edition_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a worker for the PDF of an edition that has none yet, or once more for one that could not be made."""
    row, now = _edition(request, pk), timezone.now()
    document = actions.order_document(row, now=now)
    if document.state == DocumentState.FAILED:
        filing.order_again(document, by=member_of(request, "documents"), now=now)
    return redirect("edition_pdf", row.meeting.group.slug, row.pk)


@require_safe
@require(Permission.SEE_DOCUMENTS)
def edition_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, or where the making of it stands."""
    row = _edition(request, pk)
    member = member_of(request, "documents")
    document = Document.objects.visible_to(member).filter(kind=row.kind, subject_id=row.pk).first()
    if document is None or document.state != DocumentState.READY:
        context = {"edition": row, "title": minutes.title_of(row), "document": document}
        waiting = document is not None and document.state == DocumentState.DUE
        response = render(request, "interventions/being_made.html", context, status=202 if waiting else 200)
        if waiting:
            response["Refresh"] = "3"
        return response
    return papers.hand_out(document, to=member, now=timezone.now(), suffix=f"-v{document.version}")
