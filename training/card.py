"""The model card, made from the fitted model: who, on what, how well, what not to use it for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from pipeline.manifest import RegionOfModel
from pipeline.model import ComplaintModel
from pipeline.model.link import Link
from training.thresholds import told_thresholds


def model_card(model: ComplaintModel, region: RegionOfModel, data: Mapping[str, Any], params: Mapping[str, Any]) -> str:
    """Return the card as Markdown; it holds no text of any complaint."""
    agencies = ", ".join(str(code) for code in model.agency.classes_)
    return f"""# Model of Disposisi for {region.name} ({region.code})

Suggests to a human dispatcher which agency is responsible for a complaint in Indonesian, and how urgent it is.
It never decides: a person does. It is not made for other languages, for other regions, or to judge who wrote.

- Agencies ({len(model.agency.classes_)}): {agencies}
- Trained on {data["real_rows"]:,} real and {data["starter_rows"]:,} starter complaints; {data["unusable_rows"]:,} rows
  could not be used. Fingerprint of the real rows: `{data["sha256"][:16]}`
{_doubted(data, params)}- Features: {model.features.n_features_:,}; {_link(model.agency.link_)}
- Policy: the first agency is suggested alone {told_thresholds(model.policy)}; agencies from a probability of
  {model.policy.choose_probability:.3f} are offered to choose from

Known limits: probabilities of a model that has seen few real complaints rest on a factor measured elsewhere (see
params.yaml, starter.certainty); emergencies are rare in any training data, so urgency must be read, not trusted.

## Parameters

```yaml
{yaml.safe_dump(dict(params), sort_keys=False).strip()}
```
"""


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
