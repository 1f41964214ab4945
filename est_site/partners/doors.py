"""The doors a new group starts with, and the ones a page shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from est_site.partners.models import Door, DoorKey, Group
from est_site.partners.models.doors import PHONES


def plant(group: Group) -> list[Door]:
    """The five of every group, for one whose walls we are inside."""
    rows = [Door(group=group, key=key, phone=PHONES.get(key, ""), position=n) for n, key in enumerate(DoorKey, start=1)]
    return Door.objects.bulk_create(rows)


def shown(request: HttpRequest) -> dict[str, Any]:
    """`doors` in templates: asked for only where they are shown."""
    member = getattr(request, "member", None)
    return {"doors": SimpleLazyObject(lambda: list(Door.objects.visible_to(member).shown()) if member else [])}
