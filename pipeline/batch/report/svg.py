"""Three small kinds of plots as SVG text, which saves the core a plotting library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from pipeline.numerals import thousands

# Okabe and Ito's blue and orange: distinct for colour-blind readers, and in grey by their lightness.
STAYS, MOVES = "#0072B2", "#E69F00"
_INK, _FAINT = "#1a1a1a", "#c8c8c8"
_LABEL_CHARS = 30  # of an agency's name beside the matrix; the full name is in the cell's title
_STEPS = tuple(digit * 10.0**power for power in range(-6, 0) for digit in (1, 2, 5))  # between ticks, as shares
_CHAR = 6.2  # width of a letter of 11 px, on average


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its interval; lengths as shares, 0 to 1."""

    label: str
    share: float
    low: float
    high: float
    note: str


def bars(items: Sequence[Bar], axis: str) -> str:
    """Return horizontal bars with their intervals as whiskers."""
    left = max((len(item.label) for item in items), default=0) * _CHAR + 12
    most = max((item.high for item in items), default=0.0) or 1.0
    step = next(s for s in _STEPS if most / s <= 5)
    width, line = 420.0, 22
    top = most * 1.02
    height = len(items) * line + 44
    parts = []
    ticks = [i * step for i in range(int(top / step) + 1)]
    for tick in ticks:
        x = left + tick / top * width
        parts += [
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{height - 38}" stroke="{_FAINT}"/>',
            _text(x, height - 24, f"{round(tick * 100, 4):g}%".replace(".", ","), "middle"),
        ]
    parts.append(_text(left + width / 2, height - 6, axis, "middle"))
    for i, item in enumerate(items):
        y = i * line + 8
        middle = y + 7
        x, low, high = (left + v / top * width for v in (item.share, item.low, item.high))
        parts += [
            _text(left - 8, middle + 4, item.label, "end"),
            f'<rect x="{left:.1f}" y="{y}" width="{x - left:.1f}" height="14" fill="{MOVES}"/>',
            f'<path d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8" '
            f'stroke="{_INK}" fill="none"/>',
            _text(left + width + 10, middle + 4, item.note),
        ]
    return _svg(left + width + 10 + max((len(i.note) for i in items), default=0) * _CHAR, height, parts)


def columns(stays: Sequence[int], moves: Sequence[int], labels: Sequence[str], axis: str) -> str:
    """Return stacked columns of rows that stay and rows that move."""
    most = max((s + m for s, m in zip(stays, moves, strict=True)), default=0) or 1
    width, height, left = 520.0, 200.0, 64.0
    step = width / max(len(labels), 1)
    parts = []
    for share in (0, 0.5, 1):
        y = 10 + height * (1 - share)
        parts += [
            f'<line x1="{left}" x2="{left + width}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_FAINT}"/>',
            _text(left - 6, y + 4, thousands(most * share), "end"),
        ]
    for i, (stay, move, label) in enumerate(zip(stays, moves, labels, strict=True)):
        x, low, high = left + i * step + 4, stay / most * height, move / most * height
        parts += [
            f'<rect x="{x:.1f}" y="{10 + height - low:.1f}" width="{step - 8:.1f}" height="{low:.1f}" fill="{STAYS}"/>',
            f'<rect x="{x:.1f}" y="{10 + height - low - high:.1f}" width="{step - 8:.1f}" height="{high:.1f}" '
            f'fill="{MOVES}"/>',
            _text(x + step / 2 - 4, height + 26, label, "middle"),
        ]
    parts.append(_text(left + width / 2, height + 46, axis, "middle"))
    return _svg(left + width + 10, height + 54, parts)


def matrix(flow: Mapping[tuple[str, str], int], old: Sequence[str], new: Sequence[str]) -> str:
    """Return a matrix of rows, previous agency downwards and suggested across; darker is more of the row."""
    cell = 34
    left = max((len(_cut(name)) for name in old), default=0) * _CHAR + 12
    slant = max((len(_cut(name)) for name in new), default=0) * _CHAR * 0.72
    top = slant + 16
    parts = []
    for j, name in enumerate(new):
        x = left + j * cell + cell / 2
        parts.append(
            f'<text x="{x:.1f}" y="{top - 6:.1f}" transform="rotate(-45 {x:.1f} {top - 6:.1f})">'
            f"{escape(_cut(name))}</text>"
        )
    for i, row in enumerate(old):
        y = top + i * cell
        total = sum(flow.get((row, column), 0) for column in new) or 1
        parts.append(_text(left - 8, y + cell / 2 + 4, _cut(row), "end"))
        for j, column in enumerate(new):
            count = flow.get((row, column), 0)
            shade = count / total
            ink = "#fff" if shade > 0.5 else _INK
            parts += [
                f'<rect x="{left + j * cell:.1f}" y="{y:.1f}" width="{cell - 1}" height="{cell - 1}" '
                f'fill="{_blue(shade)}"><title>{escape(row)} → {escape(column)}: {count}</title></rect>',
                f'<text x="{left + j * cell + cell / 2:.1f}" y="{y + cell / 2 + 4:.1f}" text-anchor="middle" '
                f'fill="{ink}">{_short(count) if count else ""}</text>',
            ]
    return _svg(left + len(new) * cell + slant, top + len(old) * cell + 6, parts)


def _cut(name: str) -> str:
    return name if len(name) <= _LABEL_CHARS else f"{name[: _LABEL_CHARS - 1]}…"


def _blue(share: float) -> str:
    """Return white to blue; one hue, so that grey print keeps the order."""
    red, green, blue = (round(255 + (v - 255) * min(1.0, share) ** 0.7) for v in (0, 82, 140))
    return f"#{red:02x}{green:02x}{blue:02x}"


def _short(count: int) -> str:
    if count < 1_000:
        return str(count)
    if count < 1_000_000:
        return f"{count / 1_000:.{1 if count < 9_950 else 0}f}rb".replace(".", ",")
    return f"{count / 1_000_000:.1f}jt".replace(".", ",")


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" font-family="sans-serif" font-size="11" fill="{_INK}" role="img">{"".join(parts)}</svg>'
    )
