"""Draw the house from the code's own imports: python docs/house.py > docs/images/house.svg.

A room is a module, or a folder of modules, of one of the three packages. It stands one floor above the highest room
that it imports, so whatever a room needs lies below it.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
_LETTER, _PAD, _GAP, _ROOM, _FLOOR = 7.4, 18, 10, 34, 46
_TITLE, _MARGIN, _BETWEEN = 46, 20, 24
_COLOURS = {"serve": "#e2f0ed", "training": "#fff1d0", "pipeline": "#dfe8f2"}
_ABOUT = {
    "serve": "HTTP and the desk",
    "training": "labelled complaints in, a measured model out",
    "pipeline": "a complaint's text in, a suggestion out",
}


@dataclass(frozen=True)
class Wing:
    """A package: its rooms by floor, the ground floor first."""

    package: str
    floors: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> int:
        """Width of the widest floor or of the title."""
        title = _width(f"{self.package}: {_ABOUT[self.package]}")
        return max(title, *(sum(_width(room) + _GAP for room in floor) + _GAP for floor in self.floors))

    @property
    def height(self) -> int:
        """Height of title and floors."""
        return _TITLE + len(self.floors) * _FLOOR


def wing(graph: grimp.ImportGraph, package: str) -> Wing:
    """Return a package's rooms by floor.

    Raises
    ------
    ValueError
        If rooms import each other in a circle: they have no floors.
    """
    needs: dict[str, set[str]] = {room: set() for room in graph.find_children(package)}
    for module in graph.find_descendants(package):
        room = _room(module)
        imported = {_room(name) for name in graph.find_modules_directly_imported_by(module) if _inside(name, package)}
        needs[room] |= imported - {room, package}
    floors: dict[int, list[str]] = defaultdict(list)
    left = dict(needs)
    while left:
        floor = sorted(room for room, below in left.items() if not below & left.keys())
        if not floor:
            raise ValueError(f"Rooms of {package} import each other in a circle: {', '.join(sorted(left))}.")
        floors[len(floors)] = [room.removeprefix(f"{package}.") for room in floor]
        left = {room: below for room, below in left.items() if room not in floor}
    return Wing(package, tuple(tuple(floors[number]) for number in range(len(floors))))


def draw(graph: grimp.ImportGraph) -> str:
    """Return the picture: serve and training side by side, both standing on pipeline."""
    serve, training, pipeline = (wing(graph, package) for package in ("serve", "training", "pipeline"))
    width = max(serve.width + training.width + _BETWEEN, pipeline.width)
    upper = max(serve.height, training.height)
    spare = (width - serve.width - training.width - _BETWEEN) / 2
    left, right = serve.width + spare, training.width + spare
    parts = [
        _wing(serve, _MARGIN, _MARGIN + upper - serve.height, left),
        _wing(training, _MARGIN + left + _BETWEEN, _MARGIN + upper - training.height, right),
        _wing(pipeline, _MARGIN, _MARGIN + upper + _BETWEEN, width),
    ]
    total = width + 2 * _MARGIN, upper + pipeline.height + _BETWEEN + 2 * _MARGIN
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total[0]:.0f} {total[1]:.0f}" role="img">',
        "<title>serve and training stand on pipeline; each room imports only from floors below it</title>",
        "<style>text { font: 13px system-ui, sans-serif; fill: #18211e; }",
        ".title { font-weight: 700; font-size: 15px; }",
        ".room { fill: #fff; stroke: #7f8b86; } .soft { fill: #55625d; font-weight: 400; font-size: 13px; }</style>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        *parts,
        "</svg>",
        "",
    ])  # fmt: skip


def _wing(wing: Wing, x: float, y: float, width: float) -> str:
    parts = [
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{wing.height:.0f}" rx="10" '
        f'fill="{_COLOURS[wing.package]}"/>',
        f'<text class="title" x="{x + _PAD:.0f}" y="{y + 28:.0f}">{wing.package} '
        f'<tspan class="soft">{escape(_ABOUT[wing.package])}</tspan></text>',
    ]
    for number, floor in enumerate(reversed(wing.floors)):
        taken = sum(_width(room) + _GAP for room in floor) - _GAP
        at, top = x + (width - taken) / 2, y + _TITLE + number * _FLOOR
        for room in floor:
            parts.append(
                f'<rect class="room" x="{at:.0f}" y="{top:.0f}" width="{_width(room):.0f}" height="{_ROOM}" rx="5"/>'
                f'<text x="{at + _width(room) / 2:.0f}" y="{top + 22:.0f}" text-anchor="middle">{room}</text>'
            )
            at += _width(room) + _GAP
    return "\n".join(parts)


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _inside(module: str, package: str) -> bool:
    return module.startswith(f"{package}.")


def _width(words: str) -> int:
    # Whole, so that sums are exact: since Python 3.12 sum() rounds floats otherwise than before.
    return round(_LETTER * len(words)) + 2 * _PAD


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.stdout.write(draw(grimp.build_graph("pipeline", "training", "serve", exclude_type_checking_imports=True)))
