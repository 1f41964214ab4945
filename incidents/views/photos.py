"""Photos: sent beside the form as soon as they are chosen, and shown to those who may see what they belong to."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from est_site.access import Permission, require
from est_site.partners import limits
from est_site.partners.models import Membership
from incidents import photos
from incidents.models import Photo
from incidents.photos.field import PhotosForm


@require_safe
@require(Permission.SEE_INCIDENTS, notes="photo.read")
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture itself: shown inside our pages, downloaded anywhere else."""
    member = cast(Membership, cast(Any, request).member)
    found = Photo.objects.visible_to(member).filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        data = photos.read(found)
    except (OSError, ValueError):
        raise Http404 from None
    response = HttpResponse(data, content_type="image/jpeg")
    response["Content-Disposition"] = f'attachment; filename="{found.pk}.jpg"'
    return response


@require_POST
@require(Permission.REPORT)
def report_photos(request: HttpRequest) -> HttpResponse:
    """Photos of a form that is not saved yet; the answer is the part of the form that shows them."""
    member, now = cast(Membership, cast(Any, request).member), timezone.now()
    form = PhotosForm(request.POST, request.FILES)
    wait = limits.spend("photo", member, now, len(request.FILES.getlist("photos")))
    if wait:
        form.add_error("photos", limits.sentence(wait))
    if form.is_valid():
        sent = {"client_uuid": form.cleaned_data["client_uuid"], "photos": form.cleaned_data["photos"]}
        photos.keep(by=member, now=now, **sent)
    number = form.cleaned_data.get("client_uuid")
    context = {"form": form, "waiting": photos.waiting(member, number) if number else [], "partial": True}
    return limits.told(render(request, "incidents/photos.html", context, status=422 if form.errors else 200), wait)
