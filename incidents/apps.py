from django.apps import AppConfig

from est_site import slots


class IncidentsConfig(AppConfig):
    name = "incidents"

    def ready(self) -> None:
        from incidents import forgetting, home, tasks  # noqa: F401  fills the register of job kinds

        forgetting.fill()
        slots.fill("home", home.cards)
