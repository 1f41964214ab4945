"""How often a person may do what costs: counted in the cache, and open when the cache is gone.

The sign-in has limits of its own that stay shut (`sign_in`). Partners' systems are counted in their token's row, and that is
right beside this: the row is locked and written with each request anyhow, since it says when the token was last used; a
machine does not tire, so its limit must hold without the cache too; and it counts tokens, where this counts persons.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext
from redis.exceptions import RedisError

from est_site.partners.models import Membership

log = logging.getLogger(__name__)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MOST = {  # what -> how many of one person within how long
    "photo": (30, HOUR),
    "export": (20, HOUR),
    "import": (10, HOUR),
    "edition": (20, HOUR),  # each reads a year of observations, and keeps a worker busy with a file
}


def allowed(what: str) -> tuple[int, timedelta]:
    """A table of observations, or what was kept offline, is one."""
    return (settings.REPORTS_A_MINUTE, MINUTE) if what == "observation" else MOST[what]


def spend(what: str, member: Membership, now: datetime, n: int = 1) -> int:
    """Count these, and say how many seconds to wait: 0 when there is room. The time runs from the first of them."""
    most, per = allowed(what)
    seconds, at = int(per.total_seconds()), now.timestamp()
    key = f"limit:{what}:{member.user_id}"
    if not n:
        return 0
    try:
        start = cache.get_or_set(key, at, seconds) or at
        if not 0 <= at - start < seconds:
            start = at
            cache.set(key, start, seconds)
        counted = f"{key}:{start}"
        cache.add(counted, 0, seconds)
        used = cache.incr(counted, n)
    except (RedisError, OSError, ValueError):
        log.warning("limits cannot be counted")
        return 0
    return 0 if used <= most else max(1, math.ceil(start + seconds - at))


def sentence(wait: int) -> str:
    return ngettext(
        "That was a lot in a short time. Nothing was saved. Wait %(n)s second, then send it again.",
        "That was a lot in a short time. Nothing was saved. Wait %(n)s seconds, then send it again.",
        wait,
    ) % {"n": wait}


def told(response: HttpResponse, wait: int) -> HttpResponse:
    """429 and when to come again, if there is something to wait for."""
    if wait:
        response.status_code = 429
        response["Retry-After"] = str(wait)
    return response


def limited(what: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Inside the gate, around a view that hands out a file."""

    def around(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            wait = spend(what, request.member, timezone.now())  # type: ignore[attr-defined]
            return told(render(request, "429.html", {"wait": wait}), wait) if wait else view(request, *args, **kwargs)

        return counted

    return around
