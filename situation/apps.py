from django.apps import AppConfig

from est_site import slots


class SituationConfig(AppConfig):
    name = "situation"

    def ready(self) -> None:
        """Fill the register of job kinds and the slot on Home."""
        from situation import home, tasks  # noqa: F401

        slots.fill("home", home.cards)
