"""How the tables of the house and of this room keep, forget and hand over."""

from __future__ import annotations

from est_site.models import Document
from est_site.partners.keeping import Promise, promise

WITH_GROUP = "as long as the group"
NOTHING_OF_OBSERVATIONS = "nothing of an observation stands here"
IDS = "holds ids and kinds, nothing that was written"
HISTORY = "as long as the group: older observations are shown and counted by it"


def document_file(row: Document) -> tuple[str, str]:
    return row.path, row.sha256


def fill() -> None:
    promise(
        "est_site",
        job=Promise(WITH_GROUP, IDS),
        auditevent=Promise("as long as the group: a chain has no end to cut", IDS),
        audithead=Promise(
            "as long as the chain",
            IDS,
            export="only the function that appends may read it; the last event says the same",
        ),
        accessevent=Promise("as long as the group: sealed into the chain", IDS),
        document=Promise(
            "as long as the group: minutes are preserved",
            "made from frozen figures and the meeting's own words; an observation's words are never frozen",
            file=document_file,
        ),
        notification=Promise(WITH_GROUP, IDS),
        guardoverride=Promise(WITH_GROUP, "kinds, a count and a chosen reason; never the text"),
    )
    promise(
        "partners",
        organisation=Promise(WITH_GROUP, NOTHING_OF_OBSERVATIONS),
        membership=Promise(
            "as long as the group: what somebody did carries it",
            NOTHING_OF_OBSERVATIONS,
            beside=("user__name", "user__email"),
        ),
        category=Promise(HISTORY, NOTHING_OF_OBSERVATIONS),
        categoryname=Promise(HISTORY, NOTHING_OF_OBSERVATIONS),
        question=Promise(HISTORY, NOTHING_OF_OBSERVATIONS),
        door=Promise("until the coordinator takes it away", NOTHING_OF_OBSERVATIONS),
        period=Promise(HISTORY, NOTHING_OF_OBSERVATIONS),
        area=Promise(HISTORY, NOTHING_OF_OBSERVATIONS),
        place=Promise(HISTORY, NOTHING_OF_OBSERVATIONS),
    )
