"""Start-up checks of the picture."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security)
def tiles_have_an_address(**_kwargs: Any) -> list[Error]:
    """The background's address holds the tile's numbers, and is our own or fetched over https."""
    url = settings.TILE_URL
    if not url:
        return []
    faults = [name for name in ("{z}", "{x}", "{y}") if name not in url]
    safe = (url.startswith("/") and not url.startswith("//")) or urlsplit(url).scheme == "https" or settings.DEMO
    return [
        *([Error(f"EST_TILE_URL lacks {', '.join(faults)}", id="situation.E001")] if faults else []),
        *([] if safe else [Error("EST_TILE_URL must begin with https:// or with /", id="situation.E002")]),
    ]
