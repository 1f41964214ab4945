"""The gate of partners' systems: who asks, how often, and whether the same was asked before.

A token names its group, so that it can be looked for inside that group's walls; everything after that happens in one
transaction inside them, and is rolled back on any answer of 400 or above.
"""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja.security import HttpBearer

from est_site import jobs, logs, tenancy
from est_site.access import TOKEN
from est_site.models import Job
from incidents.api import problems
from incidents.models import ApiAnswer, ApiToken
from incidents.token_actions import digest_of

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
REMEMBERED = timedelta(hours=24)
SWEEP = "api.sweep"
KEY_LIMIT = 100


class Bearer(HttpBearer):
    """The token was looked up by the gate; here its scope is."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found: ApiToken = cast(Any, request).token
        if self.scope not in found.scopes:
            raise Refused(403, _("The token may not do this: it lacks the scope %(scope)s.") % {"scope": self.scope})
        return found


class Refused(Exception):
    def __init__(self, status: int, error: str, **headers: str) -> None:
        super().__init__(error)
        self.status, self.error, self.headers = status, error, headers


def refusal(request: HttpRequest, refused: Any) -> HttpResponse:
    response = problems.answer(refused.status, refused.error)
    for name, value in refused.headers.items():
        response[name.replace("_", "-")] = value
    return response


def gated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return _answered(request, view, *args, **kwargs)
        except Refused as refused:
            return refusal(request, refused)
        except Exception:
            log.exception("a partner's request failed")
            return problems.answer(500, _("Something is wrong on our side. Nothing was saved; try again later."))

    marked = cast(Any, csrf_exempt(login_not_required(gate)))
    marked.access = TOKEN
    return cast(Callable[..., HttpResponse], marked)


def _answered(request: HttpRequest, view: Callable[..., HttpResponse], *args: Any, **kwargs: Any) -> HttpResponse:
    now = timezone.now()
    token = _who(request, now)
    try:
        body = request.body
    except RequestDataTooBig:
        raise Refused(413, _("The request is larger than 2.5 MB. Divide it.")) from None
    cast(Any, request).token = token
    key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
    if key is not None and not (0 < len(key) <= KEY_LIMIT and key.isprintable()):
        raise Refused(422, _("Idempotency-Key may have 1 to %(most)s characters.") % {"most": KEY_LIMIT})
    asked = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + body).hexdigest()
    with tenancy.inside(token.group_id), timezone.override(token.group.zone):
        before = _before(token, key, asked, now) if key is not None else None
        if before is not None:
            return before
        response = view(request, *args, **kwargs)
        if response.status_code >= 400:
            transaction.set_rollback(True)
        elif key is not None:
            remember(token, key, asked, response, now)
    return response if response.status_code != 405 else _not_allowed(response)


def _not_allowed(response: HttpResponse) -> HttpResponse:
    answer = problems.answer(405, _("This address does not take that method."))
    answer["Allow"] = response["Allow"]
    return answer


def _who(request: HttpRequest, now: datetime) -> ApiToken:
    """The token of the request, counted; in a transaction of its own, so that a refusal counts as well."""
    scheme, _space, said = request.headers.get("Authorization", "").partition(" ")
    group = said.removeprefix("est_").partition("_")[0]
    unknown = Refused(401, _("The token is missing, unknown or revoked."), WWW_Authenticate="Bearer")
    if scheme.lower() != "bearer" or not (group.isascii() and group.isdigit() and len(group) < 18):
        raise unknown
    with tenancy.inside(int(group)):
        rows = ApiToken.objects.select_for_update(of=("self",)).select_related("organisation", "group")
        token = rows.filter(
            group_id=int(group), digest=digest_of(said.strip()), revoked_at=None, organisation__is_active=True
        ).first()
        if token is None:
            raise unknown
        logs.bind(group_id=token.group_id)
        if token.minute is None or now - token.minute >= MINUTE or token.minute > now:
            token.minute, token.asked = now, 0
        if token.asked >= settings.API_A_MINUTE:
            wait = math.ceil((token.minute + MINUTE - now).total_seconds())
            error = _("More than %(most)s requests within a minute. Wait a little.") % {"most": settings.API_A_MINUTE}
            raise Refused(429, error, Retry_After=str(max(1, wait)))
        token.asked, token.last_used_at = token.asked + 1, now
        token.save(update_fields=["minute", "asked", "last_used_at"])
    return token


def _before(token: ApiToken, key: str, asked: str, now: datetime) -> HttpResponse | None:
    """The answer that was given to this key; the lock ends with the transaction."""
    lock = int.from_bytes(hashlib.sha256(f"{token.pk}:{key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        row = cursor.fetchone()
    if not row[0]:
        raise Refused(409, _("The same request is being answered right now. Wait for that answer."))
    own = ApiAnswer.objects.filter(group_id=token.group_id, token=token)
    own.filter(at__lt=now - REMEMBERED).delete()
    found = own.filter(key=key).first()
    if found is None:
        return None
    if found.digest != asked:
        raise Refused(422, _("This Idempotency-Key was used for another request. Choose a new one."))
    return HttpResponse(found.body, status=found.status, content_type="application/json; charset=utf-8")


def remember(token: ApiToken, key: str, asked: str, response: HttpResponse, now: datetime) -> None:
    ApiAnswer.objects.create(
        group_id=token.group_id,
        token=token,
        key=key,
        digest=asked,
        status=response.status_code,
        body=response.content.decode(),
        at=now,
    )
    day = now.date().isoformat()
    at = now + REMEMBERED + timedelta(hours=1)
    jobs.due(SWEEP, group_id=token.group_id, key=f"{SWEEP}:{day}", at=at)


def sweep(job: Job, now: datetime) -> None:
    """Away with what systems that ask no more were answered. A second run finds none."""
    ApiAnswer.objects.filter(group_id=job.group_id, at__lt=now - REMEMBERED).delete()
