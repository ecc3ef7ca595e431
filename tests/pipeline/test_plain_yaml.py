"""The faster loader agrees with PyYAML's safe loader, also on errors, except that it refuses duplicate keys."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plain_yaml import PlainLoader
from pipeline.region import load

MARKS = st.sampled_from([
    *"abz0189:-,[]{}&*!|>?#%@'\"=~.\n\t ", "  ", "\n- ", "\n  ", ": ", "<<", "null", "yes", "2025-01-31", "1.5", "0x1f",
    "!!str ", "!!int ", "!!set ", "!!map ", "!!binary ", "&a ", "*a ",
])  # fmt: skip
ODD = (
    "", "---", "a: &x {b: 1}\nc: *x", "{<<: {a: 1}, b: 2}", "&a [*a]", "? [1]\n: 2", "!!str [a]",
    "!!map [a]", "? !!str [a]\n: 1", "{!!str 1: !!str 2}", "!!set {a, b}", "a: 2025-13-45", "a: !x y", "{1: a, ~: b}",
    "!!omap [a: 1]", "!!timestamp a", "a: '1'\nb: 1\nc: yes\nd: 'yes'", "=: =", "*a", "a\n---\nb",
    "!!set :", "a: {!!set : b}", "[? !!set b : c]",
)  # fmt: skip

# The faster loader's error, with its line, where the safe loader raises one without.
NO_VALUE, IS_NO = "no such value", " is not of type "
TWICE = "occurs twice"  # duplicate keys, of which the safe loader silently takes the last


def read(text: str, loader: Any) -> str:
    try:
        return repr(yaml.load(text, Loader=loader))  # noqa: S506 (safe ones)
    except (ValueError, IndexError, AttributeError):
        return NO_VALUE
    except yaml.YAMLError as error:
        return NO_VALUE if IS_NO in str(error) else f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("text", ODD)
def test_odd_documents_are_read_as_the_safe_loader_reads_them(text: str) -> None:
    assert read(text, PlainLoader) == read(text, yaml.CSafeLoader)


@given(st.lists(MARKS, max_size=24).map("".join))
def test_any_document_is_read_as_the_safe_loader_reads_it(text: str) -> None:
    plain = read(text, PlainLoader)
    assert TWICE in plain or plain == read(text, yaml.CSafeLoader)


def test_a_key_that_stands_twice_is_told_with_its_line() -> None:
    for text in ("a: 1\na: 2", "b: {a: 1,\n 'a': 2}", "- a: 1\n  a: [2]\n"):
        with pytest.raises(yaml.constructor.ConstructorError, match=rf"'a' {TWICE}\n.*line 2"):
            yaml.load(text, Loader=PlainLoader)  # noqa: S506 (a safe one)


def test_a_value_that_is_none_is_told_with_its_line() -> None:
    for text in ("a: b\nc: 2025-13-45", "a: b\nc: !!int ''", "a: &x b\nc: [*x, !!bool x]"):
        with pytest.raises(yaml.constructor.ConstructorError, match=r"is not of type \w+\n.*line 2"):
            yaml.load(text, Loader=PlainLoader)  # noqa: S506 (a safe one)


def test_what_is_shipped_takes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted((load.REGIONS / "base").glob("**/*.yaml"))
    expected = [yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) for file in files]
    monkeypatch.setattr(yaml.CSafeLoader, "construct_document", None)
    monkeypatch.setattr(yaml.constructor.SafeConstructor, "construct_yaml_map", None)
    assert [yaml.load(file.read_text(encoding="utf-8"), Loader=PlainLoader) for file in files] == expected  # noqa: S506
