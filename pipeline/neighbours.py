"""Earlier complaints most like a new one, and whether it was sent before.

A complaint is the set of its text's words, as stems and as skeletons of consonants (*lampu*, *lmpu*, *lammpu* →
``lmp``), each hashed to a number; similarity is the cosine of such sets, weighted by how rare a word is among the
complaints in the index (Spärck Jones 1972). An inverted list per word answers: only complaints that share a rare word
are looked at, and the best of those are compared in full. Nothing else is kept: identifiers, agencies, times and the
hashes. Hashes of words can be guessed, so a saved index deserves the protection that the complaints have.
"""

from __future__ import annotations

import datetime as dt
import threading
from array import array
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pipeline.hashed_terms import content_words, terms_of
from pipeline.model.analysis import Analysis
from pipeline.neighbour_file import Kept, read_kept, write_kept

DUPLICATE_SIMILARITY = 0.65  # see docs/neighbours.md: hasty copies of a complaint reach it, other complaints rarely
MIN_WORDS = 8  # different words that a complaint must have to be called the same as another: "jalan berlubang" is many
MAX_LISTED = 25_000  # entries of inverted lists read per question; the rarest words come first
COMPARED = 50  # complaints compared in full per question
RECOUNT_GROWTH = 1.05  # the lengths of the vectors are counted again when the index has grown by a twentieth
RECOUNT_ALWAYS = 2000  # complaints; counting fewer takes no time


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An earlier complaint.

    Attributes
    ----------
    similarity
        Cosine, 0 (no word in common) to 1 (the same words).
    agency
        Where it went.
    """

    id: str
    similarity: float
    agency: str
    when: dt.datetime


class NeighbourIndex:
    """Complaints by their words; grows and shrinks one by one, and can be asked from several threads.

    Examples
    --------
    >>> from pipeline.model import analyse
    >>> index = NeighbourIndex()
    >>> now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    >>> index.add("1", analyse("lampu jalan di pasar Cibitung mati"), "dishub", now)
    >>> index.add("2", analyse("sampah di kali menumpuk"), "dlh", now)
    >>> index.query(analyse("lampu pasar cibitung padam"), k=1)[0].agency
    'dishub'
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._clear()

    def _clear(self) -> None:
        self._slots: dict[str, int] = {}
        self._ids: list[str] = []
        self._agencies: list[str] = []
        self._times = array("q")  # microseconds since 1970
        self._terms = array("I")  # of all complaints, one after the other
        self._ends = array("q", [0])  # where each complaint's terms end
        self._alive = bytearray()
        self._lists: dict[int, array[int]] = {}
        self._counted = 0
        self._lengths: NDArray[np.float32] = np.zeros(0, dtype=np.float32)

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._slots

    def add(self, identifier: str, analysis: Analysis, agency: str, when: dt.datetime) -> None:
        """Add a complaint; one with the same identifier is replaced.

        Parameters
        ----------
        agency
            Code of the agency it went to.
        when
            When it came in, with a time zone.

        Raises
        ------
        ValueError
            If the time has no zone.
        """
        terms, microseconds = terms_of(analysis), _microseconds(when)
        with self._lock:
            self.remove(identifier)
            self._append(identifier, terms, agency, microseconds)

    def remove(self, identifier: str) -> bool:
        """Take a complaint out; tell whether it was there."""
        with self._lock:
            slot = self._slots.pop(identifier, None)
            if slot is None:
                return False
            self._alive[slot] = 0
            if len(self._ids) > 1000 and len(self._slots) < len(self._ids) // 2:
                self._restore(self._living())
            return True

    def query(self, analysis: Analysis, k: int = 5) -> list[Neighbour]:
        """Return the ``k`` complaints most like this one, the most similar first; fewer if fewer share a word."""
        with self._lock:
            slots, similarities = self._nearest(terms_of(analysis), k)
            return [
                Neighbour(self._ids[slot], round(similarity, 4), self._agencies[slot], _datetime(self._times[slot]))
                for slot, similarity in zip(slots.tolist(), similarities.tolist(), strict=True)
            ]

    def duplicates(self, analysis: Analysis, limit: int = 20) -> list[Neighbour]:
        """Return the complaints with the same content, sent again by the same person or copied by others.

        A text of fewer than ``MIN_WORDS`` words has no duplicates: too many different complaints read the same.
        """
        if len(set(content_words(analysis))) < MIN_WORDS:
            return []
        return [found for found in self.query(analysis, limit) if found.similarity >= DUPLICATE_SIMILARITY]

    def save(self, path: Path) -> None:
        """Write the index to a file, whole or not at all."""
        with self._lock:
            kept = self._living()
        write_kept(path, kept)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read an index.

        Raises
        ------
        DataError
            If the file is no index of this version.
        """
        index = cls()
        index._restore(read_kept(path))
        return index

    def _append(self, identifier: str, terms: list[int], agency: str, microseconds: int) -> None:
        slot = len(self._ids)
        self._slots[identifier] = slot
        self._ids.append(identifier)
        self._agencies.append(agency)
        self._times.append(microseconds)
        self._terms.extend(terms)
        self._ends.append(len(self._terms))
        self._alive.append(1)
        for term in terms:
            self._lists.setdefault(term, array("I")).append(slot)

    def _living(self) -> Kept:
        """Return the complaints that were not removed, in the order they were added."""
        slots = sorted(self._slots.values())
        terms = [np.array(self._terms[self._ends[slot] : self._ends[slot + 1]], dtype=np.uint32) for slot in slots]
        return Kept(
            ids=[self._ids[slot] for slot in slots],
            agencies=[self._agencies[slot] for slot in slots],
            times=np.array([self._times[slot] for slot in slots], dtype=np.int64),
            terms=np.concatenate(terms) if terms else np.zeros(0, dtype=np.uint32),
            ends=np.cumsum([0, *map(len, terms)], dtype=np.int64),
        )

    def _restore(self, kept: Kept) -> None:
        self._clear()
        terms, ends = kept.terms.tolist(), kept.ends.tolist()
        for slot, identifier in enumerate(kept.ids):
            self._append(identifier, terms[ends[slot] : ends[slot + 1]], kept.agencies[slot], int(kept.times[slot]))

    def _nearest(self, terms: list[int], k: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        known = [(len(self._lists[term]), term) for term in terms if term in self._lists]
        nothing = np.zeros(0, dtype=np.intp), np.zeros(0)
        if not known or k < 1 or not self._slots:
            return nothing
        self._recount()
        read = self._read(known)
        slots = np.concatenate([np.frombuffer(self._lists[term], dtype=np.uint32) for _, term in read])
        weights = np.concatenate([np.full(listed, self._weight(listed)) for listed, _ in read])
        alive = np.frombuffer(self._alive, dtype=np.uint8)
        overlap: NDArray[np.float64] = np.bincount(slots, weights, minlength=len(self._ids)) * alive / self._lengths
        candidates = np.flatnonzero(overlap)
        if len(candidates) > max(COMPARED, k):
            best = np.argpartition(-overlap[candidates], max(COMPARED, k))[: max(COMPARED, k)]
            candidates = candidates[best]
        length = np.sqrt(sum(self._weight(len(self._lists.get(term, ()))) for term in terms))
        similarities = self._compared(candidates, known) / length
        order = np.lexsort((candidates, -similarities))[:k]
        return candidates[order], np.minimum(similarities[order], 1.0)

    def _read(self, known: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the terms whose lists are read: the rarest, at least one, as far as the budget goes."""
        rarest = sorted(known)
        ends = accumulate(listed for listed, _ in rarest)
        return rarest[: max(1, sum(end <= MAX_LISTED for end in ends))]

    def _compared(self, candidates: NDArray[np.intp], known: list[tuple[int, int]]) -> NDArray[np.float64]:
        """Return the weight of the common terms over the candidate's length, all terms counted."""
        shared = {term: self._weight(listed) for listed, term in known}
        return np.array(
            [
                sum(shared.get(term, 0.0) for term in self._terms[self._ends[slot] : self._ends[slot + 1]])
                / float(self._lengths[slot])
                for slot in candidates.tolist()
            ]
        )

    def _weight(self, listed: int) -> float:
        """Return the square of a term's weight: its share in the cosine where both complaints have it."""
        return float(np.log((1 + len(self._ids)) / (1 + listed)) + 1) ** 2

    def _recount(self) -> None:
        """Compute the lengths of all vectors, which change as words become common, and of new ones between recounts."""
        size = len(self._ids)
        start = len(self._lengths)
        if start == size:
            return
        if size < RECOUNT_ALWAYS or size >= self._counted * RECOUNT_GROWTH:
            start, self._counted = 0, size
        terms = np.frombuffer(self._terms, dtype=np.uint32)[self._ends[start] :]
        different, positions = np.unique(terms, return_inverse=True)
        weights = np.array([self._weight(len(self._lists[term])) for term in different.tolist()])
        sums = np.concatenate([[0.0], np.cumsum(weights[positions])])
        ends = np.frombuffer(self._ends, dtype=np.int64)[start:] - self._ends[start]
        lengths = np.sqrt(np.maximum(sums[ends[1:]] - sums[ends[:-1]], 1e-9)).astype(np.float32)
        self._lengths = np.concatenate([self._lengths[:start], lengths])


def _microseconds(when: dt.datetime) -> int:
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone: on another machine it would mean another moment.")
    return round(when.timestamp() * 1_000_000)


def _datetime(microseconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(0, tz=dt.UTC) + dt.timedelta(microseconds=microseconds)
