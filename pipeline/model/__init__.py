"""The scikit-learn estimators for agency and urgency, the compiled scorer, and the analysis of a text."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from pipeline.model.analysis import Analysis, analyse

if TYPE_CHECKING:
    from pipeline.model.complaint_model import ComplaintModel
    from pipeline.model.explanation import Explanation, explain
    from pipeline.model.features import ComplaintFeatures
    from pipeline.model.linear import BalancedRidgeClassifier
    from pipeline.model.ordinal import OrdinalClassifier
    from pipeline.model.policy import Policy
    from pipeline.model.scorer import Scorer, Scores
    from pipeline.model.urgency import UrgencyFeatures, UrgencyModel, urgency_model

__all__ = [
    "Analysis",
    "BalancedRidgeClassifier",
    "ComplaintFeatures",
    "ComplaintModel",
    "Explanation",
    "OrdinalClassifier",
    "Policy",
    "Scorer",
    "Scores",
    "UrgencyFeatures",
    "UrgencyModel",
    "analyse",
    "explain",
    "urgency_model",
]

_MODULE_OF: Final = {
    "BalancedRidgeClassifier": "linear",
    "ComplaintFeatures": "features",
    "ComplaintModel": "complaint_model",
    "Explanation": "explanation",
    "OrdinalClassifier": "ordinal",
    "Policy": "policy",
    "Scorer": "scorer",
    "Scores": "scorer",
    "UrgencyFeatures": "urgency",
    "UrgencyModel": "urgency",
    "explain": "explanation",
    "urgency_model": "urgency",
}


def __getattr__(name: str) -> Any:
    """Import on first use: code that only answers should not wait for scikit-learn."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"pipeline.model.{_MODULE_OF[name]}"), name)
