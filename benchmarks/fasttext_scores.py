"""What fastText says of the dev split, tuned on it: the settings that are best there.

fastText is no dependency of the project: ``pip install fasttext-wheel``. Without it the comparison is left out.
"""

from __future__ import annotations

import importlib
import itertools
import tempfile
from collections.abc import Sequence
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
    """Return the best settings of the grid and their scores of ``dev``, shape (len(dev), len(classes)).

    Parameters
    ----------
    train
        Texts and labels.
    truth
        Position of the right class of each text of ``dev``, what the settings are chosen by.

    Returns
    -------
    None if fastText isn't installed.
    """
    try:
        fasttext: Any = importlib.import_module("fasttext")
    except ImportError:
        return None
    best: tuple[float, dict[str, Any], NDArray[np.float64]] | None = None
    numbers = {label: number for number, label in enumerate(classes)}
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "train.txt"
        lines = (f"__label__{numbers[label]} {_line(text)}\n" for text, label in train)
        file.write_text("".join(lines), encoding="utf-8")
        for values in itertools.product(*GRID.values()):
            settings = dict(zip(GRID, values, strict=True))
            model = fasttext.train_supervised(
                str(file), thread=1, seed=SEED, minn=2 if settings["maxn"] else 0, bucket=200_000, verbose=0, **settings
            )
            scores = np.zeros((len(dev), len(classes)))
            # The wrapper's own predict fails with numpy 2; what it wraps doesn't.
            for row, text in zip(scores, dev, strict=True):
                for probability, label in model.f.predict(_line(text) + "\n", len(classes), 0.0, "strict"):
                    row[int(label.removeprefix("__label__"))] = probability
            top1 = float((scores.argmax(axis=1) == truth).mean())
            if best is None or top1 > best[0]:
                best = top1, settings, scores
    return None if best is None else best[1:]


def _line(text: str) -> str:
    """Return the words as the model itself normalises them, which helps fastText too."""
    return " ".join(word.normal for word in read_words(text))
