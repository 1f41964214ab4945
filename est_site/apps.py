from django.apps import AppConfig


class EstSiteConfig(AppConfig):
    name = "est_site"

    def ready(self) -> None:
        from est_site import (
            checks,  # noqa: F401  registers the start-up checks
            tasks,  # noqa: F401  fills the register of job kinds
        )
