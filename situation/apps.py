from django.apps import AppConfig


class SituationConfig(AppConfig):
    name = "situation"

    def ready(self) -> None:
        from situation import tasks  # noqa: F401  fills the register of job kinds
