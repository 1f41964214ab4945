from django.apps import AppConfig


class InterventionsConfig(AppConfig):
    name = "interventions"

    def ready(self) -> None:
        """Fill the registers: job kinds, kinds of documents, letters, and the slots on an observation and on an area."""
        from est_site import filing, mail, slots
        from interventions import became, home, letters, promises, running, sheets, tasks  # noqa: F401

        promises.fill()
        filing.register(filing.DocumentKind("agenda", sheets.make_pdf))
        filing.register(filing.DocumentKind("minutes", sheets.make_pdf))
        mail.register("meeting.invitation", letters.meeting_invitation)
        mail.register("meeting.reminder", letters.meeting_reminder)
        mail.register("meeting.cancelled", letters.meeting_cancelled)
        mail.register("incident.became", letters.what_became)
        slots.fill("incident.became", became.cards)
        slots.fill("home", home.cards)
        slots.fill("area.now", running.cards)
