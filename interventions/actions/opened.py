"""What every write about a meeting may meet: that somebody wrote before."""

from __future__ import annotations


class Stale(Exception):
    """Somebody else wrote meanwhile: 409, both texts are shown and nothing is lost."""
