from django.apps import AppConfig


class EstSiteConfig(AppConfig):
    name = "est_site"

    def ready(self) -> None:
        from django.forms import CharField

        from est_site import (
            checks,  # noqa: F401  registers the start-up checks
            tasks,  # noqa: F401  fills the register of job kinds
        )
        from est_site.forms import only_text

        CharField.default_validators = [only_text]  # of every form, also those that libraries bring
