"""How the tables of this room keep, forget and hand over."""

from __future__ import annotations

from est_site.partners.keeping import Promise, promise

PRESERVED = "as long as the group: decisions and minutes are preserved"
OWN_WORDS = "words of the meeting, each through the guard; an observation's words are never copied here"


def fill() -> None:
    promise(
        "interventions",
        intervention=Promise(PRESERVED, OWN_WORDS),
        decision=Promise(PRESERVED, OWN_WORDS),
        agendaitem=Promise(PRESERVED, OWN_WORDS),
        roundnote=Promise(PRESERVED, OWN_WORDS),
        deliverysaid=Promise(PRESERVED, OWN_WORDS),
        remark=Promise(PRESERVED, OWN_WORDS),
        adjuster=Promise(PRESERVED, "who vouched for the minutes, by their office; nothing of an observation"),
        edition=Promise(PRESERVED, OWN_WORDS),
        information=Promise(PRESERVED, OWN_WORDS),
    )
