"""The scikit-learn estimators for agency and urgency, and what they make of a text."""

from pipeline.model.analysis import Analysis, analyse
from pipeline.model.complaint_model import ComplaintModel, Scores
from pipeline.model.explanation import Explanation, explain
from pipeline.model.features import ComplaintFeatures
from pipeline.model.linear import BalancedRidgeClassifier
from pipeline.model.ordinal import OrdinalClassifier
from pipeline.model.policy import Policy
from pipeline.model.urgency import UrgencyFeatures, UrgencyModel, urgency_model

__all__ = [
    "Analysis",
    "BalancedRidgeClassifier",
    "ComplaintFeatures",
    "ComplaintModel",
    "Explanation",
    "OrdinalClassifier",
    "Policy",
    "Scores",
    "UrgencyFeatures",
    "UrgencyModel",
    "analyse",
    "explain",
    "urgency_model",
]
