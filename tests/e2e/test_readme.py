"""The examples in README and docs/api.md get the printed answers from a server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

_EXAMPLE = re.compile(r"```sh\n(curl (?:(?!```).)*)\n```\n+```json\n(.*?)\n```", re.DOTALL)
_PAGES = [ROOT / "README.md", ROOT / "docs" / "api.md"]
EXAMPLES = [example for page in _PAGES for example in _EXAMPLE.findall(page.read_text(encoding="utf-8"))]
_MORE = "…"  # ends a printed object or list that is abridged


def test_every_endpoint_of_suggestions_has_an_example() -> None:
    commands = " ".join(command for command, _ in EXAMPLES) + " "
    for path in ("/v1/suggestions ", "/v1/suggestions/batch ", "/v1/agencies", "/v1/model", "/healthz", "/readyz"):
        assert path in commands, path


@pytest.mark.parametrize(("command", "printed"), EXAMPLES)
def test_every_curl_answers_as_printed(served: str, command: str, printed: str) -> None:
    command = command.replace("http://127.0.0.1:8000", served)
    result = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)  # noqa: S602
    _compare(_read(printed), json.loads(result.stdout), "answer")


def test_every_other_curl_of_the_api_guide_succeeds(served: str, tmp_path: Path) -> None:
    """In order, as each builds on the one before, and without the examples' placeholder keys."""
    blocks = re.findall(r"```sh\n(.*?)\n```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.DOTALL)
    commands = [command for block in blocks for command in re.split(r"\n(?=curl|disposisi)", block)]
    others = [command for command in commands if command.startswith("curl") and "-s " not in command]
    assert len(others) >= 12
    for command in others:
        if "dsp_" in command or "/events" in command:  # needs a key; never ends
            continue
        asked = command.replace("http://127.0.0.1:8000", served).replace("curl ", "curl --fail-with-body --silent ", 1)
        done = subprocess.run(asked, shell=True, capture_output=True, text=True, check=False, cwd=tmp_path)  # noqa: S602
        assert done.returncode == 0, f"{command}\n{done.stdout}"


@pytest.mark.parametrize(("language", "command"), [("python", [sys.executable, "-c"]), ("js", ["node", "-e"])])
def test_a_client_prints_office_and_urgency(served: str, language: str, command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} on this machine")
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    (code,) = re.findall(rf"```{language}\n(.*?)\n```", page, re.DOTALL)
    code = code.replace("http://127.0.0.1:8000", served)
    if language == "js":
        code = f"(async () => {{{code}}})()"
    result = subprocess.run([*command, code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.splitlines()[0] == "Dinas Perhubungan sedang"


def _read(printed: str) -> Any:
    return json.loads(printed.replace(", …}", ', "…": 0}').replace(", …]", ', "…"]'))


def _compare(expected: Any, answered: Any, where: str) -> None:
    """Compare what doesn't change with the model: keys, codes, levels, spans, but only the type of decimal numbers."""
    if isinstance(expected, dict):
        shown = [key for key in expected if key != _MORE]
        assert set(shown) <= set(answered) if _MORE in expected else set(shown) == set(answered), where
        for key in shown:
            _compare(expected[key], answered[key], f"{where}.{key}")
    elif isinstance(expected, list):
        shown = [item for item in expected if item != _MORE]
        assert shown, where
        assert len(answered) >= len(shown) if _MORE in expected else len(answered) == len(shown), where
        for number, (item, other) in enumerate(zip(shown, answered, strict=False)):
            _compare(item, other, f"{where}[{number}]")
    elif isinstance(expected, float):
        assert isinstance(answered, float), where
    elif expected != _MORE:
        assert expected == answered, where
