"""How the tables of this room keep, forget and hand over."""

from __future__ import annotations

from est_site.partners.keeping import Promise, promise

PRESERVED = "as long as the group: what was decided upon is preserved"


def fill() -> None:
    promise(
        "situation",
        meeting=Promise(PRESERVED, "nothing of an observation stands here"),
        attendance=Promise(PRESERVED, "nothing of an observation stands here"),
        picture=Promise(PRESERVED, "figures alone are frozen; an observation's words are read when the page is shown"),
        evaluation=Promise(
            "until the picture is frozen",
            "figures alone; an observation's words are not in them",
            "worked out anew every night from what is exported",
        ),
        pictureedition=Promise(PRESERVED, "figures alone are frozen; nothing of an observation stands here"),
        assessment=Promise(PRESERVED, "a colour that somebody set"),
        colourmeaning=Promise(PRESERVED, "what the group means by a colour"),
        colourvote=Promise(PRESERVED, "a colour that an organisation would give"),
        presence=Promise(PRESERVED, "who was where when; nothing of an observation stands here"),
        reportingevent=Promise(
            PRESERVED, "what the coordinator noted of apps and campaigns; nothing of an observation"
        ),
        sourceseries=Promise(PRESERVED, "what a figure of others is called; nothing of an observation stands here"),
        sourcevalue=Promise(PRESERVED, "numbers that others made of areas; nothing of an observation stands here"),
        wheelentry=Promise(PRESERVED, "what the group wrote into its year; nothing of an observation stands here"),
    )
