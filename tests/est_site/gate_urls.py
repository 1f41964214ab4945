"""The installation's addresses, and views that do what no real view may."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from est_site import urls
from est_site.access import Permission, require
from est_site.partners.models import Place

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def add_place(request: HttpRequest) -> None:
    Place.objects.create(group=cast(Any, request).member.group, name="Kajen")


@require(Permission.REPORT)
def writes(request: HttpRequest, status: int) -> HttpResponse:
    add_place(request)
    return HttpResponse(status=status)


@require(Permission.REPORT)
def breaks(request: HttpRequest) -> HttpResponse:
    add_place(request)
    raise ZeroDivisionError


@require(Permission.REPORT)
def denies(request: HttpRequest, pk: int) -> HttpResponse:
    add_place(request)
    raise PermissionDenied


@require(Permission.REPORT)
def renders_later(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "403.html")


@require(Permission.REPORT)
def streams(request: HttpRequest) -> HttpResponse:
    return cast(HttpResponse, StreamingHttpResponse(place.name for place in Place.objects.all()))


def unmarked(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    *urls.urlpatterns,
    path("g/<slug:slug>/gate/writes/<int:status>/", writes),
    path("g/<slug:slug>/gate/breaks/", breaks),
    path("g/<slug:slug>/gate/denies/<int:pk>/", denies, name="denies"),
    path("g/<slug:slug>/gate/later/", renders_later),
    path("g/<slug:slug>/gate/streams/", streams),
    path("gate/unmarked/", unmarked),
]
