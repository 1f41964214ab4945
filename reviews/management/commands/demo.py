"""Build the invented town once; with --sign-ins, say where it is and who may sign in."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from reviews.demo import build


class Command(BaseCommand):
    help = "Build the invented town (once) or print its address and sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sign-ins", action="store_true", help="print the address and one sign-in per role")
        parser.add_argument("--now", type=parse_datetime, help="build as if it were then (ISO, with zone)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sign_ins"]:
            port = os.environ.get("EST_DEMO_PORT", "8000")
            self.stdout.write(f"\nEST runs at http://127.0.0.1:{port}/\n\nThe password of all: {build.PASSWORD}")
            for role, email in build.sign_ins():
                self.stdout.write(f"  {email:<34} {role}")
        elif build.is_built():
            self.stdout.write("The town is there.")
        else:
            build.build(now=options["now"] or timezone.now(), say=lambda words: self.stdout.write(f"  {words} …"))
