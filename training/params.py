"""The settings of training: their values are in params.yaml, their meaning is here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WrapValidator, field_validator

from pipeline.errors import DataError
from pipeline.plain_yaml import NO_YAML, PlainLoader
from pipeline.validation_errors import described, findings, line_of

_USUAL = "params.yaml"


def _no_truth(value: Any) -> Any:
    """Refuse true and false, which pydantic would read as 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("not a number; YAML reads yes, no, on and off as true or false")  # noqa: TRY004 (pydantic's way)
    return value


_Above0 = Annotated[float, BeforeValidator(_no_truth), Field(gt=0)]


def _three_strengths(value: Any, read: Callable[[Any], tuple[float, float, float]]) -> tuple[float, float, float]:
    """Read three numbers; pydantic's own message would be about tuples and the last missing field."""
    try:
        return read(value)
    except ValidationError:
        raise ValueError("must be three numbers above 0, one per threshold, such as [0.1, 0.2, 8.0]") from None


class _Params(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    _check_numbers = field_validator("*", mode="before")(_no_truth)


class FeatureParams(_Params):
    """Settings of :class:`pipeline.model.ComplaintFeatures`."""

    min_df: Annotated[int, Field(ge=1)] = 2
    address_weight: Annotated[float, Field(ge=0)] = 0.4
    familiar_df: Annotated[int, Field(ge=1)] = 5
    pair_weight: Annotated[float, Field(ge=0)] = 1.4
    opening_weight: Annotated[float, Field(ge=0)] = 1.0
    opening_words: Annotated[float, Field(gt=0)] = 10.0


class ClassifierParams(_Params):
    """Settings of :class:`pipeline.model.BalancedRidgeClassifier`."""

    alpha: Annotated[float, Field(gt=0)] = 2.0
    balance: Annotated[float, Field(ge=0, le=1)] = 0.6
    relevance: Annotated[float, Field(ge=0)] = 1.0
    folds: Annotated[int, Field(ge=0)] = 5
    stacking_penalty: Annotated[float, Field(gt=0)] | None = 500
    random_state: int = 0


class LabelParams(_Params):
    """Settings for real labels that are probably wrong.

    Attributes
    ----------
    improbable, sure
        A label is doubted if folds that have not seen its row give it a probability below ``improbable``, and another
        agency one above ``sure``.
    doubted_weight
        Weight of a row with a doubted label in training; with 1 nothing is doubted, which saves half of the time.
    """

    improbable: Annotated[float, Field(ge=0, le=1)] = 0.03
    sure: Annotated[float, Field(ge=0, le=1)] = 0.7
    doubted_weight: Annotated[float, Field(ge=0, le=1)] = 0.3


class UrgencyParams(_Params):
    """Settings of :func:`pipeline.model.urgency_model`, and of the rows it is fitted on.

    Attributes
    ----------
    situation_weight
        Weight of a written emergency or calm message; a starter row weighs at most ``starter.full_weight``.
    C
        Inverse regularisation of the thresholds above ``rendah``, above ``sedang`` and above ``tinggi``, in this order.
    """

    situation_weight: Annotated[float, Field(ge=0)] = 4.0
    C: Annotated[tuple[_Above0, _Above0, _Above0], WrapValidator(_three_strengths)] = (0.1, 0.3, 8.0)
    folds: Annotated[int, Field(ge=0)] = 3
    random_state: int = 0


class StarterParams(_Params):
    """Settings of the starter corpus and of blending it with real rows.

    Attributes
    ----------
    rows
        Generated rows that a model is trained on.
    full_weight
        Weight of a starter row of a class that has no real row; a real row weighs 1.
    half_at
        Real rows of a class at which the weight of its starter rows has halved.
    certainty
        Factor on the power of the :class:`pipeline.model.link.Link` of a model with too few real rows to fit it to.
        Composed complaints are harder than written ones (half of them are held-out phrasings with noise), so the link
        fitted to them is too unsure: 1.3 makes the right agencies of gold-dev most likely (benchmarks/gold.py).
    situation_weight
        Weight of a written situation whose urusan is stated, when fitting agencies; it falls like a starter row's.
    priors
        How often an urusan occurs, as weights by name; they override those in the region's ``region.yaml``.
    """

    rows: Annotated[int, Field(ge=1)] = 24_000
    full_weight: Annotated[float, Field(gt=0)] = 1.0
    certainty: Annotated[float, Field(gt=0)] = 1.3
    half_at: Annotated[float, Field(gt=0)] = 80
    seed: int = 7
    noise: Annotated[float, Field(ge=0, le=1)] = 0.5
    situation_weight: Annotated[float, Field(gt=0)] = 2.0
    priors: dict[str, _Above0] = Field(default_factory=dict)


class PrepareParams(_Params):
    """Settings of :func:`training.prepare.prepare`: the share of complaints, the newest, that is held out."""

    hold_out: Annotated[float, Field(gt=0, lt=1)] = 0.2


class PolicyParams(_Params):
    """Targets for the thresholds; see :func:`training.thresholds.choose_thresholds`.

    Attributes
    ----------
    precision
        Share of right agencies among those suggested alone.
    coverage
        Share of complaints whose right agency is among those offered.
    """

    precision: Annotated[float, Field(gt=0, lt=1)] = 0.95
    coverage: Annotated[float, Field(gt=0, lt=1)] = 0.95


class GateParams(_Params):
    """When a challenger may replace the champion; see :mod:`training.gate`.

    Attributes
    ----------
    min_rows
        Least number of held-out complaints for a decision.
    max_top1_loss, max_top3_loss, max_urgent_loss
        The whole 95 % interval of the change must lie above minus this value.
    max_alone_loss
        How much the precision of agencies suggested alone may fall.
    max_calibration_loss
        How much the calibration error may grow.
    max_urgency_cost_rise
        The whole 95 % interval of the change in the mean cost of misjudging urgency must lie below this share of the
        champion's cost.
    min_urgent_rows
        Least number of urgent complaints to check their recall, and of complaints with an urgency to check the cost.
    min_group_rows, max_group_loss, group_p
        An agency or a slice (:mod:`training.slices`) with at least this many complaints may not lose more than this,
        unless by chance, at this level of significance divided by the number of groups (Bonferroni).
    max_slower, max_larger
        Time per complaint and size, as multiples of the champion's.
    """

    min_rows: Annotated[int, Field(ge=1)] = 200
    max_top1_loss: Annotated[float, Field(ge=0)] = 0.02
    max_top3_loss: Annotated[float, Field(ge=0)] = 0.02
    max_calibration_loss: Annotated[float, Field(ge=0)] = 0.02
    max_alone_loss: Annotated[float, Field(ge=0)] = 0.02
    max_urgent_loss: Annotated[float, Field(ge=0)] = 0.05
    max_urgency_cost_rise: Annotated[float, Field(ge=0)] = 0.2
    min_urgent_rows: Annotated[int, Field(ge=1)] = 30
    min_group_rows: Annotated[int, Field(ge=1)] = 30
    max_group_loss: Annotated[float, Field(ge=0)] = 0.1
    group_p: Annotated[float, Field(gt=0, le=1)] = 0.05
    max_slower: Annotated[float, Field(gt=0)] = 2.0
    max_larger: Annotated[float, Field(gt=0)] = 3.0


class Params(_Params):
    """``params.yaml``."""

    min_rows: Annotated[int, Field(ge=1)] = 10
    features: FeatureParams = FeatureParams()
    classifier: ClassifierParams = ClassifierParams()
    labels: LabelParams = LabelParams()
    urgency: UrgencyParams = UrgencyParams()
    starter: StarterParams = StarterParams()
    prepare: PrepareParams = PrepareParams()
    policy: PolicyParams = PolicyParams()
    gate: GateParams = GateParams()


def load_params(path: str | Path | None = None) -> Params:
    """Read a params file.

    Parameters
    ----------
    path
        The file; without one ``params.yaml`` in the working folder if it is there, else the defaults.

    Raises
    ------
    DataError
        If the file is missing or has a mistake.
    """
    if path is None and not Path(_USUAL).exists():
        return Params()
    path = Path(path or _USUAL)
    try:
        text = path.read_text(encoding="utf-8")
        return Params.model_validate(yaml.load(text, Loader=PlainLoader) or {})  # noqa: S506 (safe)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.", mend="Check the path.") from None
    except ValidationError as error:
        root = yaml.compose(text, Loader=PlainLoader)
        told = "; ".join(f"{line_of(root, one['loc'])}: {described(one, Params)}" for one in findings(error))
        raise DataError(f"{path}:{told}.", mend="training/params.py explains each setting.") from None
    except (yaml.YAMLError, *NO_YAML) as error:  # invalid UTF-8 is a ValueError too
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        where = f" in line {mark.line + 1}" if mark else ""
        raise DataError(
            f"{path} is not valid YAML{where}.", mend="Compare it with the project's params.yaml."
        ) from None
