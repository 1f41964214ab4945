"""What is known of the colours of a meeting: what they mean, what was said before, and what the vote says."""

from __future__ import annotations

from django.db.models import Count

from situation.models import Assessment, Colour, ColourMeaning, ColourVote, ColourVoting, Meeting

Tally = dict[int, dict[str, int]]  # area -> colour -> how many organisations


def meanings(group_id: int) -> list[tuple[str, str]]:
    """Each colour that the group has given a meaning, with it, green first."""
    said = dict(ColourMeaning.objects.filter(group_id=group_id).values_list("colour", "text"))
    return [(colour.value, said[colour.value]) for colour in Colour if colour.value in said]


def before(meeting: Meeting) -> dict[int, str]:
    """The colour each area was given last, before this meeting."""
    rows = Assessment.objects.filter(group_id=meeting.group_id, meeting__starts_at__lt=meeting.starts_at)
    latest = rows.order_by("area_id", "-meeting__starts_at").distinct("area_id")
    return dict(latest.values_list("area_id", "colour"))


def voted(meeting: Meeting) -> int:
    """How many organisations have said something."""
    found = ColourVote.objects.filter(meeting=meeting).aggregate(n=Count("organisation", distinct=True))
    return int(found["n"])


def tally(meeting: Meeting) -> Tally:
    """How many organisations said which colour of each area; nothing until it is shown."""
    counted: Tally = {}
    if meeting.vote != ColourVoting.SHOWN:
        return counted
    votes = ColourVote.objects.filter(meeting=meeting).values_list("area_id", "colour").annotate(n=Count("pk"))
    for area, colour, n in votes.order_by("area_id", "colour"):
        counted.setdefault(area, {})[colour] = n
    return counted
