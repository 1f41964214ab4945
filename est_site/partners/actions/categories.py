"""The group's own tree of categories: two levels, in an order of its own, with the names they used to have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from est_site import audit
from est_site.partners import editing
from est_site.partners.models import Category, CategoryName, Group, Membership


@transaction.atomic
def add_category(
    *,
    by: Membership,
    name_sv: str,
    now: datetime,
    name_en: str = "",
    kind: str = "event",
    icon: str = "",
    parent: Category | None = None,
) -> Category:
    """A category last in its place; one under another has the kind of the one above."""
    Group.objects.select_for_update().get(pk=by.group_id)  # its place and its code are not somebody else's too
    if parent is not None and parent.parent_id is not None:
        raise ValidationError({"parent": _("There are two levels only. Choose a main category.")})
    siblings = Category.objects.filter(group=by.group, parent=parent)
    _name_is_free(siblings, name_sv)
    category = Category(
        group=by.group,
        parent=parent,
        kind=parent.kind if parent else kind,
        code=_code(by.group, name_en or name_sv),
        name_sv=name_sv.strip(),
        name_en=name_en.strip(),
        icon=icon,
        position=(siblings.aggregate(last=Max("position"))["last"] or 0) + 1,
    )
    category.full_clean(exclude=["parent"], validate_constraints=False)
    category.save()
    audit.append(what="category.add", by=by, on=category, now=now)
    return category


@transaction.atomic
def change_category(
    *, by: Membership, category: Category, version: int, name_sv: str, name_en: str, now: datetime, **limits: Any
) -> Category:
    """A former name is kept with the day it ended; the code stays, so figures go on.

    `limits` are a main category's near_metres and near_hours: how far apart two reports of one event may lie; and only_for,
    the organisations that may report it.
    """
    category = editing.lock(category, version)
    siblings = Category.objects.filter(group=category.group, parent=category.parent_id)
    _name_is_free(siblings.exclude(pk=category.pk), name_sv)
    former = CategoryName(
        group=category.group, category=category, name_sv=category.name_sv, name_en=category.name_en, until=now
    )
    changed = editing.save(category, name_sv=name_sv.strip(), name_en=name_en.strip(), **limits)
    if {"name_sv", "name_en"} & set(changed):
        former.save()
    audit.append(what="category.change", by=by, on=category, now=now, fields=changed)
    return category


@transaction.atomic
def move_category(*, by: Membership, category: Category, up: bool, now: datetime) -> Category:
    """One step up or down among its own; at the edge it stays where it is."""
    Group.objects.select_for_update().get(pk=category.group_id)
    rows = list(Category.objects.filter(group=category.group, parent=category.parent_id).active())
    here = next((n for n, row in enumerate(rows) if row.pk == category.pk), None)
    if here is None:
        raise ValidationError(_("This category is not in use."))
    there = min(max(here + (-1 if up else 1), 0), len(rows) - 1)
    rows[here], rows[there] = rows[there], rows[here]
    for position, row in enumerate(rows, start=1):
        row.position = position
    Category.objects.bulk_update(rows, ["position"])
    audit.append(what="category.move", by=by, on=category, now=now, fields=["position"])
    return category


@transaction.atomic
def retire_category(*, by: Membership, category: Category, version: int, now: datetime) -> Category:
    """Offered no longer, and neither is what lies under it; everything reported so far stays."""
    category = editing.lock(category, version)
    for child in Category.objects.filter(group=category.group, parent=category).active():
        editing.save(child, is_active=False)
    editing.save(category, is_active=False)
    audit.append(what="category.retire", by=by, on=category, now=now)
    return category


@transaction.atomic
def use_category(*, by: Membership, category: Category, version: int, now: datetime) -> Category:
    """Offered again, itself alone."""
    category = editing.lock(category, version)
    if category.parent is not None and not category.parent.is_active:
        raise ValidationError(_("First use %(name)s again, which it lies under.") % {"name": category.parent.name})
    editing.save(category, is_active=True)
    audit.append(what="category.use", by=by, on=category, now=now)
    return category


def _name_is_free(siblings: object, name: str) -> None:
    if siblings.filter(name_sv__iexact=name.strip()).exists():  # type: ignore[attr-defined]
        raise ValidationError(
            {"name_sv": _("There is already a category called %(name)s here.") % {"name": name.strip()}}
        )


def _code(group: Group, name: str) -> str:
    """A code nobody in the group has: from the name, with a number when it is taken."""
    stem = slugify(name)[:34] or "category"
    taken = set(Category.objects.filter(group=group, code__startswith=stem).values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := stem if n == 1 else f"{stem}-{n}") not in taken)
