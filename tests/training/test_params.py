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


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("urgency:\n  C: 1\n", "2: urgency.C: must be three numbers above 0, one per threshold, such as [0.1, 0.2"),
        ("urgency: {C: [1, 2]}", "1: urgency.C: must be three numbers above 0"),
        ("urgency: {C: [1, 2, 0]}", "1: urgency.C: must be three numbers above 0"),
        (
            "features:\n  min_df: 2\n  min_dff: 3\n",
            "3: features.min_dff: unknown name; known names: min_df, ",
        ),
        ("feature: {min_df: 2}", "1: feature: unknown name; known names: min_rows, features, classifier, "),
        (
            "features: 3",
            "1: features: not a list of names and values; write each on its own line, as name: value (found 3)",
        ),
        ("features:\n", "1: features: not a list of names and values; write each on its own line, as name: value."),
        (
            "just words",
            "1: not a list of names and values; write each on its own line, as name: value (found 'just words')",
        ),
        ("min_rows: 2.5", "1: min_rows: not a whole number (found 2.5)"),
        ("min_rows: many", "1: min_rows: not a whole number (found 'many')"),
        ("classifier: {alpha: .inf}", "1: classifier.alpha: not a number (found inf)"),
        ("gate: {max_top1_loss: .nan}", "1: gate.max_top1_loss: not a number (found nan)"),
        ("classifier: {balance: 2}", "1: classifier.balance: must be 1 or less (found 2)"),
        ("prepare: {hold_out: 1}", "1: prepare.hold_out: must be below 1 (found 1)"),
        (
            "classifier: {folds: yes}",
            "1: classifier.folds: not a number; YAML reads yes, no, on and off as true or false",
        ),
        ("classifier:\n  stacking_penalty: on", "2: classifier.stacking_penalty: not a number; YAML reads yes, no, on"),
        (
            "labels: {doubted_weight: no}",
            "1: labels.doubted_weight: not a number; YAML reads yes, no, on and off as true",
        ),
        (
            "starter: {priors: {sosial: yes}}",
            "1: starter.priors.sosial: not a number; YAML reads yes, no, on and off as",
        ),
        ("urgency: {C: [yes, 1, 2]}", "1: urgency.C: must be three numbers above 0"),
        ("starter:\n  priors: {sosial: -1}", "2: starter.priors.sosial: must be above 0 (found -1)"),
        (
            "min_rows: 0\nfeatures: {min_df: 0}",
            "1: min_rows: must be 1 or more (found 0); 2: features.min_df: must be 1 or",
        ),
    ],
)
def test_a_mistake_is_told_in_words_that_need_no_programmer(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as error:
        load_params(path)
    assert str(error.value).startswith(f"{path}:{told}")


def test_a_path_may_be_a_string_and_what_is_no_yaml_says_where(tmp_path: Path) -> None:
    assert load_params(str(ROOT / "params.yaml")) == Params()
    path = tmp_path / "p.yaml"
    for content, line in (("min_rows: 10\nfeatures: [\n", 3), ("min_rows: 10\nfeatures: 2025-13-45\n", 2)):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(DataError, match=rf"line {line}"):
            load_params(path)
