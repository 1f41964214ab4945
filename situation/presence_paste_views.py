"""Presence pasted from a spreadsheet: looked at first, then all of it saved or nothing."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from est_site.access import Permission, require
from est_site.partners.screens import member_of
from incidents.actions import FormUsed
from situation import pasted, presence_actions, presence_pasting, presence_words
from situation.presence_pasting import MOST, Read


class PasteForm(forms.Form):
    pasted = forms.CharField(
        label=gettext_lazy("Cells from a spreadsheet"),
        max_length=50_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Who, where, day, from, to, how many. With a row of headings the columns may stand in any order."
        ),
        error_messages={"required": gettext_lazy("Paste at least one row of cells.")},
    )
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.REPORT)
def paste_presence(request: HttpRequest) -> HttpResponse:
    """Sent once it is read back, row by row; only what was shown so can be saved."""
    member, now = member_of(request), timezone.now()
    if request.method != "POST":
        return _page(request, PasteForm())
    form = PasteForm(request.POST)
    found = pasted.look(
        form,
        lambda text: presence_pasting.read(text, member, now),
        most=MOST,
        nothing=_("Paste at least one row of cells."),
        too_many=_("At most %(most)s rows can be pasted at once. Paste fewer."),
    )
    if found is None:
        return _page(request, form)
    if found.faulty or request.POST.get("seen") != found.digest:
        return _page(request, form, found)
    try:
        number = form.cleaned_data["client_uuid"]
        kept = presence_actions.record_pasted(by=member, rows=found.said, client_uuid=number, now=now)
    except FormUsed:
        form.data = cast(Any, form.data).copy()
        cast(Any, form.data)["client_uuid"] = str(uuid.uuid4())
        form.add_error(None, _("This form had been used already. Check it and save again."))
        return _page(request, form, found)
    text = ngettext("Saved: %(n)s time.", "Saved: %(n)s times.", len(kept)) % {"n": len(kept)}
    messages.success(request, text if kept else _("All of it was logged already. Nothing is counted twice."))
    return redirect("record_presence", member.group.slug)


def _page(request: HttpRequest, form: PasteForm, found: Read | None = None) -> HttpResponse:
    cast(Any, request).section = "situation"
    wrong = bool(form.errors or (found and found.faulty))
    zone = member_of(request).group.zone
    context = {
        "form": form,
        "found": found,
        "rows": [presence_words.pasted(row, zone) for row in found.rows] if found else [],
        "said": _state(found) if found else "",
        "has_errors": wrong,
    }
    return render(request, "situation/presence_paste.html", context, status=422 if wrong else 200)


def _state(found: Read) -> str:
    """How it stands, in sentences."""
    said = [ngettext("%(n)s row is read.", "%(n)s rows are read.", len(found.rows)) % {"n": len(found.rows)}]
    if found.faulty:
        told = ngettext("%(n)s of them needs something.", "%(n)s of them need something.", found.faulty)
        said.append(told % {"n": found.faulty})
    if found.already:
        told = ngettext("%(n)s is logged already.", "%(n)s are logged already.", found.already)
        said.append(told % {"n": found.already})
    return " ".join([*said, _("Nothing is saved yet.")])
