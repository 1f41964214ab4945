"""Take in from a file, step by step: which file, its columns, its values, what would happen, and do it."""

from __future__ import annotations

import csv
import io
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site import jobs
from est_site.access import Permission, require
from est_site.models import Job
from est_site.partners import limits, sheets
from est_site.partners.models import Area, Category, Membership, Place
from incidents import batch_actions, guessing, police
from incidents.feed_forms import ColumnsForm, UploadForm, ValuesForm
from incidents.mapping import BadMapping
from incidents.models import FileState, ImportFile

FIRST_ROWS = 3
SHOWN_FAULTS = 200
POLLED_ENOUGH = 286  # tells the page's script to stop asking
OFFERED = 1000  # names of places in the list that helps to write them


def member_of(request: HttpRequest) -> Membership:
    cast(Any, request).section = "incidents"
    return cast(Membership, cast(Any, request).member)


def _file(request: HttpRequest, pk: int, *, open_: bool = True) -> ImportFile:
    rows = ImportFile.objects.visible_to(member_of(request)).select_related("organisation", "batch")
    if open_:
        rows = rows.filter(state__in=[FileState.OPEN, FileState.FAILED])
    return get_object_or_404(rows, pk=pk)


def _sheet(file: ImportFile) -> sheets.Sheet:
    return police.with_titles(sheets.open_sheet(bytes(file.content)))


@require_http_methods(["GET", "POST"])
@require(Permission.IMPORT_OWN)
def upload(request: HttpRequest) -> HttpResponse:
    """Step 1: which file."""
    member, now = member_of(request), timezone.now()
    form = UploadForm(request.POST if request.method == "POST" else None, request.FILES or None, member=member)
    wait = 0
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wait = limits.spend("import", member, now)
        if not wait:
            file = batch_actions.keep_file(
                by=member,
                organisation=data.get("organisation", member.organisation),
                file_name=data["file"].name,
                content=form.content,
                now=now,
            )
            return redirect("import_columns", member.group.slug, file.pk)
        form.add_error(None, limits.sentence(wait))
    response = render(request, "incidents/import_upload.html", {"form": form}, status=422 if form.errors else 200)
    return limits.told(response, wait)


@require_http_methods(["GET", "POST"])
@require(Permission.IMPORT_OWN)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2: what the columns mean."""
    member, now = member_of(request), timezone.now()
    file = _file(request, pk)
    sheet, categories = _sheet(file), _categories(member, file)
    codes = {category.code for category in categories}
    guessed = guessing.columns(sheet, file.organisation, codes, member.group.municipality)
    said = file.mapping or guessed
    zone = member.group.time_zone
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        header=sheet.header,
        categories=categories,
        zone=zone,
        said=said,
    )
    if request.method == "POST" and form.is_valid():
        made = form.mapping(said)
        if made["category"].get("column"):
            found = [value for value, _n in guessing.values(sheet, made["category"]["column"])]
            made["category"]["codes"] = guessing.codes(found, categories) | made["category"].get("codes", {})
        try:
            batch_actions.map_file(by=member, file=file, said=made, remember=form.mapping(said), now=now)
        except BadMapping as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("import_values", member.group.slug, file.pk)
    context = {"form": form, "file": file, "header": sheet.header, "rows": sheet.records[:FIRST_ROWS]}
    return render(request, "incidents/import_columns.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require(Permission.IMPORT_OWN)
def values(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3: what the values mean."""
    member, now = member_of(request), timezone.now()
    file = _file(request, pk)
    if not file.mapping:
        return redirect("import_columns", member.group.slug, file.pk)
    sheet, said = _sheet(file), file.mapping
    found = (
        guessing.values(sheet, said["category"].get("column", "")),
        guessing.values(sheet, said["where"].get("place", "")),
    )
    today = now.astimezone(member.group.zone).date()
    places = list(Place.objects.visible_to(member).active().named()[:OFFERED])
    areas = list(Area.objects.visible_to(member).est().on(today))
    spots = guessing.Spots(Place.objects.visible_to(member).active(), areas)
    form = ValuesForm(
        request.POST if request.method == "POST" else None,
        said=said,
        values=found,
        categories=_categories(member, file),
        spots=spots,
    )
    if request.method == "POST" and form.is_valid():
        batch_actions.map_file(by=member, file=file, said=form.mapping(), remember=form.remembered(), now=now)
        return redirect("import_file", member.group.slug, file.pk)
    context = {"form": form, "file": file, "spots": [*areas, *places], "more": max(map(len, found)) > guessing.SHOWN}
    return render(request, "incidents/import_values.html", context, status=422 if form.errors else 200)


@require_safe
@require(Permission.IMPORT_OWN, notes="import.look")
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 4: what would happen. Nothing is written before somebody says so."""
    row = _file(request, pk, open_=False)
    if row.state in (FileState.ORDERED, FileState.DONE):
        return redirect("import_progress", row.group.slug, row.pk)
    if not row.mapping:
        return redirect("import_columns", row.group.slug, row.pk)
    plan = batch_actions.plan_file(row, timezone.now())
    context = {"file": row, "plan": plan, "faults": plan.faults[:SHOWN_FAULTS], "shown": SHOWN_FAULTS}
    return render(request, "incidents/import_file.html", context)


@require_safe
@require(Permission.IMPORT_OWN, notes="import.faults")
@limits.limited("export")
def faults(request: HttpRequest, pk: int) -> HttpResponse:
    """Every fault, as a table of its own."""
    row = _file(request, pk)
    out = io.StringIO()
    table = csv.writer(out, delimiter=";")
    table.writerow([_("Row"), _("Column"), _("What is wrong")])
    for fault in batch_actions.plan_file(row, timezone.now()).faults if row.mapping else []:
        table.writerow([fault.row, sheets.neutral(fault.column), sheets.neutral(fault.reason)])
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="faults-{row.pk}.csv"'
    return response


@require_POST
@require(Permission.IMPORT_OWN)
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Say so. A worker does it."""
    member = member_of(request)
    row = _file(request, pk, open_=False)
    if row.mapping:
        without = request.POST.get("without_faulty") == "on"
        batch_actions.order_file(by=member, file=row, without_faulty=without, now=timezone.now())
    return redirect("import_progress", member.group.slug, row.pk)


@require_POST
@require(Permission.IMPORT_OWN)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    batch_actions.discard_file(by=member, file=_file(request, pk, open_=False), now=timezone.now())
    return redirect("imports", member.group.slug)


@require_safe
@require(Permission.IMPORT_OWN)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it has come; looks again by itself until there is something to say."""
    row = _file(request, pk, open_=False)
    polled = bool(cast(Any, request).htmx)
    if row.state == FileState.OPEN:
        return _lead_on(polled, redirect("import_file", row.group.slug, row.pk))
    if row.batch_id:
        return _lead_on(polled, redirect("import_batch", row.group.slug, row.batch_id))
    job = Job.objects.visible_to(member_of(request)).filter(dedupe_key=batch_actions.key(row)).first()
    context = {"file": row, "percent": jobs.how_far(job) if job else 0}
    part = "incidents/import_state.html" if polled else "incidents/import_progress.html"
    done = polled and row.state != FileState.ORDERED
    return render(request, part, context, status=POLLED_ENOUGH if done else 200)


def _lead_on(polled: bool, answer: HttpResponse) -> HttpResponse:
    """To the next page, also when it is the page's script that asks."""
    return HttpResponse(status=POLLED_ENOUGH, headers={"HX-Redirect": answer["Location"]}) if polled else answer


def _categories(member: Membership, file: ImportFile) -> list[Category]:
    rows = Category.objects.visible_to(member).active().open_to(file.organisation_id)
    return list(rows.order_by("position", "id"))
