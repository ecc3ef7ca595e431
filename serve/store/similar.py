"""Similar complaints: likely duplicates, and earlier decisions on similar texts."""

from __future__ import annotations

import datetime as dt
import re
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.complaint import Complaint, has_letter
from pipeline.model import analyse
from pipeline.router import Router
from serve.store import models
from serve.store.lifecycle import CLOSED, SENT, UNDER_WAY, stored

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

DUPLICATE_DAYS = 14
MAX_SHOWN = 20
# Cosine similarity of the model's features without the names of the place. Of pairs of starter complaints in one
# kecamatan 7.3 % of those about one problem lie above the first, and 0.007 % of those about two; with the names in, it
# was 0.017 %, and 0.06 % in one desa. Without a common place more words must agree.
SAME_PLACE_LIKENESS, NO_PLACE_LIKENESS = 0.35, 0.55
SAME_WORDS_LIKENESS = 0.9  # but for a greeting or a typing error
EARLIER_LIKENESS = 0.3  # 8.0 % and 0.019 % of the same pairs; above 0.2 nearly all were about another problem
EARLIER_SHOWN = 3
_CANDIDATES = 120
_REMEMBERED = 2_000  # cached vectors, some 3 KB each
_STANDING = stored(UNDER_WAY | CLOSED)
_DECIDED = stored(SENT | CLOSED)


@dataclass(frozen=True, slots=True)
class Similar:
    """A complaint and its cosine similarity, 0 to 1."""

    complaint: models.Complaint
    likeness: float


class Likeness:
    """Compares complaints by the model's features; caches the vectors by complaint number.

    Parameters
    ----------
    router
        Router whose model computes the features.
    """

    def __init__(self, router: Router) -> None:
        self._features = router.model.features
        self._places = router.region.places
        self._width = len(router.model.weights.idf)
        self._known: OrderedDict[int, _Vector] = OrderedDict()
        self._lock = Lock()

    def duplicates(self, session: Session, of: models.Complaint) -> list[Similar]:
        """Return complaints of the same days and place that seem to be about the same matter, most similar first.

        Complaints that it was split with, from or into are left out: a person has seen that they differ.
        """
        window = dt.timedelta(days=DUPLICATE_DAYS)
        complaint = models.Complaint
        near = select(complaint).where(
            complaint.received_at.between(of.received_at - window, of.received_at + window),
            complaint.id != of.id,
            complaint.status.in_(_STANDING),
        )
        # Same place, whichever agency; or same agency, if one of the two has no place.
        queries = [near.where(complaint.agency == of.agency)]
        if of.kecamatan:
            queries = [near.where(complaint.kecamatan == of.kecamatan), queries[0].where(complaint.kecamatan.is_(None))]
        found = [
            other
            for query in queries
            for other in session.scalars(query.order_by(complaint.received_at.desc()).limit(_CANDIDATES))
            if not _related(of, other)
        ]

        def enough(other: models.Complaint) -> float:
            same = of.kecamatan is not None and other.kecamatan == of.kecamatan
            return SAME_PLACE_LIKENESS if same else NO_PLACE_LIKENESS

        return [s for s in self._ranked(of, found) if s.likeness >= enough(s.complaint)][:MAX_SHOWN]

    def earlier(self, session: Session, of: models.Complaint, agencies: Collection[str]) -> list[Similar]:
        """Return similar decided complaints, from the newest of all and the newest of the likely agencies."""
        complaint = models.Complaint
        # Most complaints are decided: looking them up by status and sorting takes 100 ms with 100,000, while walking
        # back from the newest takes none. Adding "" keeps SQLite's planner from using the index by status.
        decided = select(complaint).where((complaint.status + "").in_(_DECIDED), complaint.id != of.id)
        newest = decided.order_by(complaint.received_at.desc()).limit(_CANDIDATES)
        found = {other.id: other for other in session.scalars(newest)}
        for code in agencies:
            query = decided.where(complaint.agency == code).order_by(complaint.received_at.desc())
            found |= {other.id: other for other in session.scalars(query.limit(_CANDIDATES))}
        ranked = self._ranked(of, list(found.values()))
        return [s for s in ranked if s.likeness >= EARLIER_LIKENESS][:EARLIER_SHOWN]

    def _matter(self, of: models.Complaint) -> str:
        """Return a complaint's text without the names of its place, which all that happens there share."""
        place = self._places.get(of.place_code or "")
        names = sorted({of.kecamatan or "", place.name if place else ""} - {""}, key=len, reverse=True)
        pattern = "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)
        left = re.sub(rf"\b(?:{pattern})\b", " ", of.text, flags=re.IGNORECASE) if pattern else of.text
        return left if has_letter(left) else of.text

    def _ranked(self, of: models.Complaint, others: Sequence[models.Complaint]) -> list[Similar]:
        if not others:
            return []
        vectors = self._vectors([of, *others])
        likeness = (vectors[1:] @ vectors[0].T).toarray().ravel()
        pairs = sorted(zip(likeness.tolist(), others, strict=True), key=lambda pair: -pair[0])
        return [Similar(other, value) for value, other in pairs]

    def _vectors(self, complaints: Sequence[models.Complaint]) -> csr_matrix:
        # Importing SciPy takes half a second, which a start can do without.
        from scipy.sparse import csr_matrix  # noqa: PLC0415

        with self._lock:
            missing = [c for c in complaints if c.id not in self._known]
            if missing:
                made = self._features([analyse(Complaint(self._matter(c))) for c in missing])
                ends = made.indptr.tolist()
                for c, (start, end) in zip(missing, pairwise(ends), strict=True):
                    values = made.data[start:end]
                    length = float(np.linalg.norm(values)) or 1.0
                    self._known[c.id] = _Vector(made.indices[start:end].copy(), values / length)
            for c in complaints:
                self._known.move_to_end(c.id)
            found = [self._known[c.id] for c in complaints]
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        starts = np.cumsum([0, *(len(vector.columns) for vector in found)])
        columns, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return csr_matrix((values, columns, starts), shape=(len(found), self._width))


def _related(one: models.Complaint, other: models.Complaint) -> bool:
    """Tell whether both are parts of the same complaint, or one is a part of the other."""
    return bool({one.id, one.parent_id} & {other.id, other.parent_id} - {None})


class _Vector(NamedTuple):
    """Non-zero features of one complaint, L2-normalised; a tenth of the memory of a one-row sparse matrix."""

    columns: NDArray[np.int32]
    values: NDArray[np.float32]
