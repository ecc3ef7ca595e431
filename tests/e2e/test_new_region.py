"""From a Kemendagri code to a routed complaint, with the commands as people run them: no label, no region folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.benchmark]

DISPOSISI = Path(sys.executable).with_name("disposisi")


def disposisi(*arguments: str | Path) -> str:
    result = subprocess.run([DISPOSISI, *arguments], check=True, capture_output=True, text=True)
    return result.stdout


def test_a_city_made_from_its_code_routes_a_street_lamp_at_a_named_kelurahan(tmp_path: Path) -> None:
    folder, model = tmp_path / "region", tmp_path / "model"
    disposisi("region", "new", "35.78", "--out", folder)
    assert "is in order" in disposisi("region", "check", folder)
    disposisi("train", "--region", folder, "--starter", "3000", "--out", model)
    text = "Lampu jalan di Kelurahan Kebraon padam sudah seminggu, gelap kalau malam"
    answer = json.loads(disposisi("classify", text, "--model", model, "--json"))
    assert answer["agencies"][0]["code"] == "dishub"
    assert (answer["place"]["kind"], answer["place"]["name"]) == ("kelurahan", "Kebraon")
    assert answer["place"]["kecamatan"] == "Karang Pilang"
