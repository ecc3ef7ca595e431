"""YAML's safe loader, faster for plain documents: the catalogue's 1.5 MB are a tenth of what a server's start takes."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

_TEXT: Final = "tag:yaml.org,2002:str"
_LIST: Final = "tag:yaml.org,2002:seq"
_TABLE: Final = "tag:yaml.org,2002:map"
_ALIAS: Final = re.compile(r"(?<![\w*])\*")  # finds every alias, and some asterisks that are none
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is one


# Beside yaml.YAMLError: the safe loader raises them at the date 2025-13-45, at "!!bool x", and at endless brackets.
NO_YAML: Final = (ValueError, LookupError, AttributeError, RecursionError)


class PlainLoader(_SafeLoader):  # type: ignore[misc]
    """Reads what the safe loader reads; texts, lists and tables are made here, all else by the safe loader's own way.

    A key that stands twice in a table is a mistake: the safe loader forgets what stood under the first.

    Parameters
    ----------
    text
        A whole document.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        # By an alias what is made once stands in several places, perhaps in itself.
        self._may_repeat = "*" in text and _ALIAS.search(text) is not None

    def construct_document(self, node: yaml.Node) -> Any:
        """Return what a document says."""
        return super().construct_document(node) if self._may_repeat else self._made(node)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Return what a node says, or raise with its line what the safe loader raises without."""
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
        return super().construct_document(node)  # not all at once: that would find another of its mistakes first


def _twice(entries: list[tuple[yaml.Node, yaml.Node]]) -> yaml.MarkedYAMLError:
    keys = [key for key, _ in entries]
    again = next(key for n, key in enumerate(keys) if any(key.value == before.value for before in keys[:n]))
    return yaml.constructor.ConstructorError(None, None, f"{again.value!r} occurs twice", again.start_mark)


def _is_text(node: yaml.Node) -> bool:
    return bool(node.tag == _TEXT) and isinstance(node, yaml.ScalarNode)
