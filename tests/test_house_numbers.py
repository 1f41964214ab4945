"""How large things may grow before they are split by subject. The figures and their reasons: docs/decisions."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE, VIEW, TASKS, SHARED = 400, 40, 60, 5_900


def sources() -> list[Path]:
    known = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard", "*.py"], cwd=ROOT, text=True)
    return [path for line in known.splitlines() if (path := ROOT / line).exists() and "migrations" not in path.parts]


def length(path: Path) -> int:
    return len(path.read_text().splitlines())


def views() -> Iterator[tuple[str, int]]:
    for path in sources():
        if path.parts[-2] == "views" or path.stem.endswith("views") or path.stem in ("pages", "health"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef):
                    assert node.end_lineno is not None
                    yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert {str(path.relative_to(ROOT)): n for path in sources() if (n := length(path)) > FILE} == {}


def test_no_view_is_longer_than_forty_lines() -> None:
    assert {name: n for name, n in views() if n > VIEW} == {}


def test_tasks_are_doorways() -> None:
    assert {str(path): n for path in sources() if path.name == "tasks.py" and (n := length(path)) > TASKS} == {}


def test_the_shared_package_stays_small() -> None:
    shared = [path for path in sources() if "est_site" in path.relative_to(ROOT).parts[:1]]
    assert sum(length(path) for path in shared if "partners" not in path.parts) <= SHARED
