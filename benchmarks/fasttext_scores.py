"""fastText's scores on the dev split, with the settings that are best on that split.

fastText is not a dependency of the project: ``pip install fasttext-wheel``. Without it the comparison is left out.
"""

from __future__ import annotations

import importlib.util
import itertools
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.text.tokens import read_words

GRID = {"wordNgrams": (1, 2), "lr": (0.2, 0.5), "epoch": (15, 40), "maxn": (0, 5)}
SEED = 0


def tuned_scores(
    train: Sequence[tuple[str, str]], dev: Sequence[str], classes: Sequence[str], truth: NDArray[np.intp]
) -> tuple[dict[str, Any], NDArray[np.float64]] | None:
    """Return the best settings of the grid, and their scores on ``dev``, of shape (len(dev), len(classes)).

    Parameters
    ----------
    train
        Texts and labels.
    truth
        Position of the right class of each text of ``dev``, by which the settings are chosen.

    Returns
    -------
    None if fastText isn't installed.
    """
    if not installed():
        return None
    best: tuple[float, dict[str, Any], NDArray[np.float64]] | None = None
    numbers = {label: number for number, label in enumerate(classes)}
    lines = [(_line(text), str(numbers[label])) for text, label in train]
    for values in itertools.product(*GRID.values()):
        settings: dict[str, Any] = dict(zip(GRID, values, strict=True))
        model = FastText(lines, **settings)
        scores = np.zeros((len(dev), len(classes)))
        for row, text in zip(scores, dev, strict=True):
            for probability, label in model.predict(_line(text), len(classes)):
                row[int(label)] = probability
        top1 = float((scores.argmax(axis=1) == truth).mean())
        print(f"fastText with {settings}: top-1 {top1:.3f}", flush=True)
        if best is None or top1 > best[0]:
            best = top1, settings, scores
    return None if best is None else best[1:]


def installed() -> bool:
    """Tell whether fastText is installed."""
    return importlib.util.find_spec("fasttext") is not None


class FastText:
    """fastText, trained in one thread with a fixed seed.

    Parameters
    ----------
    train
        Lines and labels, without white space other than spaces.
    maxn
        Length of the longest character n-grams; 0 for words only.
    settings
        Arguments of ``train_supervised``.
    """

    def __init__(self, train: Iterable[tuple[str, str]], *, maxn: int, **settings: Any) -> None:
        fasttext: Any = importlib.import_module("fasttext")
        with tempfile.TemporaryDirectory() as temporary:
            file = Path(temporary) / "train.txt"
            file.write_text("".join(f"__label__{label} {line}\n" for line, label in train), encoding="utf-8")
            self._model = fasttext.train_supervised(
                str(file), thread=1, seed=SEED, minn=2 if maxn else 0, maxn=maxn, bucket=200_000, verbose=0, **settings
            )

    def predict(self, line: str, count: int) -> list[tuple[float, str]]:
        """Return pairs of probability and label, the most probable first."""
        # The wrapper's own predict fails with numpy 2; the wrapped object's doesn't.
        found = self._model.f.predict(f"{line}\n", count, 0.0, "strict")
        return [(probability, label.removeprefix("__label__")) for probability, label in found]


def _line(text: str) -> str:
    """Return the words normalised as for the model, which helps fastText, too."""
    return " ".join(word.normal for word in read_words(text))
