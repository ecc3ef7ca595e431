"""Which kecamatan, kelurahan or desa a complaint means, and with what confidence.

Every name in the text and the address is evidence for its kecamatan, with the measured reliability of names in such a
context (:data:`_RELIABILITY`): *Kel. Keputih* nearly always means Keputih, *Jalan Kedung Cowek* runs through three
kecamatan, *arah Cibitung* is where a road leads. The evidence is added up as in naive Bayes over all kecamatan of the
region and "somewhere else"; a place is returned only if the result is probable enough.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from pipeline.complaint import Place
from pipeline.region.mentions import Lead, Mention, NameIndex, Tail, joined
from pipeline.region.other_regions import names_behind, names_elsewhere
from pipeline.region.region import Region
from pipeline.region.schema import Landmark, PlaceEntry
from pipeline.text import Token
from pipeline.text.stems import is_root
from pipeline.text.tokens import Word

MIN_CONFIDENCE = 0.945  # chosen on real complaints for a precision of 0.97; see docs/places.md
MIN_VILLAGE = 0.85  # below it only the kecamatan is returned
MAX_CONFIDENCE = 0.99  # no name is more certain: people also write where they live instead of where it happens
AGREEMENT = 0.25  # share of its weight that a weaker, agreeing name adds: one street names several things beside it
ELSEWHERE = ""  # stands for the kecamatan of other regencies
BEHIND = "behind"  # for names that mean elsewhere only after a place's name

# How often a name in this context lies in the kecamatan that the complaint was filed under: measured on 8,456 real
# complaints of Surabaya (benchmarks/place.py --table), rounded. Columns: parent, closed, capital, open, longer. After
# *di* and the like, LOCAL, two are set higher than the measured 0.92 and 0.81, closed and open: measured with these,
# 0.8 % more of all complaints get the right place, for 0.002 of precision.
_RELIABILITY: Mapping[Lead, tuple[float, float, float, float, float]] = {
    Lead.KIND: (0.985, 0.985, 0.98, 0.98, 0.92),
    Lead.ALLEY: (0.98, 0.97, 0.88, 0.85, 0.7),
    Lead.START: (0.94, 0.9, 0.88, 0.83, 0.75),
    Lead.ROAD: (0.88, 0.9, 0.8, 0.8, 0.6),
    Lead.LOCAL: (0.95, 0.95, 0.78, 0.95, 0.77),
    Lead.OTHER: (0.92, 0.86, 0.9, 0.74, 0.7),
    Lead.HOUSING: (0.65, 0.6, 0.85, 0.8, 0.8),
    Lead.OFFICE: (0.9, 0.97, 0.96, 0.93, 0.93),
    Lead.BUILDING: (0.83, 0.83, 0.8, 0.8, 0.8),
    Lead.STREET: (0.7, 0.65, 0.8, 0.71, 0.7),
    Lead.NEAR: (0.5, 0.5, 0.5, 0.5, 0.45),
    Lead.TOWARDS: (0.5, 0.5, 0.4, 0.4, 0.4),
}
_COLUMNS = {
    tail: column for column, tail in enumerate((Tail.PARENT, Tail.CLOSED, Tail.CAPITAL, Tail.OPEN, Tail.LONGER))
}
_NAMESAKE_STREET = 0.965  # Jalan Kalirungkut, Kalirungkut: the street is named after where it is
_FULL_NAME = 0.97  # of two or more words, at the beginning or after a comma
_LANDMARK = 0.95  # the region's own list; not measured, since too few of its names could be
_ORDINARY_WORD = 0.25  # subtracted once for a dictionary or ordinary word, unless its context shows that it is a name
_NOT_THERE = {Lead.STREET, Lead.NEAR, Lead.TOWARDS, Lead.HOUSING, Lead.BUILDING}  # Jalan Raya Bogor is not in Bogor
_ALWAYS_A_NAME = {Lead.KIND, Lead.OFFICE}  # after these even an ordinary word is a place
_BESIDE = {Lead.NEAR, Lead.TOWARDS, Lead.STREET}  # these say nothing about where it is
_WITHIN = 0.97  # a village followed by its kecamatan
WITHIN_REACH = 7  # characters between the two: a blank, a comma, *kec.*
KECAMATAN_REACH = 12  # if one of these words is between them: *, kecamatan*
ELSEWHERE_WITHIN = 12  # characters between a name and its government: *, di wilayah*
_VILLAGES = {"kelurahan", "desa"}
# How often the village is right if the kecamatan is.
_VILLAGE: Mapping[Lead, float] = {
    Lead.KIND: 0.96, Lead.ALLEY: 0.92, Lead.START: 0.87, Lead.ROAD: 0.87, Lead.LOCAL: 0.88, Lead.OTHER: 0.75,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Target:
    """What a name can mean: a place, or for a landmark the place it lies in."""

    kind: str
    code: str
    kecamatan: str


_Evidence = tuple[float, Mention[_Target], bool]  # reliability, the mention, whether it is in the text


def place_finder(region: Region) -> PlaceFinder:
    """Return the finder of a region's places."""
    elsewhere = names_elsewhere(region.code, region.neighbours) if region.places else ()
    behind = names_behind(region.code, region.neighbours) if region.places else ()
    return PlaceFinder(
        region.places.values(), region.landmarks, region.name, elsewhere, behind, ordinary=region.ordinary_names
    )


class PlaceFinder:
    """Finds the place that a complaint is about.

    Parameters
    ----------
    places
        The region's places.
    landmarks
        Estates, roads and markets that people name instead.
    region_name
        Such as *Kabupaten Bekasi*; a name followed by it is the end of an address. A kecamatan with the same name, as
        there are 111, is meant only after the word *kecamatan*.
    elsewhere
        Names of other regencies and cities and their kecamatan.
    behind
        Names that mean them only after the name of a place.
    ordinary
        Names of the region's places that are ordinary words.
    """

    def __init__(
        self,
        places: Iterable[PlaceEntry],
        landmarks: Iterable[Landmark] = (),
        region_name: str = "",
        elsewhere: Iterable[str] = (),
        behind: Iterable[str] = (),
        ordinary: Iterable[str] = (),
    ) -> None:
        self._by_code = {place.code: place for place in places}
        self._kecamatan = max(2, sum(place.kind == "kecamatan" for place in self._by_code.values()))
        names = [
            (name, _Target(place.kind, place.code, place.kecamatan_code or place.code))
            for place in self._by_code.values()
            for name in (place.name, *place.aliases, *place.misspellings)
        ]
        misspelt = [name for name, _ in names]
        names += [
            (name, _Target("landmark", landmark.place, self._by_code[landmark.place].kecamatan_code or landmark.place))
            for landmark in landmarks
            for name in (landmark.name, *landmark.aliases)
        ]
        taken = {joined(name) for name, _ in names}
        names += [(name, _Target("elsewhere", "", ELSEWHERE)) for name in elsewhere if joined(name) not in taken]
        taken |= {joined(name) for name in elsewhere}
        names += [(name, _Target(BEHIND, "", ELSEWHERE)) for name in behind if joined(name) not in taken]
        self._ordinary = frozenset(joined(name) for name in ordinary)
        self._region = joined(region_name.partition(" ")[2])
        self._index = NameIndex(names, own=_in_one_word(region_name), misspelt=misspelt)

    def may_find(self, words: Sequence[Word]) -> bool:
        """Tell, quickly, whether a text or address of these words can name a place; ``False`` is certain."""
        return self._index.may_mention(words)

    def find(self, text: str, tokens: Sequence[Token], address: str, address_tokens: Sequence[Token]) -> Place | None:
        """Return the place that text and address mean; ``None`` if they name none, or it is not probable enough."""
        evidence = list(self._evidence(text, tokens, True))
        if address_tokens:
            evidence += self._evidence(address, address_tokens, False)
        if not evidence:
            return None
        strongest = _strongest_by_name(evidence)
        kecamatan, confidence = self._most_probable(strongest)
        if kecamatan == ELSEWHERE or confidence < MIN_CONFIDENCE:
            return None
        return self._place(kecamatan, min(confidence, MAX_CONFIDENCE), strongest)

    def _evidence(self, text: str, tokens: Sequence[Token], in_text: bool) -> Iterator[_Evidence]:
        """Yield the names of places in a text or address, here or elsewhere, with their reliability."""
        mentions = [_of_its_kind(mention) for mention in self._index.mentions(text, tokens)]
        if not mentions:
            return
        streets = {mention.name for mention in mentions if mention.lead is Lead.STREET}
        following = (*mentions[1:], None)
        for mention, after in zip(mentions, following, strict=True):
            if after and _lies_elsewhere(mention, after):
                continue
            if mention.candidates[0].kecamatan == ELSEWHERE and mention.lead in _NOT_THERE:
                continue
            if mention.candidates[0].kind == BEHIND:
                continue
            if after and (within := _within(mention, after)):
                yield max(_WITHIN, _reliability(mention, streets)), within, in_text
            elif mention.name == self._region and mention.lead is not Lead.KIND:
                continue
            else:
                yield _reliability(mention, streets, self._ordinary), mention, in_text

    def _most_probable(self, evidence: Sequence[_Evidence]) -> tuple[str, float]:
        """Return the most probable kecamatan and its probability."""
        log_odds: dict[str, float] = {}
        for reliability, mention, _ in sorted(evidence, key=lambda found: -found[0]):
            meant = {target.kecamatan for target in mention.candidates}
            gain = math.log(reliability / len(meant) * (self._kecamatan - 1) / (1 - reliability))
            for kecamatan in meant:
                if kecamatan not in log_odds:
                    log_odds[kecamatan] = gain
                elif mention.lead is not Lead.STREET:  # a road has the same name in the next kecamatan
                    log_odds[kecamatan] += AGREEMENT * gain
        best = max(log_odds, key=lambda kecamatan: log_odds[kecamatan])
        unnamed = max(0, self._kecamatan - len(log_odds))
        return best, math.exp(log_odds[best]) / (sum(map(math.exp, log_odds.values())) + unnamed)

    def _place(self, kecamatan: str, confidence: float, evidence: Sequence[_Evidence]) -> Place:
        """Return a village of the kecamatan that is named reliably enough, or else the kecamatan."""
        named = [
            (_VILLAGE.get(mention.lead, 0.0) if target.kind != "landmark" else 0.0, in_text, target, mention)
            for _, mention, in_text in evidence
            for target in mention.candidates
            if target.kecamatan == kecamatan
        ]
        villages = [found for found in named if found[2].code != kecamatan and not _also_means(found[3], kecamatan)]
        best = max(villages, key=lambda found: (found[0], found[1]), default=None)
        if best and best[0] >= MIN_VILLAGE:
            return self._made(best[2].code, confidence * best[0], best[3], best[1])
        _, in_text, _, mention = max(named, key=lambda found: (found[2].code == kecamatan, found[1], found[0]))
        return self._made(kecamatan, confidence, mention, in_text)

    def _made(self, code: str, confidence: float, mention: Mention[_Target], in_text: bool) -> Place:
        entry = self._by_code[code]
        kecamatan = self._by_code.get(entry.kecamatan_code or "", entry)
        start, end = (mention.start, mention.end) if in_text else (None, None)
        return Place(code, entry.kind, entry.name, kecamatan.name, start, end, round(confidence, 3))


def _in_one_word(region_name: str) -> set[str]:
    """Return the name of a region in one word, *surabaya* for *Kota Surabaya*; empty if it has several words."""
    words = region_name.lower().split()
    return set(words[1:]) if len(words) == 2 else set()


def _of_its_kind(mention: Mention[_Target]) -> Mention[_Target]:
    """Keep what the word before allows: only kecamatan after *kecamatan*, villages after *desa*, if there are any."""
    if mention.kind is None or len(mention.candidates) == 1:
        return mention
    is_kecamatan = mention.kind == "kecamatan"
    fitting = tuple(target for target in mention.candidates if (target.kind == "kecamatan") is is_kecamatan)
    return mention.with_candidates(fitting) if fitting else mention


def _lies_elsewhere(mention: Mention[_Target], after: Mention[_Target]) -> bool:
    """Tell whether the next name says that this one lies in another regency: *Rawalumbu, Kota Bekasi*."""
    return after.candidates[0].kecamatan == ELSEWHERE and after.start - mention.end <= ELSEWHERE_WITHIN


def _within(mention: Mention[_Target], after: Mention[_Target]) -> Mention[_Target] | None:
    """Return the mention limited to places in the kecamatan named next: *Kebalen Babelan*; ``None`` if none is."""
    reach = KECAMATAN_REACH if after.kind == "kecamatan" else WITHIN_REACH
    if mention.lead in _BESIDE or after.start - mention.end > reach:
        return None
    parents = {target.code for target in after.candidates if target.kind == "kecamatan"}
    inside = tuple(t for t in mention.candidates if t.kind in _VILLAGES and t.kecamatan in parents)
    return mention.with_candidates(inside) if inside else None


def _reliability(mention: Mention[_Target], streets: Set[str], ordinary: Set[str] = frozenset()) -> float:
    """Return how often a name in this context lies there: more seldom if it is a dictionary word or ``ordinary``."""
    shown = _where_it_is_a_name(mention, streets)
    reliability = _RELIABILITY[mention.lead][_COLUMNS[mention.tail]] if shown is None else shown
    if mention.lead in _ALWAYS_A_NAME:
        return reliability
    in_dictionary = shown is None and mention.tail is not Tail.PARENT and is_root(mention.name)
    return reliability - _ORDINARY_WORD if in_dictionary or mention.name in ordinary else reliability


def _where_it_is_a_name(mention: Mention[_Target], streets: Set[str]) -> float | None:
    """Return the reliability of names in the few contexts where even a dictionary word is one; ``None`` elsewhere."""
    if mention.candidates[0].kind == "landmark":
        return _LANDMARK if mention.lead not in {Lead.NEAR, Lead.TOWARDS} else 0.6
    if mention.name in streets and mention.lead in {Lead.ROAD, Lead.START, Lead.ALLEY} and mention.tail is Tail.PARENT:
        return max(_RELIABILITY[mention.lead][_COLUMNS[mention.tail]], _NAMESAKE_STREET)
    if mention.words > 1 and mention.lead is Lead.START and mention.tail in {Tail.PARENT, Tail.CLOSED}:
        return _FULL_NAME
    return None


def _strongest_by_name(evidence: Iterable[_Evidence]) -> list[_Evidence]:
    """Return the most reliable mention of each name; repeating a name adds nothing."""
    best: dict[str, _Evidence] = {}
    for found in evidence:
        if found[1].name not in best or found[0] > best[found[1].name][0]:
            best[found[1].name] = found
    return list(best.values())


def _also_means(mention: Mention[_Target], kecamatan: str) -> bool:
    """Tell whether a village has the name of its kecamatan, so that the name is ambiguous."""
    return any(target.code == kecamatan for target in mention.candidates)
