"""Each target for a few seconds, in a process of its own; ``make fuzz`` does it longer."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 10

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this platform (pyproject.toml)"
    ),
]


@pytest.mark.parametrize("target", ["text", "readers", "artifact", "region"])
def test_nothing_but_clear_errors_comes_out(target: str, model_folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz", target, "--seconds", str(SECONDS), "--model", str(model_folder)]
    done = subprocess.run([*command, "--work", str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    tried = re.search(r"Done (\d+) runs", done.stderr)
    assert tried
    assert int(tried[1]) > 10
