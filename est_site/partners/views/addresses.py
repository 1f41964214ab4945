"""Settings: the municipality's register of addresses, as places that are found by writing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from est_site.access import Permission, require
from est_site.partners import actions, addresses, limits, sheets
from est_site.partners.models import Place
from est_site.partners.screens import member_of, path, show

SHOWN = 200


class AddressesForm(forms.Form):
    file = forms.FileField(
        label=_("File with addresses"),
        help_text=_("CSV or Excel with the columns street, number, lon and lat (WGS 84): at most 10,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > sheets.MAX_BYTES:
            raise ValidationError(gettext("The file is larger than 10 MB. Divide it."))
        try:
            self.sheet = sheets.open_sheet(file.read())
        except sheets.Unreadable as problem:
            raise ValidationError(problem.reason) from None
        return file


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_PLACES)
def import_addresses(request: HttpRequest) -> HttpResponse:
    """All of the file or nothing: what is wrong with it stands below the form."""
    member = member_of(request)
    form = AddressesForm(request.POST if request.method == "POST" else None, request.FILES or None)
    found, wait = None, 0
    if request.method == "POST" and form.is_valid() and (wait := limits.spend("import", member, timezone.now())):
        form.add_error(None, limits.sentence(wait))
    elif request.method == "POST" and form.is_valid():
        names = Place.objects.visible_to(member).values_list("name", flat=True)
        found = addresses.read(form.sheet, {name.casefold() for name in names})
        if not found.faults:
            added = actions.add_addresses(by=member, rows=found.new, now=timezone.now())
            said = gettext("%(added)s addresses were added; %(known)s were here already.")
            messages.success(request, said % {"added": added, "known": found.known})
            return redirect(path(member, "places"))
        form.add_error("file", gettext("Nothing was added. Put the faults below right in the file."))
    context = {
        "form": form,
        "faults": found.faults[:SHOWN] if found else [],
        "count": len(found.faults) if found else 0,
    }
    return limits.told(show(request, "places", "addresses", context, 422 if form.errors else 200), wait)
