"""What was taken in, how to undo it, and rows that somebody must look at first."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, require
from incidents import batch_actions, words
from incidents.feed_forms import HeldForm
from incidents.models import FileState, HeldRow, HeldState, ImportBatch, ImportFile, Incident
from incidents.views.imports import member_of

PER_PAGE = 50


@require_safe
@require(Permission.IMPORT_OWN)
def imports(request: HttpRequest) -> HttpResponse:
    """Every file that was taken in, and those on their way."""
    member = member_of(request)
    batches = ImportBatch.objects.visible_to(member).select_related("organisation", "imported_by__user")
    waiting = ImportFile.objects.visible_to(member).exclude(state=FileState.DONE)
    context = {
        "page": Paginator(batches.order_by("-imported_at", "-id"), PER_PAGE).get_page(request.GET.get("page")),
        "waiting": list(waiting.defer("content").select_related("organisation").order_by("-uploaded_at")),
        "held": HeldRow.objects.visible_to(member).filter(state=HeldState.HELD).count(),
    }
    return render(request, "incidents/imports.html", context)


@require_safe
@require(Permission.IMPORT_OWN)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: what became of it."""
    member = member_of(request)
    row = _batch(request, pk)
    rows = Incident.objects.filter(group_id=member.group_id, batch=row, withdrawn_at=None).count()
    gone = batch_actions.removable(row).count() if row.undone_at is None else 0
    return render(
        request, "incidents/import_batch.html", {"batch": row, "rows": rows, "gone": gone, "stay": rows - gone}
    )


@require_POST
@require(Permission.IMPORT_OWN)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = batch_actions.undo_batch(by=member, batch=_batch(request, pk), now=timezone.now())
    said = _("Undone. Observations that are gone: %(removed)s. That were withdrawn: %(withdrawn)s.")
    messages.success(request, said % {"removed": row.removed, "withdrawn": row.withdrawn})
    return redirect("import_batch", member.group.slug, pk)


@require_safe
@require(Permission.IMPORT_OWN, notes="quarantine.read")
def held_rows(request: HttpRequest) -> HttpResponse:
    """Rows whose words may point at somebody, each with what was found."""
    rows = HeldRow.objects.visible_to(member_of(request)).filter(state=HeldState.HELD)
    page = Paginator(rows.select_related("batch", "organisation").order_by("held_at", "id"), PER_PAGE)
    shown = page.get_page(request.GET.get("page"))
    for row in shown:
        row.said = words.named(row.kinds)
    return render(request, "incidents/held_rows.html", {"page": shown})


@require_http_methods(["GET", "POST"])
@require(Permission.IMPORT_OWN, notes="quarantine.read")
def held_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Clear the words and take the row in."""
    member, row = member_of(request), _held(request, pk)
    form = HeldForm(request.POST if request.method == "POST" else None, initial={"text": row.words})
    if request.method == "POST" and form.is_valid():
        try:
            batch_actions.release_row(by=member, held=row, text=form.cleaned_data["text"], now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The row is an observation now."))
            return redirect("held_rows", member.group.slug)
    said = words.named(row.kinds)
    context = {"form": form, "row": row, "said": said}
    return render(request, "incidents/held_row.html", context, status=422 if form.errors else 200)


@require_POST
@require(Permission.IMPORT_OWN)
def drop_held(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    batch_actions.drop_row(by=member, held=_held(request, pk), now=timezone.now())
    messages.success(request, _("The row was dropped, and its words are gone."))
    return redirect("held_rows", member.group.slug)


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    rows = ImportBatch.objects.visible_to(member_of(request)).select_related(
        "organisation", "imported_by__user", "undone_by__user"
    )
    found: ImportBatch = get_object_or_404(rows, pk=pk)
    return found


def _held(request: HttpRequest, pk: int) -> HeldRow:
    rows = HeldRow.objects.visible_to(member_of(request)).filter(state=HeldState.HELD)
    found: HeldRow = get_object_or_404(rows.select_related("batch", "organisation"), pk=pk)
    return found
