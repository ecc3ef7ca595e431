"""What the fit makes of weights, and of texts that come several times."""

from __future__ import annotations

import random
from dataclasses import replace

from pipeline.complaint import Complaint, Level
from pipeline.model import analyse
from training.data import Labelled
from training.fit import fit_uncalibrated
from training.params import ClassifierParams, Params, UrgencyParams

QUICK = Params(classifier=ClassifierParams(folds=0), urgency=UrgencyParams(folds=3))
AGENCIES = [Labelled(Complaint("lampu jalan mati"), "dishub"), Labelled(Complaint("sampah menumpuk"), "dlh")] * 3


def rows_of(text: str, level: Level, weight: float, times: int) -> list[Labelled]:
    return [Labelled(Complaint(f"{text} nomor {n}"), None, level, weight=weight) for n in range(times)]


def test_urgency_is_learnt_from_the_weight_of_rows_not_from_their_number() -> None:
    calm = rows_of("kabel menjuntai di gang", Level.RENDAH, 1.0, 20)
    serious = rows_of("kabel menjuntai di gang", Level.TINGGI, 20.0, 5)
    other = rows_of("jam buka loket", Level.RENDAH, 1.0, 20)
    asked = [analyse("kabel menjuntai di gang")]

    def share(*urgency: Labelled) -> float:
        model, _ = fit_uncalibrated(AGENCIES, urgency, QUICK)
        return float(model.score(asked).urgency[0, list(model.urgency.classes_).index(Level.TINGGI)])

    light = [replace(row, weight=1.0) for row in serious]
    assert share(*calm, *light, *other) < 0.5 < share(*calm, *serious, *other)


def test_urgency_is_not_measured_on_texts_that_the_fold_has_seen() -> None:
    draw = random.Random(0)
    words = [f"{a}{b}k" for a in "bcdfghjklm" for b in "aeiou"]
    texts = [" ".join(draw.sample(words, 4)) for _ in range(60)]  # no word tells the level, so only memory would
    levels = [draw.choice((Level.RENDAH, Level.TINGGI)) for _ in texts]
    copies = [
        Labelled(Complaint(text), None, level) for text, level in zip(texts, levels, strict=True) for _ in range(4)
    ]
    model, _ = fit_uncalibrated(AGENCIES, copies, QUICK)
    assert model.urgency.held_out_["top1"] < 0.7
