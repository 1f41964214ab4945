"""./est manage create_administrator EMAIL NAME: a person who runs the installation."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from est_site import mail
from est_site.partners import actions, invitations


class Command(BaseCommand):
    help = "Make a person who runs the installation, and print the link where they choose their password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            try:
                user = actions.create_administrator(email=options["email"], name=options["name"])
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{user.email} is an administrator.")
        if not user.has_usable_password():
            self.stdout.write(f"Choose a password within three days: {mail.link(invitations.password_path(user))}")
