"""The OpenAPI description as the readers of ``/docs`` see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi.testclient import TestClient

from serve.reference.docstrings import to_markdown

# A role, a double backtick, the underline of a section, or a value that JSON calls otherwise.
PYTHON = re.compile(r":\w+:`|``|^-{3,}$|\b(?:None|True|False)\b", re.MULTILINE)
# Names that say enough by themselves, wherever they are.
EVIDENT = frozenset(
    """address anonymous channel code complaint_id id latitude longitude name number overdue
    reporter_contact reporter_name tags text token total""".split()
)


def _is_silent(name: str, told: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Tell whether nothing says what a property or parameter means: no description, no described type, no name."""
    return not told.get("description") and "$ref" not in schema and name not in EVIDENT


def _descriptions(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _descriptions(item)
    elif isinstance(node, dict):
        if isinstance(text := node.get("description"), str):
            yield text
        for name, value in node.items():
            if name != "examples":
                yield from _descriptions(value)


def test_no_description_shows_the_markup_of_docstrings(local_client: TestClient) -> None:
    told = list(_descriptions(local_client.get("/openapi.json").json()))
    assert len(told) > 100
    assert [text for text in told if PYTHON.search(text)] == []


def test_every_schema_property_and_parameter_is_described_or_evident(local_client: TestClient) -> None:
    description = local_client.get("/openapi.json").json()
    schemas = description["components"]["schemas"]
    assert [name for name, schema in schemas.items() if not schema.get("description")] == []
    silent = [
        f"{schema}.{name}"
        for schema, described in schemas.items()
        for name, told in described.get("properties", {}).items()
        if _is_silent(name, told, told)
    ]
    silent += [
        f"{path} {parameter['name']}"
        for path, operations in description["paths"].items()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
        if _is_silent(parameter["name"], parameter, parameter["schema"])
    ]
    assert not silent, "\n".join(silent)


def test_only_operations_on_complaints_can_miss_one_or_conflict(local_client: TestClient) -> None:
    paths = local_client.get("/openapi.json").json()["paths"]
    answers = {
        (method, path): operation["responses"]
        for path, operations in paths.items()
        if path.startswith("/v1/")
        for method, operation in operations.items()
    }
    number = "/v1/complaints/{number}"
    decided = {("post", f"{number}/decisions"), ("put", f"{number}/claim")}
    missing = decided | {("get", number), ("delete", f"{number}/claim")}
    assert {operation for operation, codes in answers.items() if "404" in codes} == missing
    conflicting = decided | {("post", "/v1/complaints")}
    assert {operation for operation, codes in answers.items() if "409" in codes} == conflicting


def test_what_a_docstring_says_of_an_attribute_describes_the_property(local_client: TestClient) -> None:
    schemas = local_client.get("/openapi.json").json()["components"]["schemas"]
    place = schemas["Place"]["properties"]
    assert "`null`" in place["start"]["description"]
    assert place["start"]["description"] == place["end"]["description"]
    assert "Attributes" not in schemas["Place"]["description"]


def test_a_docstring_becomes_markdown_and_its_attributes_properties() -> None:
    schema: dict[str, Any] = {
        "description": "See :class:`Other`, ``a[0]`` and `code`.\n\nMore.\n\n"
        "Attributes\n----------\nfirst, second\n    One line,\n    and ``None``.\nthird\n    Not this.\n\n"
        "Raises\n------\nValueError\n    Never.",
        "properties": {"first": {}, "second": {"type": "string"}, "third": {"description": "Its own."}},
        "examples": [{"description": "``as it was``"}],
    }
    to_markdown(schema)
    assert schema == {
        "description": "See `Other`, `a[0]` and `code`.\n\nMore.",
        "properties": {
            "first": {"description": "One line,\nand `null`."},
            "second": {"type": "string", "description": "One line,\nand `null`."},
            "third": {"description": "Its own."},
        },
        "examples": [{"description": "``as it was``"}],
    }
