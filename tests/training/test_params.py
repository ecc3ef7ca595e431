from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.errors import DataError
from training.params import Params, load_params

ROOT = Path(__file__).parents[2]


def test_params_yaml_states_every_default() -> None:
    stated = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    assert stated == Params().model_dump(mode="json")


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


def test_a_path_may_be_a_string_and_what_is_no_yaml_says_where(tmp_path: Path) -> None:
    assert load_params(str(ROOT / "params.yaml")) == Params()
    path = tmp_path / "p.yaml"
    for content, line in (("min_rows: 10\nfeatures: [\n", 3), ("min_rows: 10\nfeatures: 2025-13-45\n", 2)):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(DataError, match=rf"line {line}"):
            load_params(path)
