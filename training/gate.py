"""The gate between a challenger and the dispatchers: rules on a comparison, with their limits in params.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.comparison import Alone, Comparison, Group, Paired
    from training.params import GateParams


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one rule, as a sentence with its numbers."""

    rule: str
    passed: bool
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the challenger may answer dispatchers, and the result of each rule."""

    passed: bool
    findings: tuple[Finding, ...]


def judge(comparison: Comparison, rules: GateParams) -> Verdict:
    """Return the verdict; a single failed rule blocks."""
    findings = tuple(_findings(comparison, rules))
    return Verdict(all(finding.passed for finding in findings), findings)


def _findings(found: Comparison, rules: GateParams) -> Iterator[Finding]:
    yield Finding(
        "rows",
        found.rows >= rules.min_rows,
        f"{found.rows:,} complaints in the held-out set, at least {rules.min_rows:,} required",
    )
    lost = ", ".join(found.lost_agencies)
    yield Finding(
        "agencies", not lost, f"the challenger doesn't know {lost}" if lost else "the challenger knows every agency"
    )
    yield _not_worse("top1", "top-1", found.top1, rules.max_top1_loss)
    yield _not_worse("top3", "top-3", found.top3, rules.max_top3_loss)
    before, after = found.calibration
    yield Finding(
        "calibration",
        after - before <= rules.max_calibration_loss,
        f"calibration error {before:.3f} to {after:.3f}, at most {rules.max_calibration_loss} higher allowed",
    )
    if found.alone:
        yield _as_precise(found.alone, rules.max_alone_loss)
    if found.urgent and found.urgent.rows >= rules.min_urgent_rows:
        yield _not_worse("urgent", "recall of urgent complaints", found.urgent, rules.max_urgent_loss)
    if found.urgency_cost and found.urgency_cost.rows >= rules.min_urgent_rows:
        yield _not_dearer(found.urgency_cost, rules.max_urgency_cost_rise)
    yield _worst("agency", "agency", found.agencies, rules)
    yield _worst("slice", "slice", found.slices, rules)
    slower = found.cost[1].microseconds / max(found.cost[0].microseconds, 1e-9)
    yield Finding(
        "speed",
        slower <= rules.max_slower,
        f"{slower:.2f} times the time per complaint, at most {rules.max_slower} allowed",
    )
    larger = found.cost[1].megabytes / max(found.cost[0].megabytes, 1e-9)
    yield Finding(
        "size", larger <= rules.max_larger, f"{larger:.2f} times the size, at most {rules.max_larger} allowed"
    )


def _not_worse(rule: str, name: str, figure: Paired, margin: float) -> Finding:
    """Test non-inferiority: the whole interval must lie above the margin, and no loss may be significant."""
    change = figure.change
    # With many rows an interval may lie above the margin and yet entirely below zero: a small but certain loss.
    return Finding(
        rule,
        change.low >= -margin and change.high >= 0,
        f"{name} {figure.champion:.3f} to {figure.challenger:.3f}, change {change.signed}: "
        f"the interval must lie above {-margin} and not wholly below 0",
    )


def _as_precise(alone: Alone, margin: float) -> Finding:
    """Test the precision of agencies suggested alone: by top-1, a model that is always confident looks as good."""
    (before, after), (share, new_share), change = alone.precision, alone.share, alone.change
    return Finding(
        "alone",
        change.value >= -margin and change.high >= 0,
        f"precision of agencies suggested alone ({share:.0%} and {new_share:.0%} of all), {before:.3f} to {after:.3f}, "
        f"change {change.signed}: at most {margin} lower allowed, and the interval not wholly below 0",
    )


def _not_dearer(cost: Paired, margin: float) -> Finding:
    """Test that misjudging urgency costs no more: by recall alone, calling everything an emergency would be best."""
    change, most = cost.change, margin * cost.champion
    return Finding(
        "urgency_cost",
        change.high <= most and change.low <= 0,
        f"mean cost of misjudging urgency {cost.champion:.3f} to {cost.challenger:.3f}, change {change.signed}: "
        f"the interval must lie below {most:.3f} and not wholly above 0",
    )


def _worst(rule: str, name: str, groups: tuple[Group, ...], rules: GateParams) -> Finding:
    """No group of sufficient size may lose much beyond chance, corrected for the number of groups."""
    judged = [group for group in groups if group.top1.rows >= rules.min_group_rows]
    level = rules.group_p / max(len(judged), 1)
    losers = [
        group
        for group in judged
        if group.top1.champion - group.top1.challenger > rules.max_group_loss and group.top1.p < level
    ]
    if not losers:
        return Finding(
            rule, True, f"no {name} of {rules.min_group_rows} or more complaints loses more than {rules.max_group_loss}"
        )
    told = "; ".join(f"{g.name} {g.top1.champion:.2f} to {g.top1.challenger:.2f}" for g in losers)
    return Finding(rule, False, f"{name} loses more than {rules.max_group_loss}: {told}")
