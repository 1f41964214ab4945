"""What every table of a group promises: how long its rows are kept, how it forgets an observation, what of it leaves.

Each app says so of its own tables in its `apps.py`. A start-up check refuses a table that nobody spoke for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model

from est_site import jobs, tenancy


@dataclass(frozen=True)
class Masked:
    """An observation whose words or pictures are to be destroyed, after its own row was emptied."""

    group_id: int
    incident_id: int
    words: bool
    pictures: bool
    now: datetime


Forgetter = Callable[[Masked], int]  # inside the transaction that masks -> how many copies went
File = Callable[[Any], tuple[str, str]]  # a row -> where its file lies below MEDIA_ROOT, and its SHA-256; "" for none


@dataclass(frozen=True)
class Promise:
    """What is said of one table. Where something does not apply, the reason stands in its place."""

    keep: str  # how long, and what ends it
    forget: Forgetter | str
    export: bool | str = True  # a reason: nothing of it leaves
    without: Mapping[str, str] = field(default_factory=dict)  # columns that stay here, each with its reason
    beside: tuple[str, ...] = ()  # what an id means that points out of the group's tables
    job: str = ""  # the kind of job that ends rows by their age
    file: File | None = None


_PROMISES: dict[str, Promise] = {}


def promise(app: str, **models: Promise) -> None:
    """Called in an app's `apps.py`, with the names of its models."""
    _PROMISES.update({f"{app}.{name.lower()}": said for name, said in models.items()})


def forget(masked: Masked) -> dict[str, int]:
    """How many copies went of each table that holds any."""
    forgetters = {name: said.forget for name, said in sorted(_PROMISES.items()) if not isinstance(said.forget, str)}
    return {name: forgetter(masked) for name, forgetter in forgetters.items()}


def tables() -> list[type[Model]]:
    """Every table of a group, in the order of their names."""
    rows = (model for model in apps.get_models(include_auto_created=True) if model._meta.managed)
    return sorted(
        (model for model in rows if model._meta.db_table not in tenancy.INSTALLATION_TABLES),
        key=lambda model: model._meta.label_lower,
    )


def promised() -> Iterator[tuple[type[Model], Promise]]:
    return ((model, _PROMISES[model._meta.label_lower]) for model in tables())


def leaving() -> Iterator[tuple[type[Model], Promise]]:
    """The tables that leave with their group."""
    return ((model, said) for model, said in promised() if said.export is True)


def faults() -> list[str]:
    """What a table leaves unsaid, and promises that nobody can hold."""
    found = []
    for model in tables():
        name, said = model._meta.label_lower, _PROMISES.get(model._meta.label_lower)
        if said is None:
            found.append(f"nobody says of {name} how long it is kept, how it forgets and what of it is exported")
            continue
        silent = [what for what in ("keep", "forget", "export") if not getattr(said, what)]
        found += [f"{name} does not say: {what}" for what in silent]
        if said.job and said.job not in jobs.KINDS:
            found.append(f"{name} is to be ended by {said.job}, which is no kind of job")
        strange = set(said.without) - {column.name for column in model._meta.concrete_fields}
        found += [f"{name} has no column {column} to leave out" for column in sorted(strange)]
    unknown = set(_PROMISES) - {model._meta.label_lower for model in tables()}
    return found + [f"{name} is promised for and is no table of a group" for name in sorted(unknown)]
