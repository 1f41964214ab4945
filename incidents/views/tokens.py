"""Settings: the systems of partners that log by themselves, and their keys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from est_site.access import Permission, require
from est_site.partners.models import Membership, Organisation
from est_site.partners.screens import Page, member_of, own, path, press_on, show, show_form
from incidents import token_actions
from incidents.models import ApiToken, Scope


class TokenForm(forms.Form):
    name = forms.CharField(label=_("Which system?"), max_length=80, help_text=_("For example: the guards' journal."))
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        help_text=_("What the system logs are observations of this organisation."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple, initial=[Scope.WRITE]
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["organisation"]
        choice.queryset = Organisation.objects.visible_to(member).active()


@require_safe
@require(Permission.MANAGE_TOKENS)
def tokens(request: HttpRequest) -> HttpResponse:
    rows = list(ApiToken.objects.visible_to(member_of(request)).select_related("organisation"))
    for row in rows:
        row.may = [Scope(scope).label for scope in row.scopes]
    active = [row for row in rows if row.revoked_at is None]
    return show(request, "tokens", "tokens", {"tokens": active, "revoked": [r for r in rows if r.revoked_at]})


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_TOKENS)
def make_token(request: HttpRequest) -> HttpResponse:
    """The one page that ever shows the key: the answer to the form itself, kept nowhere."""
    member = member_of(request)
    intro = _("The key is shown once, right after this. Whoever has it logs in the organisation's name.")
    page = Page("tokens", _("A key for a system"), _("Make the key"), path(member, "tokens"), intro)
    form = TokenForm(request.POST if request.method == "POST" else None, member=member)
    if request.method != "POST" or not form.is_valid():
        return show_form(request, page, form, 422 if form.errors else 200)
    row, token = token_actions.make_token(by=member, **form.cleaned_data, now=timezone.now())
    return show(request, "tokens", "token_made", {"row": row, "token": token})


@require_POST
@require(Permission.MANAGE_TOKENS)
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    row = own(ApiToken, member, pk)
    return press_on(
        request, path(member, "tokens"), token_actions.revoke_token, _("%(name)s can no longer log."), token=row
    )
