"""The colour of an area: the first vote in secret, and what the group means by each colour."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from est_site.access import Permission, require
from est_site.partners.models import Area, Membership
from interventions.asked import meeting_of
from interventions.forms import MeaningsForm, VoteForm
from situation import colour_rows
from situation.actions import NotAllowed
from situation.colour_actions import give_votes, set_meanings, set_vote
from situation.models import ColourVote, ColourVoting, MeetingState


@require_POST
@require(Permission.RUN_MEETING)
def vote_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the vote, or show what it says."""
    member, row = meeting_of(request, pk)
    try:
        set_vote(meeting=row, vote=request.POST.get("vote", ""), by=member, now=timezone.now())
    except NotAllowed:
        messages.error(request, _("The vote was begun or shown meanwhile. This is how it stands now."))
    return redirect(reverse("meeting", args=[row.group.slug, row.pk]) + "#colours")


@require_http_methods(["GET", "POST"])
@require(Permission.SEE_MEETING)
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """The organisation's own colours, before anybody has spoken."""
    member, row = meeting_of(request, pk)
    areas = list(Area.objects.visible_to(member).est().on(row.local_start.date()))
    mine = ColourVote.objects.filter(meeting=row, organisation_id=member.organisation_id)
    given = dict(mine.values_list("area_id", "colour"))
    form: forms.Form = VoteForm(request.POST or None, areas=areas, given=given)
    going_on = row.state == MeetingState.OPEN and row.vote == ColourVoting.OPEN
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                give_votes(meeting=row, colours=cast(VoteForm, form).colours(), by=member, now=timezone.now())
                messages.success(
                    request, _("Your organisation's colours are saved. They can be changed until they are shown.")
                )
                return redirect("meeting_follow", row.group.slug, row.pk)
            except NotAllowed:
                going_on, status = False, 409
    context = {"form": form, "meeting": row, "going_on": going_on, "meanings": colour_rows.meanings(row.group_id)}
    return render(request, "interventions/vote.html", context, status=status)


@require_http_methods(["GET", "POST"])
@require(Permission.MANAGE_SCHEDULE)
def meanings(request: HttpRequest) -> HttpResponse:
    """What the group means by green, yellow and red."""
    cast(Any, request).section = "settings"
    member = cast(Membership, cast(Any, request).member)
    form = MeaningsForm(request.POST or None, initial=dict(colour_rows.meanings(member.group_id)))
    if request.method == "POST" and form.is_valid():
        set_meanings(by=member, now=timezone.now(), meanings=form.cleaned_data)
        form.keep_overrides(on=member.group, by=member, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("colour_meanings", member.group.slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "interventions/meanings.html", {"form": form}, status=status)
