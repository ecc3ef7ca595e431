"""Docstrings in the OpenAPI description: reStructuredText to Markdown, and an attribute's text to its property.

FastAPI copies the docstrings of models and endpoints as they are, with roles, double backticks and numpydoc sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent
from typing import Any, Final

_SECTION: Final = re.compile(r"^(\w+)\n-{3,}\n", re.MULTILINE)
_ATTRIBUTE: Final = re.compile(r"^(\w+(?:, \w+)*)\n((?:[ ]+.*\n?|\n)+)", re.MULTILINE)
_CODE: Final = re.compile(r"(?::\w+:`|``)([^`]+)`{1,2}")


def to_markdown(node: Any) -> None:
    """Rewrite every description in a part of an OpenAPI document, in place.

    What precedes the first section stays the description. Texts of the section Attributes become descriptions of the
    properties that have none; other sections, such as Raises, concern only callers in Python.
    """
    if isinstance(node, list):
        for item in node:
            to_markdown(item)
    elif isinstance(node, dict):
        text = node.get("description")
        if isinstance(text, str):  # not the schema of a property that is called description
            head, *sections = _SECTION.split(text)
            node["description"] = _translated(head)
            if "Attributes" in sections[::2]:
                _describe(node.get("properties", {}), sections[sections.index("Attributes") + 1])
        for name, value in node.items():
            if name != "examples":
                to_markdown(value)


def _describe(properties: dict[str, dict[str, Any]], section: str) -> None:
    for name, text in _attributes(section):
        if name in properties:
            properties[name].setdefault("description", _translated(text))


def _attributes(section: str) -> Iterator[tuple[str, str]]:
    """Yield name and text of each attribute; attributes that share a text each get it."""
    for names, text in _ATTRIBUTE.findall(section):
        for name in names.split(", "):
            yield name, dedent(text)


def _translated(text: str) -> str:
    """Return a text with Markdown's code for roles and double backticks, and with JSON's name of ``None``."""
    return _CODE.sub(lambda code: f"`{'null' if code[1] == 'None' else code[1]}`", text.strip())
