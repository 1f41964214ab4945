"""How the tables of this room keep, forget and hand over: the register of `keeping`, filled."""

from __future__ import annotations

from est_site.partners import sheets
from est_site.partners.keeping import Masked, Promise, promise
from incidents import batch_actions, photos, police
from incidents.actions.masking import WRITTEN
from incidents.models import HeldRow, HeldState, ImportFile, Incident, IncidentChange, Photo
from incidents.reading import content_digest

EMPTY = ["", ""]
IDS = "holds ids and figures, nothing that was written"
WITH_GROUP = "as long as the group: the years that a picture is compared with"


def history(masked: Masked) -> int:
    """Each change that carried the words stays, without them."""
    if not masked.words:
        return 0
    gone = 0
    for change in IncidentChange.objects.filter(group_id=masked.group_id, incident_id=masked.incident_id):
        said = [name for name in WRITTEN if name in change.fields]
        if said:
            change.fields |= dict.fromkeys(said, EMPTY)
            change.save(update_fields=["fields"])
            gone += 1
    return gone


def pictures(masked: Masked) -> int:
    if not masked.pictures:
        return 0
    rows = list(Photo.objects.filter(group_id=masked.group_id, incident_id=masked.incident_id))
    for photo in rows:
        photos.destroy(photo)
    return len(rows)


def held_rows(masked: Masked) -> int:
    """The same row of the same source that waits in the quarantine is dropped with its words."""
    incident = _from_elsewhere(masked)
    if incident is None:
        return 0
    rows = HeldRow.objects.filter(
        group_id=masked.group_id, organisation_id=incident.organisation_id, source_id=incident.source_id
    )
    waiting = list(rows.filter(state=HeldState.HELD).select_for_update(of=("self",)))
    batch_actions.settle(waiting, HeldState.DROPPED, None, masked.now)
    return len(waiting)


def waiting_files(masked: Masked) -> int:
    """A file that still waits and holds the same row goes as a whole: it can be sent again, and that row is known."""
    incident = _from_elsewhere(masked)
    if incident is None:
        return 0
    said = (
        incident.source_id.partition(":")[2] or incident.source_id
    )  # a file's ids have the mapping's name before them
    files = ImportFile.objects.filter(group_id=masked.group_id, organisation_id=incident.organisation_id)
    gone = [file.pk for file in files.exclude(content=b"").iterator(chunk_size=1) if holds(bytes(file.content), said)]
    ImportFile.objects.filter(group_id=masked.group_id, pk__in=gone).delete()
    return len(gone)


def _from_elsewhere(masked: Masked) -> Incident | None:
    """The observation when its words came from a file or a system, and are to go."""
    rows = Incident.objects.filter(group_id=masked.group_id, pk=masked.incident_id).exclude(source_id="")
    return rows.first() if masked.words else None


def holds(content: bytes, source_id: str) -> bool:
    """Whether a row of the file has the id, in any column or, where the file has no ids, by what the row says."""
    try:
        sheet = police.with_titles(sheets.open_sheet(content, max_rows=None))
    except sheets.Unreadable:
        return True  # what cannot be looked through cannot be cleared
    digest = source_id.partition("-")[0]
    return any(
        source_id in cells or content_digest(dict(zip(sheet.header, cells, strict=False))) == digest
        for _line, cells in sheet.records
    )


def fill() -> None:
    promise(
        "incidents",
        incident=Promise(WITH_GROUP, "the row itself: what masks empties it before it asks anybody else"),
        incidentchange=Promise(WITH_GROUP, history),
        sighting=Promise(WITH_GROUP, IDS),
        notsame=Promise(WITH_GROUP, IDS),
        calmreport=Promise(WITH_GROUP, IDS),
        photo=Promise(
            "with its observation; a day when the form was never saved",
            pictures,
            job="photos.sweep",
            file=photos.file_of,
        ),
        draft=Promise(
            "a day, or until the form is saved",
            "what was begun is gone when it is saved: it never holds an observation that is there",
            export="one person's unfinished form, gone tomorrow",
            job="drafts.sweep",
        ),
        importfile=Promise(
            "a day", waiting_files, export="a file that waits to be taken in, gone tomorrow", job="import.forget"
        ),
        heldrow=Promise(
            "the words thirty days, the id as long as the group",
            held_rows,
            without={"words": "may point at a person, and nobody has looked yet"},
            job="import.purge",
        ),
        importbatch=Promise(WITH_GROUP, IDS),
        savedfilter=Promise(
            "as long as the person's seat",
            "what somebody asks the list for, not what anybody reported",
            export="one person's own; nobody else of the group sees it either",
            job="filters.sweep",
        ),
        savedmapping=Promise("until the organisation names it anew", "names of columns and values, no rows"),
        apitoken=Promise(
            "as long as the group; useless once it is revoked",
            IDS,
            without={"digest": "a secret's trace helps nobody outside this installation"},
        ),
        apianswer=Promise(
            "a day, cleared when the token is used again",
            "ids and words of ours, nothing that was sent",
            export="an answer to a request, so that it can be sent again within a day",
        ),
    )
