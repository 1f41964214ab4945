"""What lies ahead of a period, and the year wheel that the coordinator keeps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, may, require
from est_site.guarding import GuardedForm
from est_site.partners.forms import SettingsForm, date_input
from est_site.partners.models import Area, Category, Membership
from est_site.partners.screens import Page, kept, member_of, own, path, press_on, save, today_of
from situation import ahead as coming
from situation import ahead_words, wheel_actions
from situation.around import by_label
from situation.days import Line, holidays, occurrences
from situation.models import ReportingEvent, WheelEntry
from situation.wording import capital

LONGEST = timedelta(days=366)


@require_safe
@require(Permission.SEE_PICTURE)
def ahead(request: HttpRequest, label: str) -> HttpResponse:
    """The days after a period, as known now."""
    member = member_of(request)
    cast(Any, request).section = "situation"
    period, _around = by_label(member, label)
    found = coming.figures(period, group=member.group, cut_off=timezone.now())
    names = {one.pk: one.name for one in Category.objects.visible_to(member)} if found["events"] else {}
    context = {
        "period": period,
        "reads": may(member, Permission.SEE_INCIDENTS),
        **ahead_words.page(found, dict(Area.objects.visible_to(member).values_list("id", "name")), names),
    }
    return render(request, "situation/ahead.html", context)


class WheelForm(GuardedForm, SettingsForm):
    guarded: ClassVar[tuple[str, ...]] = ("title",)

    class Meta:
        model = WheelEntry
        fields: ClassVar[list[str]] = ["title", "kind", "first_day", "last_day", "repeats", "area"]
        widgets: ClassVar[dict[str, Any]] = {
            "first_day": date_input(),
            "last_day": date_input(),
            "kind": forms.RadioSelect,
            "repeats": forms.RadioSelect,
        }
        labels: ClassVar[dict[str, Any]] = {
            "title": gettext_lazy("What"),
            "kind": gettext_lazy("Kind"),
            "first_day": gettext_lazy("First day"),
            "last_day": gettext_lazy("Last day"),
            "repeats": gettext_lazy("Comes back"),
            "area": gettext_lazy("Area"),
        }

    def __init__(self, *args: Any, member: Membership, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = WheelEntry._meta.get_field("kind").choices  # type: ignore[attr-defined]
        area = self.fields["area"]
        assert isinstance(area, forms.ModelChoiceField)
        area.queryset = Area.objects.visible_to(member).est().on(today).defer("geometry")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        elif first and last and last - first >= LONGEST:
            self.add_error("last_day", _("That is more than a year. Write each year by itself, or let it come back."))
        return data


@require_safe
@require(Permission.SEE_PICTURE)
def year_wheel(request: HttpRequest) -> HttpResponse:
    """Twelve months from this one, with what the group has written and the public holidays."""
    member = member_of(request)
    cast(Any, request).section = "situation"
    rows = list(WheelEntry.objects.visible_to(member).filter(ended_at=None).select_related("area"))
    today = today_of(member)
    noted = ReportingEvent.objects.visible_to(member).filter(ended_at=None).select_related("organisation", "category")
    may_edit = may(member, Permission.MANAGE_SCHEDULE)
    context = {"months": _months(rows, today), "rows": rows, "noted": list(noted), "may_edit": may_edit}
    return render(request, "situation/year_wheel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.MANAGE_SCHEDULE)
def add_wheel_entry(request: HttpRequest) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    page = Page("schedule", _("Add to the year wheel"), _("Add"), path(member, "year_wheel"), INTRO)
    form = WheelForm(request.POST or None, member=member, today=today_of(member))
    return save(request, page, form, kept(form, wheel_actions.add_wheel_entry), _("Added."), now=now)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.MANAGE_SCHEDULE)
def wheel_entry(request: HttpRequest, pk: int) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    row = own(WheelEntry, member, pk, "area")
    page = Page("schedule", row.title, _("Save"), path(member, "year_wheel"), INTRO)
    form = WheelForm(request.POST or None, instance=row, member=member, today=today_of(member))
    action = kept(form, wheel_actions.change_wheel_entry)
    return save(request, page, form, action, _("Saved."), entry=row, now=now)


@require_POST
@require(Permission.MANAGE_SCHEDULE)
def end_wheel_entry(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(WheelEntry, member, pk)
    said = _("%(name)s comes no more. What is frozen keeps it.")
    return press_on(request, path(member, "year_wheel"), wheel_actions.end_wheel_entry, said, entry=row)


INTRO = gettext_lazy(
    "School holidays, fairs, matches, campaigns: what a week's meeting needs to know beforehand. Never about persons."
)


def _months(rows: list[WheelEntry], today: date) -> list[dict[str, Any]]:
    lines = [(row, Line(row.pk, row.title, row.kind, row.first_day, row.last_day, row.repeats)) for row in rows]
    found: list[dict[str, Any]] = []
    for n in range(12):
        year, month = today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1
        first = date(year, month, 1)
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        here = [(begins, ends, row) for row, line in lines for begins, ends in occurrences(line, first, last)]
        here.sort(key=lambda one: (one[0], one[2].title))
        named = [(day, ahead_words.NAMES[code]) for day, code in holidays(year).items() if day.month == month]
        found.append(
            {
                "name": f"{capital(str(MONTHS[month]))} {year}",
                "entries": here,
                "holidays": named,
            }
        )
    return found
