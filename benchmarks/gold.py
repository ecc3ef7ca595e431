"""How well complaints are routed before there is any label: the starter model on carefully read real complaints.

    python benchmarks/gold.py [--model FOLDER] [--bench FOLDER] [--gold FILE]

Without --model, a model is trained on the starter corpus alone. An agency counts as right if the reader named it first,
or second as equally right. Two baselines need no training: TF-IDF similarity to the agencies' mandates, and to the
nearest phrasing of the problem catalogue. Intervals are 95 % bootstrap intervals over the complaints.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from real_complaints import GoldComplaint, gold_complaints, group_of
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from starter_model import REGION, given_or_trained, gold_arguments

from pipeline.artifact import load_model
from pipeline.complaint import Level
from pipeline.model import ComplaintModel, analyse
from pipeline.region import Region, load_region
from pipeline.urgency import LEVELS, decide_levels
from training.metrics import Estimate, bootstrap_mean, calibration_error

STRATA = ("random", "enriched")
Ranking = list[list[str]]  # for each complaint the groups of its agencies, most likely first


def main() -> None:
    """Run the benchmark, and print tables."""
    given = gold_arguments(__doc__)
    region = load_region(REGION)
    gold = gold_complaints(given.bench, given.gold)
    with given_or_trained(given.model) as folder:
        model = load_model(folder)[0]
    scores = model.score([analyse(row.complaint) for row in gold])
    rankings = {
        "model": _ranked(scores.agency, [str(code) for code in model.agency.classes_], region),
        "similarity to mandates": _most_similar(gold, region, *_mandates(region)),
        "similarity to phrasings": _most_similar(gold, region, *_phrasings(region)),
    }
    table = Table(box=None, header_style="bold")
    for column in ("", "stratum", "complaints", "top-1", "top-3"):
        table.add_column(column, no_wrap=True)
    for name, ranking in rankings.items():
        for stratum, rows in _strata(gold).items():
            figures = (str(_top(gold, ranking, rows, k)) for k in (1, 3))
            table.add_row(name, stratum, str(len(rows)), *figures)
    console = Console(width=100)
    console.print(table)
    console.print(_certainty(gold, scores.agency, model, region))
    told = decide_levels(model.urgency.classes_, scores.urgency, scores.dangers, region.urgency_costs)
    console.print(_urgency_table(gold, told))


def _ranked(scores: NDArray[np.float32], codes: Sequence[str], region: Region) -> Ranking:
    """Return the agencies in the order of their scores, named by group."""
    group = group_of(region)
    return [[group(codes[c]) for c in order] for order in np.argsort(-scores, axis=1, kind="stable")]


def _mandates(region: Region) -> tuple[list[str], list[str]]:
    """Return (texts, agency of each): the name, aliases and mandate of every agency."""
    texts = [
        " ".join((agency.name, *agency.aliases, *(region.catalogue[name].mandate for name in agency.urusan)))
        for agency in region.agencies.values()
    ]
    return texts, list(region.agencies)


def _phrasings(region: Region) -> tuple[list[str], list[str]]:
    """Return (texts, agency of each): every phrasing of every problem an agency handles."""
    pairs = [
        (text, agency.code)
        for agency in region.agencies.values()
        for urusan in agency.urusan
        for problem in region.catalogue[urusan].problems
        for _, text in problem.texts
    ]
    return [text for text, _ in pairs], [code for _, code in pairs]


def _most_similar(gold: Sequence[GoldComplaint], region: Region, texts: list[str], codes: list[str]) -> Ranking:
    """Rank agencies by the cosine similarity (TF-IDF of words and pairs) of a complaint and their nearest text."""
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    known = vectorizer.fit_transform(texts)
    similarity = (vectorizer.transform([row.complaint.text for row in gold]) @ known.T).toarray()
    agencies = sorted(set(codes))
    columns = np.array(codes)
    nearest = np.column_stack([similarity[:, columns == code].max(axis=1) for code in agencies])
    return _ranked(nearest, agencies, region)


def _strata(gold: Sequence[GoldComplaint]) -> dict[str, list[int]]:
    strata = {name: [i for i, row in enumerate(gold) if row.stratum == name] for name in STRATA}
    return {name: rows for name, rows in strata.items() if rows} | {"all": list(range(len(gold)))}


def _top(gold: Sequence[GoldComplaint], ranking: Ranking, rows: Sequence[int], k: int) -> Estimate:
    return bootstrap_mean(np.array([bool(gold[i].agencies & set(ranking[i][:k])) for i in rows]))


def _certainty(
    gold: Sequence[GoldComplaint], probabilities: NDArray[np.float32], model: ComplaintModel, region: Region
) -> Table:
    """Return a table of the calibration of the first agency, and of the policy's decisions."""
    group = group_of(region)
    right = np.array([[group(str(code)) in row.agencies for code in model.agency.classes_] for row in gold])
    first = right[np.arange(len(gold)), probabilities.argmax(axis=1)]
    sure = probabilities.max(axis=1)
    suggested = model.policy.suggests([str(code) for code in model.agency.classes_], probabilities)
    sets = [model.policy.choices(row) for row in probabilities]
    table = Table(box=None, show_header=False)
    table.add_row("mean probability of the first agency", f"{sure.mean():.3f}", f"right {bootstrap_mean(first)}")
    table.add_row("calibration error, 15 bins", f"{calibration_error(sure, first):.3f}")
    table.add_row("suggested alone", f"{suggested.mean():.3f}", f"right {bootstrap_mean(first[suggested])}")
    held = np.array([right[number, chosen].any() for number, chosen in enumerate(sets)])
    table.add_row(
        "agencies to choose from", f"{np.mean([len(s) for s in sets]):.2f}", f"right among {bootstrap_mean(held)}"
    )
    return table


def _urgency_table(gold: Sequence[GoldComplaint], told: Sequence[Level]) -> Table:
    away = np.array(
        [abs(LEVELS.index(row.urgency) - LEVELS.index(level)) for row, level in zip(gold, told, strict=True)]
    )
    table = Table("urgency", "complaints", "right", "within one level", box=None, header_style="bold")
    for stratum, rows in _strata(gold).items():
        table.add_row(
            stratum, str(len(rows)), str(bootstrap_mean(away[rows] == 0)), str(bootstrap_mean(away[rows] <= 1))
        )
    return table


if __name__ == "__main__":
    main()
