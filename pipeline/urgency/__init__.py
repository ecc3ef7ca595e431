"""Urgency: the dangers a text names, and what the model makes of them."""

from pipeline.urgency.decision import LEVELS, decide_levels
from pipeline.urgency.matcher import DangerFinder, danger_finder
from pipeline.urgency.reasons import tell_reasons
from pipeline.urgency.schema import load_cues
from pipeline.urgency.signs import DangerSign, Standing

__all__ = [
    "LEVELS",
    "DangerFinder",
    "DangerSign",
    "Standing",
    "danger_finder",
    "decide_levels",
    "load_cues",
    "tell_reasons",
]
