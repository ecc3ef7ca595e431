"""What a sample says about all rows."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from pipeline.numerals import thousands

_Z = 1.959964  # 95 %


@dataclass(frozen=True, slots=True)
class Scope:
    """All rows, or a sample of ``population`` rows."""

    population: int = 0

    @property
    def is_sample(self) -> bool:
        """Whether it is a sample."""
        return self.population > 0

    def estimate(self, hits: int, of: int) -> str:
        """Return the count and share; for a sample the share with its interval."""
        share = hits / of if of else 0.0
        if self.is_sample:
            low, high = wilson_interval(hits, of)
            return f"{_percent(share)} ({_percent(low)}–{_percent(high)})"
        return f"{thousands(hits)} ({_percent(share)})"


def wilson_interval(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    if not of:
        return 0.0, 1.0
    share = hits / of
    middle = share + _Z**2 / (2 * of)
    half = _Z * sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    return max(0.0, (middle - half) / (1 + _Z**2 / of)), min(1.0, (middle + half) / (1 + _Z**2 / of))


def _percent(share: float) -> str:
    return f"{share * 100:.1f}%".replace(".", ",")
