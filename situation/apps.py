from django.apps import AppConfig


class SituationConfig(AppConfig):
    name = "situation"

    def ready(self) -> None:
        from est_site.partners import calendar
        from situation import tasks  # noqa: F401  fills the register of job kinds
        from situation.follow import follow_calendar

        calendar.follow(follow_calendar)
