"""The model card, written from the fitted model: its purpose, data, accuracy and limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from pipeline.manifest import NO_REGION, RegionOfModel
from pipeline.model import ComplaintModel
from pipeline.model.link import Link
from training.data import ENOUGH_REAL
from training.thresholds import told_thresholds


def model_card(
    model: ComplaintModel,
    region: RegionOfModel,
    data: Mapping[str, Any],
    params: Mapping[str, Any],
    metrics: Mapping[str, Any],
) -> str:
    """Return the card as Markdown; it contains no complaint text.

    Parameters
    ----------
    data, params, metrics
        As in the model's manifest.
    """
    agencies = ", ".join(str(code) for code in model.agency.classes_)
    whose = "labels as they are" if region.code == NO_REGION else f"{region.name} ({region.code})"
    return f"""# Model of Disposisi for {whose}

Suggests to a human dispatcher which agency is responsible for a complaint in Indonesian, and how urgent it is.
It never decides: a person does. It is not meant for other languages or regions, or for judging the people who write.

- Agencies ({len(model.agency.classes_)}): {agencies}
- Agencies learnt from {data["real_rows"]:,} real{_age(data)}, {_composed(data)}{_urgency(data)};
  {data["unusable_rows"]:,} rows could not be used. Fingerprint of the real rows: `{data["sha256"][:16]}`
{_held_out(metrics)}{_doubted(data, params)}- Features: {model.features.n_features_:,}; {_link(model.agency.link_)}
- Policy: the first agency is suggested alone {told_thresholds(model.policy)}; agencies from a probability of
  {model.policy.choose_probability:.3f} are offered to choose from

Known limits: without many real complaints, the probabilities depend on a factor measured elsewhere (starter.certainty
in params.yaml); emergencies are rare in any training data, so a person must check the urgency.

## Parameters

```yaml
{yaml.safe_dump(dict(params), sort_keys=False).strip()}
```
"""


def _age(data: Mapping[str, Any]) -> str:
    if not data["real_rows"]:
        return ""
    told = [f"the newest of {data['newest']}"] if "newest" in data else []
    if undated := data.get("undated_rows", 0):
        told.append(f"{undated:,} without a date")
    return f" ({', '.join(told)})" if told else ""


def _composed(data: Mapping[str, Any], of: str = "") -> str:
    """Describe the rows not written by citizens; models made before ``written_rows`` was kept have one kind only."""
    starter = f"{data[f'{of}starter_rows']:,} starter"
    return f"{starter} and {data[f'{of}written_rows']:,} written" if f"{of}written_rows" in data else starter


def _urgency(data: Mapping[str, Any]) -> str:
    if "urgency_real_rows" not in data:
        return " complaints"
    return f" complaints,\n  urgency from {data['urgency_real_rows']:,} real, {_composed(data, 'urgency_')} ones"


def _held_out(metrics: Mapping[str, Any]) -> str:
    found = metrics.get("agency", {})
    if "top1" not in found:
        return ""
    return (
        f"- {_measured_on(found)} the first agency\n"
        f"  was right for {_percent(found['top1'])}, one of the first three for {_percent(found['top3'])}; "
        "disposisi report measures it on newer ones\n"
    )


def _measured_on(found: Mapping[str, Any]) -> str:
    """Describe the held-out complaints; for models made before that was kept, the rule."""
    if "rows" not in found:
        return f"Of complaints held out while training (real ones alone, if there are {ENOUGH_REAL})"
    rows, real = found["rows"], found["real_rows"]
    if rows == real:
        return f"Of {rows:,} real complaints held out while training"
    return (
        f"Of {rows:,} complaints held out while training, {real or 'none'} of them real, the others composed or\n"
        "  written for training and harder than what citizens write,"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _doubted(data: Mapping[str, Any], params: Mapping[str, Any]) -> str:
    count = data.get("doubted_rows", 0)
    if not count:
        return ""
    weight = params["labels"]["doubted_weight"]
    return f"- {count:,} labels that held-out folds found improbable counted {weight:g} times as much as others\n"


def _link(link: Link | None) -> str:
    if link is None:
        return "probabilities are not calibrated"
    return (
        f"probabilities in proportion to softplus({link.sharpness:.2f} · (score - {link.shift:.3f})) "
        f"to the power of {link.power:.2f}"
    )
