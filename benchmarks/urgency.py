"""How well urgency is judged: real everyday complaints, written emergencies and calm messages, two baselines.

    python benchmarks/urgency.py [--model FOLDER] [--bench FOLDER] [--gold FILE]

Without --model, a model is trained on the starter corpus. The baselines are a list of danger words, and TF-IDF with
logistic regression trained on that list's verdicts on the starter corpus (weak labels). Alarms are the levels tinggi
and darurat.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from real_complaints import ROOT, gold_complaints
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score
from sklearn.pipeline import make_pipeline
from starter_model import REGION, given_or_trained, gold_arguments

from pipeline.complaint import Level
from pipeline.region import load_region
from pipeline.router import Router
from pipeline.urgency import LEVELS
from training.fit import starter_rows
from training.metrics import bootstrap, bootstrap_mean
from training.params import load_params

WRITTEN = ROOT / "tests" / "data" / "urgency"
MEASURING = WRITTEN / "measure.jsonl"
INDEPENDENT = WRITTEN / "independent.jsonl"
_DARURAT = re.compile(
    r"kebakaran|terbakar|\bapi\b|tenggelam|hanyut|terjebak|ambruk|roboh|kritis|pingsan|kesetrum|tersengat|meledak|"
    r"gas bocor|tawuran|bacok|begal|longsor|darurat|tolong segera|nyawa|tewas|mayat|kecelakaan",
    re.IGNORECASE,
)
_TINGGI = re.compile(
    r"bahaya|rawan|takut|khawatir|tumbang|korban|jatuh|banjir|berlubang|lubang|dbd|demam|mendesak|urgent|segera|"
    r"berhari-hari|sakit|kekerasan|telantar|ambles",
    re.IGNORECASE,
)
Teller = Callable[[Sequence[str]], list[Level]]


def main() -> None:
    """Run the benchmark, and print three tables."""
    given = gold_arguments(__doc__)
    with given_or_trained(given.model) as folder:
        router = Router.load(folder)
    tellers: dict[str, Teller] = {
        "Disposisi": lambda texts: [s.urgency.level for s in router.suggest_many(texts)],
        "keyword list": lambda texts: [_by_words(text) for text in texts],
        "TF-IDF on weak labels": _weakly_taught(),
    }
    console = Console(width=130)
    if (given.gold or given.bench / "gold-dev.csv").exists():
        console.print(_everyday(tellers, given.bench, given.gold))
    console.print(_written(tellers, router))
    console.print(_independent(tellers))


def _by_words(text: str) -> Level:
    if _DARURAT.search(text):
        return Level.DARURAT
    return Level.TINGGI if _TINGGI.search(text) else Level.SEDANG


def _weakly_taught() -> Teller:
    texts = [row.complaint.text for row in starter_rows(load_region(REGION), load_params(ROOT / "params.yaml").starter)]
    machine = make_pipeline(TfidfVectorizer(sublinear_tf=True, min_df=2), LogisticRegression(C=4, max_iter=300))
    machine.fit(texts, [str(_by_words(text)) for text in texts])
    return lambda new: [Level(level) for level in machine.predict(new)]


def _everyday(tellers: dict[str, Teller], bench: Path, gold: Path | None) -> Table:
    rows = gold_complaints(bench, gold)
    truth = _ranks([row.urgency for row in rows])
    table = Table(title=f"{len(rows)} real complaints", box=None, header_style="bold")
    for column in ("", "alarm recall", "alarm precision", "quadratic kappa", "darurat told below tinggi"):
        table.add_column(column)
    for name, tell in tellers.items():
        told = _ranks(tell([row.complaint.text for row in rows]))
        serious, alarm = truth >= 2, told >= 2
        kappa = bootstrap(
            lambda drawn, told=told: float(cohen_kappa_score(truth[drawn], told[drawn], weights="quadratic")),  # type: ignore[misc]
            len(rows),
        )
        missed = int(((truth == 3) & ~alarm).sum())
        table.add_row(
            name, str(bootstrap_mean(alarm[serious])), str(bootstrap_mean(serious[alarm])), str(kappa), str(missed)
        )
    return table


def _written(tellers: dict[str, Teller], router: Router) -> Table:
    rows = [json.loads(line) for line in MEASURING.read_text(encoding="utf-8").splitlines()]
    grave = np.array([row["emergency"] for row in rows])
    table = Table(title=f"{len(rows)} written texts (measuring half)", box=None, header_style="bold")
    for column in ("", "emergencies darurat", "at least tinggi", "calm texts darurat", "agency among three"):
        table.add_column(column)
    suggestions = router.suggest_many([row["text"] for row in rows])
    hits = np.array(
        [
            bool(set(row["agencies"]) & {agency.code for agency in suggestion.agencies[:3]})
            for row, suggestion in zip(rows, suggestions, strict=True)
        ]
    )
    for name, tell in tellers.items():
        told = _ranks(tell([row["text"] for row in rows]))
        figures = (
            bootstrap_mean(told[grave] == 3),
            bootstrap_mean(told[grave] >= 2),
            bootstrap_mean(told[~grave] == 3),
        )
        table.add_row(name, *map(str, figures), str(bootstrap_mean(hits[grave])) if name == "Disposisi" else "")
    return table


def _independent(tellers: dict[str, Teller]) -> Table:
    rows = [json.loads(line) for line in INDEPENDENT.read_text(encoding="utf-8").splitlines()]
    truth = _ranks([Level(row["urgency"]) for row in rows])
    table = Table(title=f"{len(rows)} written texts of all levels (independent)", box=None, header_style="bold")
    for column in ("", "emergencies darurat", "emergencies alarm", "tinggi alarm", "calm alarm", "calm darurat"):
        table.add_column(column)
    for name, tell in tellers.items():
        told = _ranks(tell([row["text"] for row in rows]))
        figures = (
            bootstrap_mean(told[truth == 3] == 3),
            bootstrap_mean(told[truth == 3] >= 2),
            bootstrap_mean(told[truth == 2] >= 2),
            bootstrap_mean(told[truth < 2] >= 2),
            bootstrap_mean(told[truth < 2] == 3),
        )
        table.add_row(name, *map(str, figures))
    return table


def _ranks(levels: Sequence[Level]) -> NDArray[np.intp]:
    return np.array([LEVELS.index(level) for level in levels])


if __name__ == "__main__":
    main()
