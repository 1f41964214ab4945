from django.apps import AppConfig

from est_site import slots


class SituationConfig(AppConfig):
    name = "situation"

    def ready(self) -> None:
        """Fill the register of job kinds and the slot on Home, and follow the calendar."""
        from est_site.partners import calendar
        from situation import home, tasks  # noqa: F401
        from situation.follow import follow_calendar

        slots.fill("home", home.cards)
        calendar.follow(follow_calendar)
