"""Kinds of jobs that last as long as a test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from est_site import jobs


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, jobs.Work], None]:
    """Register a kind of job for the length of a test."""
    monkeypatch.setattr(jobs, "KINDS", dict(jobs.KINDS))

    def add(name: str, work: jobs.Work, **options) -> None:
        jobs.register(name, safe_twice=True, **options)(work)

    return add


@pytest.fixture
def done(kind) -> list[int]:
    """What jobs of the kind `note` have done: the ids they were given, in order."""
    notes: list[int] = []
    kind("note", lambda job, now: notes.append(jobs.subject(job, "n")))
    return notes
