"""Other sources beside the picture: what they say, and how their values come in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, may, require
from est_site.charts import Series, line, spark
from est_site.guarding import GuardedForm
from est_site.partners import limits, sheets
from est_site.partners.forms import SettingsForm
from est_site.partners.models import Membership
from est_site.partners.screens import Page, kept, member_of, own, path, press_on, save
from situation import files, matrix, ordering, pasted, source_actions, source_pasting, source_rows, source_words
from situation.models import SourceSeries
from situation.source_pasting import BYTES, MOST, Read
from situation.sources import When

INTRO = gettext_lazy(
    "A figure that somebody else makes in the same way each year or quarter: a survey, the police's statistics, the cost of"
    " damage. Never about persons."
)


class SourceForm(GuardedForm, SettingsForm):
    guarded: ClassVar[tuple[str, ...]] = ("name", "source")

    class Meta:
        model = SourceSeries
        fields: ClassVar[list[str]] = ["name", "unit", "source", "quarterly", "counted", "rising"]
        widgets: ClassVar[dict[str, Any]] = {"rising": forms.RadioSelect}
        help_texts: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("For example: Feel safe outdoors in the evening."),
            "unit": gettext_lazy("For example: per cent, reported crimes, kronor."),
            "source": gettext_lazy("Who makes it and how, so that others can find it."),
            "quarterly": gettext_lazy("Else it is by year."),
            "counted": gettext_lazy("Then chance can be worked out from the number alone."),
        }


class ValuesForm(forms.Form):
    pasted = forms.CharField(
        label=gettext_lazy("Cells from a spreadsheet"),
        max_length=BYTES,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "A row for each value: area, year, value and, if there is an interval, its ends. Or a row for each area and a"
            " column for each year."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a CSV file"),
        required=False,
        help_text=gettext_lazy("At most 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("file"):
            try:
                data["pasted"] = sheets.decode(data["file"].read())
            except UnicodeDecodeError:
                self.add_error("file", _("This is no text. Save the sheet as CSV and choose that file."))
        elif not self.errors and not data.get("pasted", "").strip():
            self.add_error("pasted", _("Paste at least one row of cells, or choose a file."))
        return data


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.read")
def sources(request: HttpRequest) -> HttpResponse:
    """Each of them with where it points."""
    member = member_of(request)
    cast(Any, request).section = "situation"
    found = source_rows.figures(member.group, timezone.now())
    lines = [(one, source_words.summary(one)) for one in found]
    return render(request, "situation/sources.html", {"lines": lines, "may_edit": may(member, Permission.IMPORT)})


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.read")
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: by area beside our own numbers, and every value there is."""
    member, now = member_of(request), timezone.now()
    cast(Any, request).section = "situation"
    series = own(SourceSeries, member, pk)
    found = source_rows.figures(member.group, now, series.pk)
    values = source_rows.values(series, now)
    whens = sorted({when for readings in values.values() for when in readings})
    context = {
        "series": series,
        "lines": [source_words.line(one) for figures in found for one in figures["lines"]],
        "summary": source_words.summary(found[0]) if found else "",
        "heard": source_words.heard(found[0]) if found else "",
        "whens": [source_words.when(one.year, one.quarter) for one in whens],
        "history": [_history(area, values[area], whens) for area in sorted(values, key=ordering.alphabet)],
        "chart": _chart(series, values, whens),
        "may_edit": may(member, Permission.IMPORT) and series.ended_at is None,
    }
    return render(request, "situation/source.html", context)


def _history(area: str, readings: Mapping[When, Any], whens: list[When]) -> dict[str, Any]:
    told = [readings.get(one) for one in whens]
    written = [source_words.reading([0, 0, one.value, one.low, one.high]) if one else "–" for one in told]
    numbers = [one.value if one else None for one in told]
    drawn = spark(numbers, small=True) if min((n for n in numbers if n is not None), default=0) >= 0 else ""
    return {"area": source_words.called(area), "values": written, "spark": drawn}


def _chart(series: SourceSeries, values: source_rows.Values, whens: list[When]) -> str:
    """All areas together over time, where that is given and can be drawn from zero."""
    readings = values.get("", {})
    if len(readings) < 2 or min(one.value for one in readings.values()) < 0:
        return ""
    told = [readings.get(one) for one in whens]
    bands = [(one.low, one.high) if one and one.low is not None and one.high is not None else None for one in told]
    drawn = [Series(_("All areas"), [one.value if one else None for one in told])]
    labels = [source_words.when(one.year, one.quarter) for one in whens]
    return str(line(labels, drawn, bands if any(bands) else None, idn="source", title=f"{series.name}, {series.unit}"))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.IMPORT)
def add_source(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    page = Page("", _("Add another source"), _("Add"), path(member, "sources"), INTRO)
    form = SourceForm(request.POST or None)
    return save(request, page, form, kept(form, source_actions.add_source), _("Added."), now=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.IMPORT)
def change_source(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    series = _standing(member, pk)
    page = Page("", series.name, _("Save"), path(member, "source", pk), INTRO)
    form = SourceForm(request.POST or None, instance=series)
    action = kept(form, source_actions.change_source)
    return save(request, page, form, action, _("Saved."), entry=series, now=timezone.now())


@require_POST
@require(Permission.IMPORT)
def end_source(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    said = _("%(name)s is shown no more. What is frozen keeps it.")
    return press_on(request, path(member, "sources"), source_actions.end_source, said, entry=_standing(member, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.IMPORT)
def take_source(request: HttpRequest, pk: int) -> HttpResponse:
    """Values are sent once to be looked at; only what was shown so can be saved."""
    member, series = member_of(request), _standing(member_of(request), pk)
    if request.method != "POST":
        return _page(request, series, ValuesForm())
    form = ValuesForm(request.POST, request.FILES)
    found = pasted.look(
        form,
        lambda text: source_pasting.read(text, series, member),
        most=MOST,
        nothing=_("No value stands here. Paste at least one row of cells."),
        too_many=_("At most %(most)s values can be taken in at once. Take fewer."),
    )
    if found is None:
        return _page(request, series, form)
    if found.faulty:
        told = ngettext(
            "%(n)s value cannot be taken in. The list above says why.",
            "%(n)s values cannot be taken in. The list above says why.",
            found.faulty,
        )
        form.add_error("file" if form.cleaned_data.get("file") else "pasted", told % {"n": found.faulty})
        return _page(request, series, form, found)
    if request.POST.get("seen") != found.digest:
        return _page(request, series, form, found)
    n = source_actions.take_values(by=member, series=series, told=found.told, now=timezone.now())
    text = ngettext("Saved: %(n)s value.", "Saved: %(n)s values.", n) % {"n": n}
    messages.success(request, text if n else _("All of it was here already. Nothing has changed."))
    return redirect("source", member.group.slug, series.pk)


def _standing(member: Membership, pk: int) -> SourceSeries:
    """One that is shown still; to one that is not nothing is added."""
    found: SourceSeries = get_object_or_404(SourceSeries.objects.visible_to(member).filter(ended_at=None), pk=pk)
    return found


def _page(request: HttpRequest, series: SourceSeries, form: ValuesForm, found: Read | None = None) -> HttpResponse:
    cast(Any, request).section = "situation"
    wrong = bool(form.errors or (found and found.faulty))
    if "pasted" in getattr(form, "cleaned_data", {}):  # a file is looked at as text, and can be put right there
        form.data = cast(Any, form.data).copy()
        cast(Any, form.data)["pasted"] = form.cleaned_data["pasted"]
    context = {
        "series": series,
        "form": form,
        "found": found,
        "said": _state(found) if found else "",
        "has_errors": wrong,
    }
    return render(request, "situation/source_take.html", context, status=422 if wrong else 200)


def _state(found: Read) -> str:
    """How it stands, in sentences."""
    said = [ngettext("%(n)s value is read.", "%(n)s values are read.", len(found.rows)) % {"n": len(found.rows)}]
    if found.already:
        told = ngettext("%(n)s is here already.", "%(n)s are here already.", found.already)
        said.append(told % {"n": found.already})
    if found.changed:
        told = ngettext("%(n)s takes the place of another.", "%(n)s take the place of others.", found.changed)
        said.append(told % {"n": found.changed})
    return " ".join([*said, _("Nothing is saved yet.")])


@require_safe
@require(Permission.SEE_PICTURE, notes="picture.exported")
@limits.limited("export")
def source_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Every value as it can be taken in again."""
    member = member_of(request)
    series = own(SourceSeries, member, pk)
    out, write = matrix.sheet()
    write([_("Area"), _("Year"), _("Value"), _("Low"), _("High")])
    values = source_rows.values(series, timezone.now())
    for area in sorted(values, key=ordering.alphabet):
        for when, one in sorted(values[area].items()):
            numbers = ["" if n is None else source_words.exact(n) for n in (one.value, one.low, one.high)]
            write([matrix.neutral(source_words.called(area)), source_words.when(when.year, when.quarter), *numbers])
    return files.download(out.getvalue(), f"{member.group.slug}-source-{series.pk}", "csv")
