from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.errors import DataError
from training.params import Params, load_params

ROOT = Path(__file__).parents[2]


def test_params_yaml_states_every_default() -> None:
    stated = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    assert stated == Params().model_dump()


@pytest.mark.parametrize(
    "content",
    [
        b"features: {min_df: 0}",
        b"unknown: 1",
        b"[",
        b"classifier: {C: -1}",
        b"a: \xff",
        b"a: 2025-13-45",
        b"a: !!bool x",
    ],
)
def test_a_mistake_in_the_parameters_is_told_with_its_place(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"p\.yaml"):
        load_params(path)
