"""The command `./est` and what it starts."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from reviews.demo import serve

ROOT = Path(__file__).resolve().parents[2]


def est(*arguments: str, folder: Path = ROOT, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(folder / "est"), *arguments],
        cwd="/",
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_help_names_every_command() -> None:
    result = est("--help")
    assert result.returncode == 0
    for command in ("demo", "test", "check", "bench", "manage", "stop"):
        assert f"./est {command}" in result.stdout


def test_an_unknown_command_gets_help_and_status_2() -> None:
    result = est("dmeo")
    assert result.returncode == 2
    assert "There is no command 'dmeo'" in result.stderr
    assert "./est demo" in result.stderr


def test_the_script_is_plain_posix_shell() -> None:
    shell = shutil.which("dash") or "sh"
    assert subprocess.run([shell, "-n", str(ROOT / "est")], check=False).returncode == 0


def test_without_root_the_missing_package_is_named(tmp_path: Path) -> None:
    checkout = tmp_path / "a checkout"
    tools = tmp_path / "tools"
    checkout.mkdir()
    tools.mkdir()
    for name in ("est", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, checkout)
    script(tools / "id", "echo 1000")
    script(tools / "sudo", "exit 1")
    script(tools / "python3", f'[ "$1" != -m ] || exit 1\nexec "{sys.executable}" "$@"')
    result = est("manage", "check", folder=checkout, PATH=f"{tools}:{os.environ['PATH']}", PYTHON="")
    assert result.returncode == 1
    assert "sudo apt-get install --no-install-recommends python3" in result.stderr
    assert "-venv" in result.stderr


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "est"])
def test_no_index_of_packages_is_written_down(name: str) -> None:
    text = (ROOT / name).read_text().replace("http://127.0.0.1", "")
    assert "http://" not in text
    assert "https://" not in text


def test_a_busy_port_is_said_in_one_line_before_anything_is_built() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "reviews.demo.serve", "--port", str(port)]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr == f"Port {port} is in use. Choose another: ./est demo --port {port + 1}\n"


def test_a_process_that_ends_is_named_with_the_end_of_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "LOGS", tmp_path)
    child = serve.Child("worker", "no_such_module")
    child.process.wait()
    with pytest.raises(
        serve.Failed, match=r"(?s)The worker process ended with status 1.*No module named no_such_module"
    ):
        child.refuse_to_be_dead()


def test_stopping_reaches_every_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "LOGS", tmp_path)
    children = [serve.Child(name, "http.server", "0", "--bind", "127.0.0.1") for name in ("web", "worker")]
    serve.stop(children)
    assert [child.process.poll() for child in children] == [-15, -15]


@pytest.mark.parametrize(
    ("output", "status", "returned", "said"),
    [
        ("No known vulnerabilities found", 0, 0, ""),
        ("Found 1 known vulnerability in 1 package\nanyio 4.0 PYSEC-1", 1, 1, "PYSEC-1"),
        ("anyio Dependency not found and could not be audited", 0, 0, "Skipped in part: of 1 packages"),
        ("ConnectionError: no route", 1, 0, "Skipped: nobody who knows of holes can be reached"),
    ],
)
def test_a_known_hole_fails_and_a_silent_service_is_said(output: str, status: int, returned: int, said: str) -> None:
    text = (ROOT / "est").read_text()
    functions = re.findall(r"^(?:say|quietly)\(\) \{.*\}", text, re.MULTILINE)
    functions += re.findall(r"^audit_packages\(\) \{.*?^\}", text, re.MULTILINE | re.DOTALL)
    assert len(functions) == 3
    script = "\n".join([*functions, f"in_venv() {{ echo {shlex.quote(output)}; return {status}; }}", "audit_packages"])
    result = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert result.returncode == returned
    assert said in result.stdout + result.stderr
