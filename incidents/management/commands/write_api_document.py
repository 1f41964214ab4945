"""./est manage write_api_document: what partners' systems may rely on, kept as docs/api/openapi.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from incidents import api

PATH = Path(settings.BASE_DIR) / "docs" / "api" / "openapi.json"


def written() -> str:
    with translation.override("en"):
        return json.dumps(api.document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class Command(BaseCommand):
    help = "Write the API's OpenAPI document to docs/api/openapi.json, for a change that breaks no partner's system."

    def handle(self, *args: Any, **options: Any) -> None:
        PATH.parent.mkdir(parents=True, exist_ok=True)
        PATH.write_text(written())
        self.stdout.write(f"{PATH} is written.")
