from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "est_site.partners"
    label = "partners"
