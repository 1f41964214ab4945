"""What changed in the reporting itself, noted by the coordinator beside the year wheel."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from est_site.access import Permission, require
from est_site.guarding import GuardedForm
from est_site.partners.forms import SettingsForm, date_input
from est_site.partners.models import Category, Membership, Organisation
from est_site.partners.screens import Page, kept, member_of, own, path, press_on, save, today_of
from situation import reporting_actions
from situation.models import ReportingEvent

INTRO = gettext_lazy(
    "A new app, a campaign or a new category changes what is reported. It is drawn in the picture and named beside the"
    " verdicts it can explain. Never about persons."
)


class ReportingForm(GuardedForm, SettingsForm):
    guarded: ClassVar[tuple[str, ...]] = ("text",)

    class Meta:
        model = ReportingEvent
        fields: ClassVar[list[str]] = ["day", "what", "text", "organisation", "category"]
        widgets: ClassVar[dict[str, Any]] = {"day": date_input(), "what": forms.RadioSelect}
        labels: ClassVar[dict[str, Any]] = {
            "day": gettext_lazy("From which day"),
            "what": gettext_lazy("What changed"),
            "text": gettext_lazy("In a few words"),
            "organisation": gettext_lazy("Organisation"),
            "category": gettext_lazy("Kind"),
        }

    def __init__(self, *args: Any, member: Membership, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["what"].choices = ReportingEvent._meta.get_field("what").choices  # type: ignore[attr-defined]
        organisation, category = self.fields["organisation"], self.fields["category"]
        assert isinstance(organisation, forms.ModelChoiceField)
        assert isinstance(category, forms.ModelChoiceField)
        organisation.queryset = Organisation.objects.visible_to(member).active()
        category.queryset = Category.objects.visible_to(member).top().filter(is_active=True)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("That day has not come yet. What is planned stands in the year wheel."))
        return day


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.MANAGE_SCHEDULE)
def add_reporting_event(request: HttpRequest) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    page = Page("schedule", _("Note a change in the reporting"), _("Add"), path(member, "year_wheel"), INTRO)
    form = ReportingForm(request.POST or None, member=member, today=today_of(member))
    return save(request, page, form, kept(form, reporting_actions.add_reporting_event), _("Added."), now=now)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.MANAGE_SCHEDULE)
def reporting_event(request: HttpRequest, pk: int) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    row = own(ReportingEvent, member, pk, "organisation", "category")
    page = Page("schedule", row.text, _("Save"), path(member, "year_wheel"), INTRO)
    form = ReportingForm(request.POST or None, instance=row, member=member, today=today_of(member))
    action = kept(form, reporting_actions.change_reporting_event)
    return save(request, page, form, action, _("Saved."), entry=row, now=now)


@require_POST
@require(Permission.MANAGE_SCHEDULE)
def end_reporting_event(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(ReportingEvent, member, pk)
    said = _("%(name)s is drawn no more. What is frozen keeps it.")
    return press_on(request, path(member, "year_wheel"), reporting_actions.end_reporting_event, said, entry=row)
