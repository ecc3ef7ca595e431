"""From the scores of held-out complaints to probabilities and thresholds."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Sequence
from copy import copy
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.artifact import save_model
from pipeline.atomic_files import write_whole
from pipeline.errors import DataError
from pipeline.manifest import Manifest
from pipeline.model import BalancedRidgeClassifier, ComplaintModel, Policy
from pipeline.model.held_out import top_share
from pipeline.model.link import Link
from pipeline.replaceable import check_replaceable
from pipeline.trust import Sign
from training.card import model_card
from training.data import ENOUGH_REAL, Labelled
from training.params import Params
from training.thresholds import choose_thresholds

MIN_ROWS_FOR_THRESHOLDS: Final = 500  # held-out real complaints; with fewer the policy's defaults stay
HELD_OUT: Final = "held_out_sha256"  # key in a manifest's data: the digest of the held-out scores of its training


@dataclass(frozen=True)
class HeldOut:
    """The scores that the folds of a training gave to complaints they had not seen; without texts.

    Attributes
    ----------
    scores
        Scores of every agency, shape (n_complaints, n_agencies); no complaints after a training without folds.
    target
        Position of the right agency, shape (n_complaints,).
    weight
        How much each complaint counts, shape (n_complaints,).
    real
        Whether a citizen wrote it, shape (n_complaints,).
    doubted
        Whether its label was doubted and so counted less in training, shape (n_complaints,).
    """

    scores: NDArray[np.float32]
    target: NDArray[np.intp]
    weight: NDArray[np.float64]
    real: NDArray[np.bool_]
    doubted: NDArray[np.bool_]

    @classmethod
    def of(cls, agency: BalancedRidgeClassifier, rows: Sequence[Labelled]) -> Self:
        """Return the held-out scores of a classifier that was just fitted on ``rows``, with no label doubted."""
        held = [rows[number] for number in agency.held_out_rows_]
        return cls(
            agency.held_out_scores_,
            np.searchsorted(agency.classes_, [str(row.agency) for row in held]),
            np.array([row.weight for row in held], dtype=float),
            np.array([row.group is None for row in held], dtype=bool),
            np.zeros(len(held), dtype=bool),
        )

    @property
    def figures(self) -> dict[str, float]:
        """Share whose agency is the best (``top1``) or among the best three (``top3``); empty without complaints.

        ``rows`` is the number of complaints measured, and ``real_rows`` the number of real ones among them. If there
        are enough real ones, only they are measured: composed ones are harder, and the more of them are blended in,
        the worse the same model would look.
        """
        counted = self.real if self.real.sum() >= ENOUGH_REAL else np.ones_like(self.real)
        if not counted.any():
            return {}
        shares = {f"top{k}": top_share(self.scores[counted], self.target[counted], k) for k in (1, 3)}
        return shares | {"rows": int(counted.sum()), "real_rows": int(self.real[counted].sum())}

    @property
    def sha256(self) -> str:
        """Identifies these scores; the same digest is in the data of their model's manifest."""
        digest = hashlib.sha256()
        for name in self.__dataclass_fields__:
            digest.update(np.ascontiguousarray(getattr(self, name)).data)
        return digest.hexdigest()

    @classmethod
    def check_writable(cls, path: Path) -> None:
        """Check that scores can be written to ``path``, before minutes are spent on computing them.

        Raises
        ------
        DataError
            If a folder, or a file without scores, is there.
        OSError
            If they cannot.
        """
        if path.is_dir():
            raise DataError(f"{path} is a folder.", mend="Name a file for the scores: --held-out held-out.npz.")
        check_replaceable(path, f"{next(iter(cls.__dataclass_fields__))}.npy", "train --held-out")

    def write(self, path: Path) -> None:
        """Write a file that :meth:`read` reads; the same scores give the same bytes, a crash leaves the old file."""
        content = io.BytesIO()
        np.savez_compressed(content, **asdict(self))
        write_whole(path, content.getvalue())  # of two trainings that end at once, the scores of one are there

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what :meth:`write` wrote.

        Raises
        ------
        DataError
            If the file is missing or contains something else.
        """
        if not path.exists():
            raise DataError(f"There is no file {path}.", mend="Make it: disposisi train … --held-out FILE.")
        try:
            with np.load(path, allow_pickle=False) as file:
                return cls(**{name: file[name] for name in cls.__dataclass_fields__})
        except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error):
            raise DataError(
                f"{path} contains no held-out scores.", mend="Make it: disposisi train … --held-out FILE."
            ) from None


def read_scores_of(manifest: Manifest, path: Path) -> HeldOut:
    """Read the scores of held-out complaints of the training that a manifest describes.

    Raises
    ------
    DataError
        If the file has no scores, or those of another training, whose columns may be other agencies.
    """
    held_out = HeldOut.read(path)
    if held_out.sha256 != manifest.data.get(HELD_OUT):
        raise DataError(
            f"The scores in {path} are not from the training run of model {manifest.name}.",
            mend="Use the file written with this model, or train again: disposisi train … --held-out FILE.",
        )
    return held_out


def calibrated(model: ComplaintModel, held_out: HeldOut, params: Params) -> ComplaintModel:
    """Return the model with the link and the policy fitted to held-out complaints.

    Only real complaints are used: composed ones say nothing about the precision on real ones. With too few real ones,
    the link is fitted to all complaints and corrected by a factor measured elsewhere (``starter.certainty``), and the
    policy keeps its defaults.
    """
    if not len(held_out.target):
        return model
    real = held_out.real
    if real.sum() < MIN_ROWS_FOR_THRESHOLDS:
        link = Link.fit(held_out.scores, held_out.target, held_out.weight)
        return _with(model, link if real.all() else link.tempered(params.starter.certainty), Policy())
    scores, target = held_out.scores[real], held_out.target[real]
    link = Link.fit(scores, target, np.ones(len(target)))
    agencies = [str(code) for code in model.agency.classes_]
    return _with(model, link, choose_thresholds(Policy(), agencies, link.probabilities(scores), target, params.policy))


def save_again(
    folder: Path,
    model: ComplaintModel,
    manifest: Manifest,
    changed_params: dict[str, dict[str, Any]],
    sign: Sign | None = None,
) -> Manifest:
    """Save a model with changed probabilities or thresholds, with a card that says so.

    Parameters
    ----------
    manifest
        The manifest of its training.
    changed_params
        The changed parameters, by section.
    sign
        Signs it.
    """
    params = manifest.params | {
        name: manifest.params.get(name, {}) | section for name, section in changed_params.items()
    }
    card = model_card(model, manifest.region, manifest.data, params, manifest.metrics)
    return save_model(
        folder,
        model,
        region=manifest.region,
        data=manifest.data,
        params=params,
        metrics=manifest.metrics,
        card=card,
        sign=sign,
    )


def _with(model: ComplaintModel, link: Link, policy: Policy) -> ComplaintModel:
    agency = copy(model.agency)
    agency.link_ = link
    return replace(model, agency=agency, policy=policy)
