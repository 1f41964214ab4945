"""A whole group as one file that other systems can read: lines of JSON for each table, and the files themselves.

Rows and files are handed through one by one, so that a large group needs no more memory than a small one.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.db.models import Model

from est_site.partners import keeping
from est_site.partners.models import Group

CHUNK = 2_000
BLOCK = 1 << 20


@dataclass
class Exported:
    """How many rows of each table, how many files, and the files that are not there or not what they were."""

    rows: Counter[str] = field(default_factory=Counter)
    files: int = 0
    missing: list[str] = field(default_factory=list)


def write(group: Group, target: IO[bytes], now: datetime) -> Exported:
    """Inside the group's walls. What stays behind, and why, stands in `about.json`."""
    done = Exported()
    tables = list(keeping.leaving())
    with ZipFile(target, "w", ZIP_DEFLATED) as zipped:
        for model, said in tables:
            with zipped.open(f"{model._meta.label_lower}.jsonl", "w", force_zip64=True) as lines:
                for row in _rows(model, said, group):
                    lines.write(_line(row))
                    done.rows[model._meta.label_lower] += 1
        with zipped.open("files.jsonl", "w", force_zip64=True) as lines:
            for name, path, sha256, row_id in _files(tables, group):
                lines.write(_line({"file": f"files/{path}", "sha256": sha256, "table": name, "id": row_id}))
        for _name, path, sha256, _row_id in _files(tables, group):
            _copy(zipped, path, sha256, done)
        zipped.writestr("about.json", json.dumps(_about(group, done, now), ensure_ascii=False, indent=2))
    return done


def _rows(model: type[Model], said: keeping.Promise, group: Group) -> Iterator[dict[str, Any]]:
    columns = [column.attname for column in model._meta.concrete_fields if column.name not in said.without]
    rows = model._base_manager.filter(group_id=group.pk).order_by("pk").values(*columns, *said.beside)
    return rows.iterator(chunk_size=CHUNK)


def _files(tables: list[tuple[type[Model], keeping.Promise]], group: Group) -> Iterator[tuple[str, str, str, int]]:
    for model, said in tables:
        if said.file is not None:
            for row in model._base_manager.filter(group_id=group.pk).order_by("pk").iterator(chunk_size=CHUNK):
                path, sha256 = said.file(row)
                if path:
                    yield model._meta.label_lower, path, sha256, row.pk


def _copy(zipped: ZipFile, path: str, sha256: str, done: Exported) -> None:
    """Pictures and PDFs are packed already. A file that two rows name is there once."""
    name = f"files/{path}"
    if name in zipped.NameToInfo:
        return
    digest = hashlib.sha256()
    try:
        with Path(settings.MEDIA_ROOT, path).open("rb") as source:
            info = ZipInfo(name)
            info.compress_type = ZIP_STORED
            with zipped.open(info, "w", force_zip64=True) as copy:
                while block := source.read(BLOCK):
                    digest.update(block)
                    copy.write(block)
            done.files += 1
    except FileNotFoundError:
        done.missing.append(path)
        return
    if digest.hexdigest() != sha256:
        done.missing.append(path)


def _about(group: Group, done: Exported, now: datetime) -> dict[str, Any]:
    stays = {model._meta.label_lower: said.export for model, said in keeping.promised() if said.export is not True}
    left = {
        f"{model._meta.label_lower}.{column}": why
        for model, said in keeping.leaving()
        for column, why in said.without.items()
    }
    return {
        "group": group.slug,
        "name": group.name,
        "municipality": group.municipality,
        "time_zone": group.time_zone,
        "made_at": now.isoformat(),
        "rows": done.rows,
        "files": done.files,
        "files_missing_or_changed": done.missing,
        "left_out": stays | left,
    }


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, default=_plain).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"no JSON for {type(value).__name__}")
