"""Each target on the same inputs every time, in its own process; ``make fuzz`` searches for new ones."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

RUNS = {"text": 500, "readers": 3000, "artifact": 1000, "region": 5000}  # about ten seconds each

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this platform (pyproject.toml)"
    ),
]


@pytest.mark.parametrize("target", RUNS)
def test_nothing_but_clear_errors_comes_out(target: str, model_folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz", target, "--runs", str(RUNS[target]), "--model", str(model_folder)]
    done = subprocess.run(
        [*command, "--work", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONHASHSEED": "0"},
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]  # traceback, and name of the kept input
    tried = re.search(r"Done (\d+) runs", done.stderr)
    assert tried
    assert int(tried[1]) >= RUNS[target]
