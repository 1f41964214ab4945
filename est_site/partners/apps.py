from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "est_site.partners"
    label = "partners"

    def ready(self) -> None:
        from est_site import mail, slots
        from est_site.partners import invitations, lateness, promises

        promises.fill()
        mail.register(invitations.KIND, invitations.write)
        slots.fill("home", lateness.card)
