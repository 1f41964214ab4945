"""What the layers of the map say in words: what a repeat place is called, and what is not drawn or not listed."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from situation import positions, repeats


def cut(many: int, listed: int) -> list[str]:
    """That a list is longer than is shown."""
    return [_("The first %(n)s of %(all)s are listed.") % {"n": listed, "all": many}] if many > listed else []


def called(one: repeats.Repeat) -> str:
    if one.place:
        return one.place.name
    if one.near:
        return _("a spot %(m)s m from %(place)s") % {"m": number_format(one.metres), "place": one.near.name}
    return _("a spot without a name")


def unplaced(known: positions.Positions) -> list[str]:
    """What has no exact position is said, not dropped."""
    unknown, about = known.unknown[2], sum(one.counts[2] for one in known.about)
    said = []
    if unknown:
        said.append(
            ngettext(
                "%(n)s of %(all)s over 13 weeks has no position.",
                "%(n)s of %(all)s over 13 weeks have no position.",
                unknown,
            )
            % {"n": unknown, "all": known.total[2]}
        )
    if about:
        said.append(
            ngettext(
                "%(n)s is inside a building or known only about, and is in no repeat place.",
                "%(n)s are inside a building or known only about, and are in no repeat place.",
                about,
            )
            % {"n": about}
        )
    return said
