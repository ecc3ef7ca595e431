"""YAML's safe loader, faster for plain documents: the catalogue's 1.5 MB are a tenth of what a server's start takes."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

_TEXT: Final = "tag:yaml.org,2002:str"
_LIST: Final = "tag:yaml.org,2002:seq"
_TABLE: Final = "tag:yaml.org,2002:map"
_ALIAS: Final = re.compile(r"(?<![\w*])\*")  # finds every alias, and some other asterisks
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is one


# Beside yaml.YAMLError: the safe loader raises them at the date 2025-13-45, at "!!bool x", and at endless brackets.
NO_YAML: Final = (ValueError, LookupError, AttributeError, RecursionError)


class PlainLoader(_SafeLoader):  # type: ignore[misc]
    """Loads the same as the safe loader; strings, lists and mappings are built here, anything else by the safe loader.

    A key that occurs twice in a mapping is an error: the safe loader would silently drop the first value.

    Parameters
    ----------
    text
        A whole document.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        # With aliases one object can occur in several places, even inside itself.
        self._may_repeat = "*" in text and _ALIAS.search(text) is not None

    def construct_document(self, node: yaml.Node) -> Any:
        """Return the content of a document."""
        return super().construct_document(node) if self._may_repeat else self._made(node)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Return the value of a node; errors that the safe loader raises without a line get one."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError):
            kind, said = node.tag.rpartition(":")[2], f"{node.value!r} is" if isinstance(node.value, str) else "this is"
            raise yaml.constructor.ConstructorError(None, None, f"{said} not of type {kind}", node.start_mark) from None

    def _made(self, node: yaml.Node) -> Any:
        if _is_text(node):
            return node.value
        if node.tag == _LIST and isinstance(node, yaml.SequenceNode):
            return [self._made(entry) for entry in node.value]
        if node.tag == _TABLE and isinstance(node, yaml.MappingNode) and all(_is_text(key) for key, _ in node.value):
            table = {key.value: self._made(value) for key, value in node.value}
            if len(table) < len(node.value):
                raise _twice(node.value)
            return table
        if isinstance(node, yaml.ScalarNode):
            return self.construct_object(node, deep=True)
        return super().construct_document(node)  # not deep: that would report another mistake first


def _twice(entries: list[tuple[yaml.Node, yaml.Node]]) -> yaml.MarkedYAMLError:
    keys = [key for key, _ in entries]
    again = next(key for n, key in enumerate(keys) if any(key.value == before.value for before in keys[:n]))
    return yaml.constructor.ConstructorError(None, None, f"{again.value!r} occurs twice", again.start_mark)


def _is_text(node: yaml.Node) -> bool:
    return bool(node.tag == _TEXT) and isinstance(node, yaml.ScalarNode)
