"""Health, for the machines that restart us and send us traffic; to anybody else there is no such page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import wraps
from ipaddress import ip_address, ip_network

import redis
from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from est_site.access import public

log = logging.getLogger(__name__)
WITHIN = 1.5  # seconds; a database that hangs is down, and the answer must come within two
# One asks at a time: while a database hangs, those who ask later do not pile up connections to it.
_asking = ThreadPoolExecutor(1, thread_name_prefix="ready")

View = Callable[[HttpRequest], HttpResponse]


def _from_inside(view: View) -> View:
    """404 for whoever asks from outside EST_HEALTH_FROM."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not _listed(_address(request)):
            raise Http404
        return view(request)

    return guarded


def _address(request: HttpRequest) -> str:
    """Who asks; behind our proxy the last address it wrote down itself."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.BEHIND_PROXY and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _listed(address: str) -> bool:
    try:
        asker = ip_address(address)
    except ValueError:
        return False
    return any(asker in ip_network(network) for network in settings.HEALTH_FROM)


@require_safe
@public("health for the machine that restarts us; touches nothing")
@_from_inside
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@public("health for the machine that sends us traffic")
@_from_inside
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; a broker that is gone is only `degraded`."""
    answer: Future[None] = _asking.submit(_ask_database)
    try:
        answer.result(WITHIN)
    except Exception as error:  # noqa: BLE001  whatever it is, there is no database to work with
        answer.cancel()
        log.warning("not ready: %s", type(error).__name__)
        return JsonResponse({"ready": False}, status=503)
    return JsonResponse({"ready": True, "degraded": not _broker_answers()})


def _ask_database() -> None:
    """On a connection of its own: one that is open already says nothing about the next."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def _broker_answers() -> bool:
    try:
        client = redis.Redis.from_url(settings.REDIS_URL, **settings.REDIS_TIMEOUTS)
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
