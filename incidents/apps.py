from django.apps import AppConfig

from est_site import slots


class IncidentsConfig(AppConfig):
    name = "incidents"

    def ready(self) -> None:
        from incidents import home

        slots.fill("home", home.cards)
