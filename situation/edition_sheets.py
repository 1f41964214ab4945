"""An edition as a sheet: one template, drawn for the screen or for the PDF, from what is frozen and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from est_site import jobs
from situation import ahead_words, edition_words, judged, papers, reporting, when, wording
from situation.judged import Judged
from situation.models import EditionFor, PictureEdition
from situation.verdicts import ALL

T = TypeVar("T")
ROWS = 16  # areas and kinds on a sheet: with more of them the rest is left to the page of the picture
AHEAD = 5  # lines of the coming week likewise


def in_groups_language(edition: PictureEdition, make: Callable[[PictureEdition], T]) -> T:
    """What is made to be read by others is in the group's language, whoever makes it."""
    with translation.override(edition.frozen["group"]["language"]), timezone.override(edition.group.zone):
        return make(edition)


def title(edition: PictureEdition) -> str:
    return title_of(edition.audience, edition_words.called(edition.frozen), edition.frozen["organisation"])


def title_of(audience: str, when: str, who: str) -> str:
    """What an edition is called, from its days in words and the organisation it is made for."""
    return {
        EditionFor.GROUP: _("Situation picture %(when)s"),
        EditionFor.ORGANISATION: _("Situation picture %(when)s, for %(who)s"),
        EditionFor.STEERING: _("Situation picture %(when)s, for the steering group"),
        EditionFor.PUBLIC: _("Observations %(when)s"),
    }[EditionFor(audience)] % {"when": when, "who": who}


def make_pdf(edition_id: int) -> bytes:
    """The PDF of an edition; the same bytes each time."""
    edition = PictureEdition.objects.select_related("group").filter(pk=edition_id).first()
    if edition is None:
        raise jobs.Hopeless("what it is made from is gone")
    called = in_groups_language(edition, title)
    html = in_groups_language(edition, lambda one: sheet(one, for_pdf=True))
    return papers.pdf(
        html,
        title=called,
        language=edition.frozen["group"]["language"],
        created=edition.cut_off,
        identifier=f"{called}, {edition.pk}",
    )


def sheet(edition: PictureEdition, *, for_pdf: bool = False) -> str:
    """The body as HTML in the active language."""
    frozen = edition.frozen
    parts = _public(frozen) if edition.audience == EditionFor.PUBLIC else _shared(edition, for_pdf)
    context = {
        "frozen": frozen,
        "title": title(edition),
        "made_for": _made_for(edition),
        "cut_off": datetime.fromisoformat(frozen["cut_off"]).astimezone(edition.group.zone),
        "frozen_at": edition.cut_off.astimezone(edition.group.zone),
        "edition": {"version": 1},
        "checksum": papers.checksum(frozen),
        "for_pdf": for_pdf,
        **parts,
    }
    return render_to_string("situation/edition_sheet.html", context)


def _made_for(edition: PictureEdition) -> str:
    return {
        EditionFor.GROUP: _("For the group's own members: not to be passed on."),
        EditionFor.ORGANISATION: _("For %(who)s: not to be passed on.") % {"who": edition.frozen["organisation"]},
        EditionFor.STEERING: _("For the steering group: not to be passed on."),
        EditionFor.PUBLIC: _("May be passed on: no positions, and small numbers are hidden."),
    }[EditionFor(edition.audience)]


def _public(frozen: dict[str, Any]) -> dict[str, Any]:
    known = frozen["public"]["known"]
    return {
        "sentences": edition_words.public_sentences(frozen),
        "told_areas": edition_words.areas(frozen) if known else [],
        "told_kinds": edition_words.kinds(frozen) if known else [],
    }


def _shared(edition: PictureEdition, for_pdf: bool) -> dict[str, Any]:
    frozen, picture = edition.frozen, edition.frozen["picture"]
    verdicts, called, weekly = Judged.of(picture), judged.names(picture), frozen["span"]["weekly"]
    steering = edition.audience == EditionFor.STEERING
    who = edition_words.answered(frozen) if steering else wording.coverage(picture["organisations"])
    said = judged.sentences(verdicts, called) if verdicts else []
    if steering and verdicts:
        said = [judged.by_chance(verdicts)]
    ahead = ahead_words.sentences(picture["ahead"]) if "ahead" in picture and not steering else []
    kinds = sorted((row for row in picture["category_totals"] if row[1]), key=lambda row: -row[1])
    return {
        "headline": judged.opening(picture, verdicts) if weekly else edition_words.headline(frozen),
        "own": edition_words.own(frozen) if "own" in frozen else "",
        "sentences": [who, *said, wording.outside(picture)],
        "reporting": reporting.sentences(picture) if weekly and not steering else [],
        "hours": _hours(picture),
        "ahead": ahead[:AHEAD],
        "more_ahead": max(0, len(ahead) - AHEAD),
        "areas": _areas(picture, verdicts, called)[:ROWS] if picture["heard"] else [],
        "more_areas": max(0, len(picture["area_totals"]) - ROWS),
        "kinds": [(called.kinds[id_], n, wording.mean_text(mean)) for id_, n, mean in kinds[:ROWS]],
        "judged": verdicts is not None,
        "map": papers.areas_map(picture, verdicts, group=edition.group, idn=f"edition-{edition.pk}", for_pdf=for_pdf),
    }


def _hours(picture: dict[str, Any]) -> list[str]:
    found = when.section(picture)
    return list(found["sentences"])[:1] if found else []


def _areas(picture: dict[str, Any], verdicts: Judged | None, called: judged.Names) -> list[dict[str, Any]]:
    rows = []
    ranked = sorted(picture["area_totals"], key=lambda row: (verdicts.rank(row[0]) if verdicts else 0, -row[1]))
    for area, count, mean in ranked:
        verdict = verdicts.get(area, ALL) if verdicts else None
        rows.append(
            {
                "name": called.areas[area],
                "count": count,
                "usual": (judged.interval(verdict) if verdict else "") or wording.mean_text(mean),
                "word": verdicts.word(verdict) if verdicts else "",
            }
        )
    return rows
