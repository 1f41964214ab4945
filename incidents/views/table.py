"""Several observations at once: written in a table, or pasted into it. Nothing is saved before it is confirmed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from est_site.access import Permission, require
from est_site.partners import limits
from est_site.partners.models import Membership
from incidents import actions, drafts, pasting
from incidents.forms.table import FIRST_ROWS, MOST_ROWS, Cells, TableForm, cells_in, day_of, is_blank
from incidents.models import Draft, DraftForm, Incident
from incidents.views.shared import member_of, see_other


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.REPORT)
def table(request: HttpRequest) -> HttpResponse:
    """The table; sent, all its rows are saved or none."""
    member, now = member_of(request), timezone.now()
    if request.method == "POST":
        form = TableForm(request.POST, member=member, now=now, cells=cells_in(request.POST), judged=True)
        wait = limits.spend("observation", member, now)  # however many rows it has
        if form.is_valid() and not wait and _save(request, form, member, now):
            return see_other(reverse("report", args=[member.group.slug]))
        if wait:
            form.add_error(None, limits.sentence(wait))
        return limits.told(_show(request, form), wait)
    draft = drafts.of(member, now, DraftForm.TABLE)
    kept = drafts.initial(draft)
    cells = cells_in(kept) or _more([], FIRST_ROWS, now.astimezone(member.group.zone).date().isoformat())
    own = {name: kept[name] for name in ("client_uuid", "pasted") if name in kept}
    return _show(request, TableForm(member=member, now=now, cells=cells, judged=False, initial=own), draft)


@require_POST
@require(Permission.REPORT)
def table_rows(request: HttpRequest) -> HttpResponse:
    """The same table with more rows in it."""
    member, now = member_of(request), timezone.now()
    cells = cells_in(request.POST)
    form = _form(request, member, now, _more(cells, min(FIRST_ROWS, max(0, MOST_ROWS - len(cells)))), judged=False)
    return _show(request, form)


@require_POST
@require(Permission.REPORT)
def table_paste(request: HttpRequest) -> HttpResponse:
    """What was pasted stands in the table, each row with what is wrong with it."""
    member, now = member_of(request), timezone.now()
    cells = cells_in(request.POST)
    written = [row for n, row in enumerate(cells) if not is_blank(row, cells[n - 1] if n else None)]
    try:
        found = pasting.rows(request.POST.get("pasted", ""))
    except pasting.NotATable:
        return _refused(request, member, now, cells, _("This cannot be read as a table. Copy the cells once more."))
    if not found:
        return _refused(request, member, now, cells, _("Paste at least one row of cells."))
    if len(written) + len(found) > MOST_ROWS:
        told = _("%(rows)s rows are too many: the table holds at most %(most)s. Paste fewer.")
        return _refused(request, member, now, cells, told % {"rows": len(written) + len(found), "most": MOST_ROWS})
    return _show(request, _form(request, member, now, [*written, *found], judged=True, pasted=""))


def _form(
    request: HttpRequest, member: Membership, now: datetime, cells: list[Cells], *, judged: bool, **changed: str
) -> TableForm:
    own = {name: request.POST.get(name, "") for name in ("client_uuid", "pasted")} | changed
    return TableForm(own, member=member, now=now, cells=cells, judged=judged, initial=own)


def _refused(request: HttpRequest, member: Membership, now: datetime, cells: list[Cells], why: str) -> HttpResponse:
    """Nothing that was typed or pasted is lost; the rest of the table is not judged yet."""
    form = _form(request, member, now, cells, judged=False)
    form.refuse_pasted(why)
    return _show(request, form)


def _more(cells: list[Cells], count: int, day: str = "") -> list[Cells]:
    """Empty rows after these, with place and day of the last."""
    last: Cells = cells[-1] if cells else {}
    day = day or day_of(last.get("start", ""))
    new = {"where": last.get("where", ""), "start": day}
    return [*cells, *(new for _n in range(count))]


def _save(request: HttpRequest, form: TableForm, member: Membership, now: datetime) -> list[Incident]:
    """What was saved, and said; nothing when the form had been used for something else."""
    rows = [(row.said, row.row) for row in form.said if row.row is not None]
    try:
        saved = actions.record_together(by=member, client_uuid=form.cleaned_data["client_uuid"], rows=rows, now=now)
    except actions.FormUsed:
        form.renewed(uuid.uuid4())
        return []
    for row, incident in zip(form.said, saved, strict=True):
        row.keep_overrides(on=incident, by=member, now=now)
    drafts.forget(by=member, form=DraftForm.TABLE)
    told = ngettext(
        "Thank you. %(n)s observation is saved: number %(first)s.",
        "Thank you. %(n)s observations are saved: numbers %(first)s to %(last)s.",
        len(saved),
    )
    messages.success(request, told % {"n": len(saved), "first": saved[0].number, "last": saved[-1].number})
    return saved


def _show(request: HttpRequest, form: TableForm, draft: Draft | None = None) -> HttpResponse:
    request.section = "report"  # type: ignore[attr-defined]
    context: dict[str, Any] = {"form": form, "draft": draft, "most": MOST_ROWS}
    return render(request, "incidents/table.html", context, status=422 if form.errors else 200)
