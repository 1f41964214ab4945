"""The agenda and the minutes as pages: one template, drawn for the screen or for the PDF, from an edition's frozen content."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from est_site import jobs
from est_site.charts import Bar, bars
from interventions import archive, editions, minutes
from interventions.models import Channel, DecisionKind, Edition, EditionFor, EditionKind, ItemKind
from situation import edition_words, judged, papers, presence_words, when
from situation.judged import Judged
from situation.verdicts import ALL

AGENDA = "interventions/agenda_sheet.html"
MINUTES = "interventions/minutes_sheet.html"
TEMPLATES: dict[str, str] = {
    EditionFor.PUBLIC: "interventions/minutes_public.html",
    EditionFor.ANNEX: "interventions/minutes_annex.html",
}  # of the editions that are pages of their own; the others are set as the group's minutes


def make_pdf(edition_id: int) -> bytes:
    """The PDF of an edition in the group's language; the same bytes each time."""
    edition = Edition.objects.select_related("meeting__group", "organisation").filter(pk=edition_id).first()
    if edition is None:
        raise jobs.Hopeless("what it is made from is gone")
    language = edition.frozen["group"]["language"]
    with translation.override(language), timezone.override(edition.meeting.group.zone):
        title = minutes.title_of(edition)
        html = sheet(edition, for_pdf=True)
        marks = _marks(edition.frozen)
    data = papers.pdf(
        html,
        title=title,
        language=language,
        created=edition.frozen_at,
        identifier=f"{title}, {edition.version}",
    )
    if edition.audience == EditionFor.ARCHIVE:
        return archive.finish(data, editions.as_data(edition.frozen), marks=marks, created=edition.frozen_at)
    return data


def sheet(edition: Edition, *, for_pdf: bool = False) -> str:
    """The document's body as HTML in the active language."""
    frozen, agenda = edition.frozen, edition.kind == EditionKind.AGENDA
    parts = _agenda_parts if agenda else PARTS.get(edition.audience, _minutes_parts)
    context = {
        "edition": edition,
        "frozen": frozen,
        "title": minutes.title_of(edition),
        "made_for": _made_for(edition),
        "marks": _marks(frozen),
        "starts_at": datetime.fromisoformat(frozen["meeting"]["starts_at"]),
        "frozen_at": edition.frozen_at.astimezone(edition.meeting.group.zone),
        "first_day": date.fromisoformat(frozen["period"]["first_day"]),
        "last_day": date.fromisoformat(frozen["period"]["last_day"]),
        "checksum": papers.checksum(frozen),
        "for_pdf": for_pdf,
        "picture": picture_part(edition, for_pdf=for_pdf),
        **parts(frozen, edition),
    }
    template = AGENDA if agenda else TEMPLATES.get(edition.audience, MINUTES)
    return render_to_string(template, context)


def _made_for(edition: Edition) -> str:
    """Who may read it, in a sentence; nothing on the group's own."""
    who = edition.organisation.name if edition.organisation else ""
    said: dict[str, str] = {
        EditionFor.OWN: _("For %(who)s: not to be passed on.") % {"who": who},
        EditionFor.STEERING: _("For the steering group: not to be passed on."),
        EditionFor.PUBLIC: _("May be passed on: no positions, and small numbers are hidden."),
        EditionFor.ANNEX: _("For %(who)s alone: nobody else in the group reads it.") % {"who": who},
    }
    return said.get(edition.audience, "")


def _marks(frozen: dict[str, Any]) -> dict[str, str]:
    """What a registry asks for, in words; only of the archive's edition."""
    marks = frozen.get("archive")
    if not marks:
        return {}
    return {
        "diary": marks["diary"] or _("no diary number"),
        "record": _("minutes"),
        "retention": _("preserved, not thinned out"),
    }


def _calm(organisation: dict[str, Any]) -> str:
    """Who said that it was calm, and of which areas when not of all."""
    areas = organisation.get("calm_in")
    return f"{organisation['name']} ({', '.join(areas)})" if areas else str(organisation["name"])


def picture_part(edition: Edition, *, for_pdf: bool) -> dict[str, Any] | None:
    """The situation picture inside a document: sentence, table by area, map and one chart."""
    picture = edition.frozen.get("picture")
    if not picture:
        return None
    verdicts, called = Judged.of(picture), judged.names(picture)
    rows = [
        {"name": called.areas[area], "count": count, "mean": mean, **_judged_row(verdicts, area)}
        for area, count, mean in picture["area_totals"]
    ]
    kinds = sorted(picture["category_totals"], key=lambda row: -row[1])
    count, mean = picture["total"]
    heard = [o for o in picture["organisations"] if o["state"] != "silent"]
    named = [o for o in picture["organisations"] if o["name"]]  # the steering group's picture names nobody
    return {
        "count": count,
        "mean": mean,
        "baseline": len(picture["baseline"]),
        "cut_off": datetime.fromisoformat(picture["cut_off"]).astimezone(edition.meeting.group.zone),
        "rows": rows,
        "said": _said(verdicts, called, edition) if verdicts else {},
        "heard": len(heard),
        "organisations": len(picture["organisations"]),
        "calm": [_calm(o) for o in named if o["state"] == "calm"],
        "silent": [o["name"] for o in named if o["state"] == "silent" and o["expected"]],
        "also": also(picture),
        "map": papers.areas_map(
            picture,
            verdicts,
            group=edition.meeting.group,
            idn=f"map-{edition.pk}",
            for_pdf=for_pdf,
            empty=_("No areas have been drawn."),
        ),
        "chart": bars(
            [Bar(called.kinds[id_], n, str(n)) for id_, n, _mean in kinds if n],
            idn=f"kinds-{edition.pk}",
            title=_("Observations by kind"),
            empty=_("No observations in the period."),
            for_pdf=for_pdf,
        ),
    }


def also(picture: dict[str, Any]) -> list[str]:
    """When it happened, and who was there beside that; each one paragraph, and nothing where there is nothing to say."""
    return [" ".join(said) for said in (when.brief(picture), presence_words.brief(picture)) if said]


def _judged_row(verdicts: Judged | None, area: int | None) -> dict[str, Any]:
    """The normal interval and the word of an area; nothing where nothing is judged."""
    if verdicts is None:
        return {}
    verdict = verdicts.get(area, ALL)
    return {"normal": judged.interval(verdict) if verdict else "", "word": verdicts.word(verdict)}


def _said(verdicts: Judged, called: judged.Names, edition: Edition) -> dict[str, str]:
    """What differs, as the picture's own page says it; the agenda lists it as its reasons further down."""
    listed = edition.kind == EditionKind.AGENDA and not verdicts.changed
    sentences = [judged.by_chance(verdicts)] if listed else judged.sentences(verdicts, called)
    return {"headline": judged.opening(edition.frozen["picture"], verdicts), "rest": " ".join(sentences)}


def _public_parts(frozen: dict[str, Any], edition: Edition) -> dict[str, Any]:
    known = frozen["public"] and frozen["public"]["known"]
    return {
        "decisions": [_dated(line) for line in frozen["decisions"]],
        "sentences": edition_words.public_sentences(frozen) if frozen["public"] else [],
        "told_areas": edition_words.areas(frozen) if known else [],
        "told_kinds": edition_words.kinds(frozen) if known else [],
    }


def _annex_parts(frozen: dict[str, Any], edition: Edition) -> dict[str, Any]:
    return {
        "items": [item | {"title": _title(item)} for item in frozen["items"]],
        "follow_up": [_dated(line) | {"word": DecisionKind(line["kind"]).label} for line in frozen["follow_up"]],
        "decisions": [_dated(line) for line in frozen["decisions"]],
    }


def _own_parts(frozen: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """The minutes, and what the organisation has to do itself."""
    parts, name = _minutes_parts(frozen, edition), frozen["own"]["name"]
    told = ("decisions", "follow_up", "information")
    return parts | {"mine": {part: [line for line in parts[part] if line["who"] == name] for part in told}}


PARTS: dict[str, Callable[[dict[str, Any], Edition], dict[str, Any]]] = {
    EditionFor.PUBLIC: _public_parts,
    EditionFor.ANNEX: _annex_parts,
    EditionFor.OWN: _own_parts,
}


def _minutes_parts(frozen: dict[str, Any], edition: Edition) -> dict[str, Any]:
    zone = edition.meeting.group.zone
    colours: dict[str, list[str]] = {"red": [], "yellow": [], "green": []}
    for line in frozen["colours"]:
        colours[line["colour"]].append(line["name"])
    return {
        "items": _items(frozen),
        "round": frozen.get("round", []),
        "corrections": [
            one | {"at": datetime.fromisoformat(one["at"]).astimezone(zone)} for one in frozen.get("corrections", [])
        ],
        "parked": [_title(item) for item in frozen.get("parked", ())],
        "information": [
            _dated(line) | {"way": Channel(line["channel"]).label} for line in frozen.get("information", ())
        ],
        "present": [_there(line) for line in frozen["attendance"] if line["present"]],
        "quorum": _quorum(frozen["attendance"]),
        "absent": [line["name"] for line in frozen["attendance"] if not line["present"]],
        "follow_up": [_dated(line) | {"word": DecisionKind(line["kind"]).label} for line in frozen["follow_up"]],
        "decisions": [_dated(line) for line in frozen["decisions"]],
        "votes": [said for line in frozen["colours"] if (said := vote_said(line["name"], line.get("votes", {})))],
        "colours": [(colour, ", ".join(names)) for colour, names in colours.items() if names],
        "closed_at": _confirmed_at(edition).astimezone(zone),
        "adjusted": [
            one | {"at": datetime.fromisoformat(one["at"]).astimezone(zone)} for one in frozen.get("adjusted", ())
        ],
        "in_short": in_short(frozen),
        **_held(frozen, edition),
    }


def _confirmed_at(edition: Edition) -> datetime:
    """When the coordinator confirmed what is said: of what is drawn from the minutes, when those were closed."""
    closed = edition.frozen["closed_at"]
    if edition.audience == EditionFor.GROUP or not closed:
        return edition.frozen_at
    return datetime.fromisoformat((edition.frozen.get("corrections") or [{"at": closed}])[-1]["at"])


def _items(frozen: dict[str, Any]) -> list[dict[str, Any]]:
    """The paragraphs, numbered and named."""
    items = minutes.items_of(frozen)
    return [item | {"number": n, "title": _title(item)} for n, item in enumerate(items, start=1)]


def _title(item: dict[str, Any]) -> str:
    return item.get("heading") or str(ItemKind(item["kind"]).label)


def _there(line: dict[str, Any]) -> str:
    return _("%(name)s (stand-in)") % {"name": line["name"]} if line.get("stand_in") else str(line["name"])


def _quorum(attendance: list[dict[str, Any]]) -> str:
    """How many of the group's organisations were there, and whether that is more than half."""
    there, of = sum(line["present"] for line in attendance), len(attendance)
    if not there:
        return ""
    if 2 * there > of:
        said = _("%(n)d of %(all)d organisations were there, more than half.")
    else:
        said = _("%(n)d of %(all)d organisations were there, not more than half.")
    return said % {"n": there, "all": of}


def vote_said(area: str, votes: dict[str, int]) -> str:
    """What the organisations said of an area before anybody had spoken; nothing where none did."""
    said = {"green": _("%(n)d green"), "yellow": _("%(n)d yellow"), "red": _("%(n)d red")}
    told = ", ".join(said[colour] % {"n": votes[colour]} for colour in said if votes.get(colour))
    return f"{area}: {told}" if told else ""


def _held(frozen: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """When the sitting was opened and closed, beside when it was planned."""
    if not (frozen["opened_at"] and frozen["closed_at"]):
        return {}
    zone = edition.meeting.group.zone
    opened, ended = (datetime.fromisoformat(frozen[name]).astimezone(zone) for name in ("opened_at", "closed_at"))
    planned = datetime.fromisoformat(frozen["meeting"]["starts_at"])
    return {"opened_at": opened, "ended_at": ended, "as_planned": opened.date() == ended.date() == planned.date()}


def in_short(frozen: dict[str, Any]) -> str:
    """The one sentence under the title: how many observations, who was heard, how many decisions."""
    parts = []
    picture = frozen.get("picture")
    if picture:
        count = picture["total"][0]
        parts.append(ngettext("%(n)d observation.", "%(n)d observations.", count) % {"n": count})
        heard = sum(o["state"] != "silent" for o in picture["organisations"])
        parts.append(
            _("%(heard)d of %(all)d organisations said something.")
            % {"heard": heard, "all": len(picture["organisations"])}
        )
    started, followed = len(frozen["decisions"]), len(frozen["follow_up"])
    parts.append(ngettext("%(n)d new decision.", "%(n)d new decisions.", started) % {"n": started})
    parts.append(ngettext("%(n)d followed up.", "%(n)d followed up.", followed) % {"n": followed})
    return " ".join(parts)


def _agenda_parts(frozen: dict[str, Any], edition: Edition) -> dict[str, Any]:
    items = []
    for n, item in enumerate(frozen["items"], start=1):
        items.append(
            {
                "number": n,
                "title": _title(item),
                "kind": item["kind"],
                "minutes": item["minutes"],
                "reasons": [_dated(reason) for reason in item["reasons"]],
            }
        )
    return {"items": items, "minutes_in_all": sum(item["minutes"] for item in frozen["items"])}


def _dated(line: dict[str, Any]) -> dict[str, Any]:
    """The line with its days as dates, for the template to word."""
    days = ("first_day", "last_day", "follow_up_on", "due_on")
    return line | {day: date.fromisoformat(line[day]) for day in days if line.get(day)}
