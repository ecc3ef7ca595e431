"""Mistakes in files that people edit: pydantic's findings in plain words, with line numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, get_args

import yaml
from pydantic import BaseModel, ValidationError

NOT_HERE: Final = "unknown name"
_UNKNOWN_NAME: Final = "extra_forbidden"
_NO_DATE: Final = "not a date; write it as 2027-01-01"  # an Indonesian Excel makes 01/01/2027 of one
_NO_NUMBER: Final = "not a number"
_NO_WHOLE_NUMBER: Final = "not a whole number"
_NO_NAMES: Final = "not a list of names and values; write each on its own line, as name: value"
_TOO_FEW: Final = "too_short"
_KEY: Final = "[key]"  # where pydantic means a name and not its value
# By pydantic's error types; braces are filled with the bounds from the error's context.
_SAID: Final = {
    "date_parsing": _NO_DATE,
    "date_from_datetime_parsing": _NO_DATE,
    "date_from_datetime_inexact": _NO_DATE,
    _UNKNOWN_NAME: NOT_HERE,
    "missing": "missing",
    "string_type": "not text; write it in quotes",
    "tuple_type": "not a list; write it as [a, b]",
    "dict_type": _NO_NAMES,
    "model_type": _NO_NAMES,
    "int_type": _NO_WHOLE_NUMBER,
    "int_parsing": _NO_WHOLE_NUMBER,
    "int_from_float": _NO_WHOLE_NUMBER,
    "float_type": _NO_NUMBER,
    "float_parsing": _NO_NUMBER,
    "finite_number": _NO_NUMBER,
    "greater_than": "must be above {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than": "must be below {lt:g}",
    "less_than_equal": "must be {le:g} or less",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "string_pattern_mismatch": "use lower-case letters, with hyphens between words",
    "string_too_short": "must have {min_length} characters or more",
    _TOO_FEW: "must have {min_length} or more",
}


def findings(error: ValidationError) -> list[Any]:
    """Return the details of an error, without lists that are too short only because of mistakes in them."""
    details = error.errors()
    places = [detail["loc"] for detail in details]
    return [
        detail
        for detail in details
        if detail["type"] != _TOO_FEW
        or not any(len(place) > len(detail["loc"]) and place[: len(detail["loc"])] == detail["loc"] for place in places)
    ]


def own_words(detail: Any) -> str:
    """Return what an error says, without the words that pydantic puts before those of a ``ValueError`` of ours."""
    said: str = detail["msg"]
    return said.removeprefix("Value error, ")


def plain_words(detail: Any) -> str:
    """Return what is wrong: in words of ours for pydantic's own errors."""
    said = _SAID.get(detail["type"])
    return said.format(**detail.get("ctx", {})) if said else own_words(detail)


def described(detail: Any, model: type[BaseModel]) -> str:
    """Return where a mistake is, what is wrong, and what stands there.

    Parameters
    ----------
    detail
        One of :func:`findings`.
    model
        What was validated.
    """
    where = ".".join(str(part) for part in detail["loc"] if part != _KEY)
    value = detail["input"]
    told = plain_words(detail)
    if detail["type"] == _UNKNOWN_NAME:
        told += _known_beside(detail["loc"], model)
    elif isinstance(value, str | int | float):
        told += f" (found {value!r})"
    return f"{where}: {told}" if where else told


def names_of(model: type[BaseModel]) -> str:
    """Return the text that lists the names of a model's fields."""
    return f"known names: {', '.join(model.model_fields)}"


def line_of(node: yaml.Node | None, location: Sequence[int | str]) -> int:
    """Follow keys and indices into a YAML tree, as far as they lead; 0 where there is no tree."""
    if node is None:
        return 0
    line = node.start_mark.line
    for part in location:
        key = child = None
        if isinstance(node, yaml.MappingNode):
            key, child = next(((key, value) for key, value in node.value if key.value == part), (None, None))
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            key = child = node.value[part]
        if key is None or child is None:
            break
        node, line = child, key.start_mark.line
    return int(line) + 1


def _known_beside(location: Sequence[int | str], model: type[BaseModel]) -> str:
    """Return the text that lists the names known where an unknown one was found, empty if that place is not a model."""
    for part in location[:-1]:
        inner = model.model_fields[str(part)].annotation if part in model.model_fields else None
        found = next((kind for kind in (inner, *get_args(inner)) if _is_model(kind)), None)
        if found is None:
            return ""
        model = found
    return f"; {names_of(model)}"


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
