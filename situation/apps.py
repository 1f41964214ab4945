from django.apps import AppConfig

from est_site import slots


class SituationConfig(AppConfig):
    name = "situation"

    def ready(self) -> None:
        """Fill the register of job kinds and the slots on Home and on an observation, and follow the calendar."""
        from est_site import filing
        from est_site.partners import calendar
        from situation import became, checks, edition_actions, edition_sheets, home, promises, tasks  # noqa: F401
        from situation.follow import follow_calendar

        promises.fill()
        filing.register(filing.DocumentKind(edition_actions.KIND, edition_sheets.make_pdf))
        slots.fill("home", home.cards)
        slots.fill("incident.became", became.cards)
        calendar.follow(follow_calendar)
