"""Whether a word that cancels a danger is meant literally: "bukan latihan" is no drill, "kaya di film" no film."""

from __future__ import annotations

from collections.abc import Sequence, Set

DENIABLE = frozenset({"_resolved", "_unhurt", "_unconcerned", "_past"})  # classes of the context
OCCASION = "_occasions"  # the text is about this only where the danger comes after it
_SIMILES = frozenset({"seperti", "kaya", "bagai", "bagaikan", "ibarat"})
# News from other countries does not matter here, but people sent there to work are from here.
_ABROAD = "di"
_MIGRANTS = frozenset({"tki", "tkw", "pmi", "migran", "wanita", "majikan"})  # "tkw" is read as tenaga kerja wanita
_EARLIER = frozenset({"dulu", "dahulu", "sebelumnya"})
_EVER = "pernah"
_NEVER = {("tidak", "pernah"), ("belum", "pernah")}
# "saat lomba", "saat latihan" only say when something happened; "saat simulasi" says that it was staged.
_WHEN = frozenset({"saat", "waktu", "pas", "ketika", "sewaktu", "sedang", "lagi", "selagi", "habis", "sehabis"})
_ASKED = frozenset(
    {"bisa", "ada", "apa", "apakah", "gratis", "boleh", "sudah", "bayar", "harus", "dapat", "perlu", "buka"}
)
_ASKED_WITHIN = 8  # words between what is asked and the end of the question
_ADDRESSED = frozenset({"ya", "sih", "admin", "pak", "bu", "kak", "bang", "mas", "buat", "untuk", "kalau"})
_EVEN = frozenset({"pun", "juga", "malah", "sama"})  # "dilihat pun tidak"
_STAGED = frozenset({"simulasi", "drill"})


def meant_as(name: str, at: int, words: Sequence[str], negators: Set[int]) -> str | None:
    """Return the class that a word of the context counts as, nearly always its own; ``None`` if it isn't meant so.

    Parameters
    ----------
    name
        Its class, one of ``DENIABLE``.
    at
        Where it begins in ``words``.
    negators
        Where the text denies, up to there.
    """
    if name == "_past" and (words[at] in _EARLIER or words[at] == _EVER):
        return None if _never_before(words, at) else name
    if at - 1 in negators:  # "tidak boleh pulang", "bukan latihan"
        return None
    if name == "_unconcerned":
        if not _SIMILES.isdisjoint(words[max(0, at - 2) : at]):
            return None
        if words[at] == _ABROAD and not _MIGRANTS.isdisjoint(words):
            return None
        if at and words[at - 1] in _WHEN and words[at] not in _STAGED:
            return OCCASION
    return name


def only_asks(words: Sequence[str], at: int, end: int) -> bool:
    """Tell whether "tidak" or "belum" makes a question of what is before it: "bisa di sini ga", "sudah ada blm ya".

    Parameters
    ----------
    end
        Where its sentence ends.
    """
    if at + 1 < end and words[at + 1] not in _ADDRESSED:
        return False
    return words[at - 1] not in _EVEN and not _ASKED.isdisjoint(words[max(0, at - _ASKED_WITHIN) : at])


def _never_before(words: Sequence[str], at: int) -> bool:
    """Tell whether a word stands in "dulu tidak pernah": then it happens now for the first time."""
    first = at if words[at] in _EARLIER else at - 2
    if first < 0 or words[first] not in _EARLIER:
        return False
    return tuple(words[first + 1 : first + 3]) in _NEVER
