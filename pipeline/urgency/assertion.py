"""What a text says about a danger that it names: real, feared, denied, conditional, over, or not happening."""

from __future__ import annotations

from pipeline.complaint import Level
from pipeline.urgency.lexicon import Hit
from pipeline.urgency.meant import OCCASION
from pipeline.urgency.reading import Reading
from pipeline.urgency.schema import Cue
from pipeline.urgency.signs import DangerSign, Standing

DENIED_WITHIN = 5  # words back to a "tidak", with only fillers between it and what is denied
FEARED_WITHIN = 5  # words between a fear and what is feared
NEARLY_WITHIN = 2  # between "akan", "hampir" and what hasn't happened
HABIT_WITHIN = 4  # between "tiap malam" and what happens then
CONDITION_WITHIN = 8  # between "kalau" and what may happen
# A longer text is mostly a history: an event in it counts only if its clause says that it goes on.
LONG_STORY_WORDS = 120
FEW_SENTENCES = 3  # sentences of a text about one thing: a drill in one of them explains an emergency in another
# Classes that only set the scene: denying them does not deny a danger.
SCENE = frozenset({
    "ORANG", "ANAK", "RUMAH", "JALAN", "SEKARANG", "KENDARAAN", "TUBUH", "BANGUNAN", "AIR_MINUM", "IGD", "TERIAK",
    "LENYAP",
})  # fmt: skip
_OVER, _OVER_UNHURT = ("_resolved",), ("_resolved", "_unhurt")


def judge(reading: Reading, cue: Cue, found: list[tuple[str, Hit]]) -> DangerSign:
    """Return what a text says about a danger.

    Parameters
    ----------
    reading
        The text.
    cue
        The danger.
    found
        The words that name it, each with its class.
    """
    start, end = min(hit[0] for _, hit in found), max(hit[1] for _, hit in found)
    dangers = [hit for name, hit in found if name not in SCENE] or [hit for _, hit in found]
    own = {at for _, hit in found for at in range(*hit)}
    standing = _standing(reading, cue, start, own, dangers)
    level: Level | None = cue.level
    if standing is Standing.FEARED:
        level = Level.TINGGI
    elif standing is not Standing.REAL:
        level = None
    return DangerSign(cue, standing, level, reading.span(start, end))


def _standing(reading: Reading, cue: Cue, start: int, own: set[int], dangers: list[Hit]) -> Standing:
    """Return the standing of a danger; ``own`` are all its words, ``dangers`` those that don't just set the scene."""
    if any(_denied(reading, hit, own) for hit in dangers):
        return Standing.DENIED
    sentence = reading.sentence(start)
    # A "sekarang" that only stands near the danger says nothing of it: "dipukul minggu lalu, sekarang takut sekolah".
    ongoing = not reading.ongoing.isdisjoint(reading.clause(at) for hit in dangers for at in range(*hit))
    if not cue.threat and any(reading.before("_similes", hit[0], NEARLY_WITHIN) for hit in dangers):
        return Standing.UNCONCERNED
    if not cue.past and any(reading.before("_once", hit[0], NEARLY_WITHIN) for hit in dangers):
        return Standing.OVER
    if "_habits" in reading.context and not cue.past and _habitual(reading, dangers, sentence):
        return Standing.OVER
    if not ongoing:
        if _resolved(reading, cue, start, sentence):
            return Standing.OVER
        if not cue.past and reading.in_sentence("_past", sentence):
            return Standing.OVER
        if _thanked(reading, start):
            return Standing.OVER
        if _unconcerned(reading, cue, dangers, sentence):
            return Standing.UNCONCERNED
    return (
        _standing_of_emergency(reading, cue, start, dangers, ongoing) if cue.level is Level.DARURAT else Standing.REAL
    )


def _standing_of_emergency(reading: Reading, cue: Cue, start: int, dangers: list[Hit], ongoing: bool) -> Standing:
    """Return the standing of an emergency that nothing has cancelled so far; fear does not cancel serious harm."""
    if not ongoing:
        if len(reading.words) > LONG_STORY_WORDS:
            return Standing.OVER
        if "_conditional" in reading.context and _supposed(reading, start, dangers):
            return Standing.CONDITIONAL
    feared = not cue.threat and any(
        reading.before("_feared", hit[0], FEARED_WITHIN) or reading.before("_nearly", hit[0], NEARLY_WITHIN)
        for hit in dangers
    )
    return Standing.FEARED if feared else Standing.REAL


def _habitual(reading: Reading, dangers: list[Hit], sentence: int) -> bool:
    """Tell whether dangers happen again and again ("tiap pagi tabrakan"), and none is said to go on."""
    return any(reading.before("_habits", hit[0], HABIT_WITHIN) for hit in dangers) and not reading.in_sentence(
        "_ongoing", sentence
    )


def _supposed(reading: Reading, start: int, dangers: list[Hit]) -> bool:
    """Tell whether a "kalau" precedes what is named from ``start`` on, or directly precedes one of its dangers."""
    return reading.before("_conditional", start, CONDITION_WITHIN) or any(
        reading.before("_conditional", hit[0], NEARLY_WITHIN) for hit in dangers
    )


def _denied(reading: Reading, hit: Hit, own: set[int]) -> bool:
    """Tell whether a word is denied before it ("tidak ada", "untung ga sampe") or behind it ("nihil")."""
    at = hit[0] - 1
    while at >= 0 and reading.clause(at) == reading.clause(hit[0]) and hit[0] - at <= DENIED_WITHIN:
        if at in reading.negators and at not in own:
            return True
        if at not in reading.fillers:
            break
        at -= 1
    if "_spared" in reading.context and reading.before("_spared", hit[0], FEARED_WITHIN):
        return True
    return reading.words[hit[1] : hit[1] + 1] == ["nihil"]


def _resolved(reading: Reading, cue: Cue, start: int, sentence: int) -> bool:
    """Tell whether the text says, here or later, that what it names at ``start`` is over."""
    names = _OVER if cue.stays or cue.past else _OVER_UNHURT
    said = [reading.context[name][-1][0] for name in names if name in reading.context]
    return bool(said) and reading.sentence(max(said)) >= sentence and not reading.set_against(max(said), start)


def _thanked(reading: Reading, start: int) -> bool:
    """Tell whether the text gives thanks for what it names at ``start``, and not for something else: "… tapi …"."""
    thanks = reading.context.get("_thanks")
    if not thanks:
        return False
    first = thanks[0][0]
    requests = reading.context.get("_requests")
    if requests and requests[0][0] < first:
        return False
    return not reading.set_against(first, start)


def _unconcerned(reading: Reading, cue: Cue, dangers: list[Hit], sentence: int) -> bool:
    """Tell whether the text is about something other than these dangers being present."""
    about = ["_unconcerned"] if "_unconcerned" in reading.context else []
    if OCCASION in reading.context and reading.context[OCCASION][0] < min(dangers):
        about.append(OCCASION)
    if not about or (cue.level is Level.DARURAT and reading.sentence_count <= FEW_SENTENCES):
        return bool(about)
    if cue.level is not Level.DARURAT and cue.past:
        return False
    return any(reading.in_sentence(name, sentence) for name in about)
