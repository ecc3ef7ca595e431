"""A scorer as files that are mapped, not read, so that all processes share one copy.

::

    scorer.json            classes, intercepts, policy, familiar words
    agency.*, urgency.*    the weights (.npy), and the names of the features as a trie (.marisa)
"""

from __future__ import annotations

import io
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import marisa_trie
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from pipeline.model.dangers import DangerColumns
from pipeline.model.feature_table import FeatureTable
from pipeline.model.linear_weights import LinearWeights
from pipeline.model.link import Link
from pipeline.model.policy import Policy
from pipeline.model.position_weights import PositionWeights
from pipeline.model.scorer import Scorer
from pipeline.model.urgency_scores import UrgencyWeights

FACTS: Final = "scorer.json"
AGENCY_WEIGHTS: Final = "agency.weights.npy"
_AGENCY, _URGENCY = "agency", "urgency"
_TABLE_ARRAYS = ("columns", "pairs", "pair_columns")


class _Facts(BaseModel):
    """``scorer.json``."""

    agencies: tuple[str, ...]
    intercept: list[float]
    link: dict[str, float] | None
    scale: float
    address_weight: float
    opening: dict[str, float]
    words: int
    cue_ids: tuple[str, ...]
    levels: tuple[str, ...]
    kinds: tuple[str, ...]
    level_intercept: list[float]
    kind_intercept: list[float]
    policy: dict[str, Any]
    familiar: list[str]


def scorer_files(scorer: Scorer) -> dict[str, bytes]:
    """Return a scorer's files by name."""
    weights, urgency = scorer.weights, scorer.urgency_weights
    facts = _Facts(
        agencies=scorer.agencies,
        intercept=scorer.intercept.tolist(),
        link=asdict(scorer.link) if scorer.link else None,
        scale=weights.scale,
        address_weight=weights.address_weight,
        opening=asdict(weights.opening),
        words=urgency.dangers.words,
        cue_ids=urgency.dangers.cue_ids,
        levels=urgency.levels,
        kinds=urgency.kinds,
        level_intercept=urgency.level_intercept.tolist(),
        kind_intercept=urgency.kind_intercept.tolist(),
        policy=asdict(scorer.policy),
        familiar=sorted(scorer.familiar),
    )
    return {
        FACTS: facts.model_dump_json(indent=1).encode(),
        # float16: three digits are more precise than training, at half the size; the estimators also use these weights.
        AGENCY_WEIGHTS: _array(weights.coef.astype(np.float16)),
        f"{_AGENCY}.idf.npy": _array(weights.idf),
        **_table_files(_AGENCY, weights.table),
        f"{_URGENCY}.weights.npy": _array(urgency.rows),
        **_table_files(_URGENCY, urgency.table),
    }


def open_scorer(folder: Path) -> Scorer:
    """Map a scorer's files, which must have been verified."""
    facts = _Facts.model_validate_json((folder / FACTS).read_bytes())
    return Scorer(
        facts.agencies,
        LinearWeights(
            _open_table(folder, _AGENCY),
            _mapped(folder / AGENCY_WEIGHTS),
            _mapped(folder / f"{_AGENCY}.idf.npy"),
            facts.scale,
            facts.address_weight,
            PositionWeights(**facts.opening),
        ),
        np.array(facts.intercept, dtype=np.float32),
        Link(**facts.link) if facts.link else None,
        UrgencyWeights(
            _open_table(folder, _URGENCY),
            DangerColumns(facts.words, facts.cue_ids),
            _mapped(folder / f"{_URGENCY}.weights.npy"),
            facts.levels,
            facts.kinds,
            np.array(facts.level_intercept, dtype=np.float32),
            np.array(facts.kind_intercept, dtype=np.float32),
        ),
        frozenset(facts.familiar),
        Policy(**facts.policy | {"out_of_scope": tuple(facts.policy["out_of_scope"])}),
    )


def _table_files(name: str, table: FeatureTable) -> dict[str, bytes]:
    arrays = {f"{name}.{part}.npy": _array(getattr(table, part)) for part in _TABLE_ARRAYS}
    return {f"{name}.names.marisa": table.names.tobytes(), **arrays}


def _open_table(folder: Path, name: str) -> FeatureTable:
    names = marisa_trie.Trie()
    names.mmap(str(folder / f"{name}.names.marisa"))
    return FeatureTable(names, *(_mapped(folder / f"{name}.{part}.npy") for part in _TABLE_ARRAYS))


def _array(values: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, values, allow_pickle=False)
    return buffer.getvalue()


def _mapped(path: Path) -> NDArray[Any]:
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
