"""How well messages of two problems are told from messages of one.

    python benchmarks/parts.py MODEL [--rows 20000]

Two sets: messages written for this (tests/data/several_problems.tsv), and composed ones that the model was not trained
on (another seed), though it knows their phrasings. *Precision*: of the messages said to hold two problems, how many do,
and with both agencies right. *Recall*: of the messages that hold two, how many are found with both agencies right. 95 %
Wilson intervals.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from real_complaints import ROOT
from rich.console import Console
from rich.table import Table

from pipeline.complaint import Complaint
from pipeline.model import analyse
from pipeline.model.parts import cuts_of
from pipeline.region import Region
from pipeline.router import Router
from training.metrics import share
from training.starter import generate

WRITTEN = ROOT / "tests" / "data" / "several_problems.tsv"
SEED = 4_711  # other than that of the training corpus


@dataclass(frozen=True, slots=True)
class Message:
    """A text, and for each of its one or two problems the acceptable agencies."""

    text: str
    problems: tuple[frozenset[str], ...]


def main() -> None:
    """Run the benchmark, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="folder of a model for Kabupaten Bekasi")
    parser.add_argument("--rows", type=int, default=20_000, help="number of composed messages")
    given = parser.parse_args()
    router = Router.load(given.model)
    composed = list(_composed(router.region, given.rows))
    table = Table(box=None, header_style="bold")
    for column in (
        "messages",
        "two agencies",
        "one",
        "said to be two",
        "are two",
        "precision",
        "recall",
        "with a connecting word",
    ):
        table.add_column(column)
    for name, messages in (("written", list(_written())), ("composed", composed)):
        table.add_row(name, *_figures(router, messages))
    Console(width=150).print(table)


def _figures(router: Router, messages: Sequence[Message]) -> list[str]:
    found = [
        tuple(part.code for part in suggestion.parts)
        for suggestion in router.suggest_many(message.text for message in messages)
    ]
    said = np.array([bool(codes) for codes in found])
    right = np.array([_are(codes, message) for codes, message in zip(found, messages, strict=True)])
    two = np.array([len(message.problems) == 2 for message in messages])
    connected = two & np.array([bool(cuts_of(analyse(Complaint(message.text)))) for message in messages])
    figures = (share(two[said]), share(right[said]), share(right[two]), share(right[connected]))
    return [f"{two.sum():,}", f"{(~two).sum():,}", f"{said.sum():,}", *map(str, figures)]


def _are(codes: Sequence[str], message: Message) -> bool:
    return len(codes) == len(message.problems) == 2 and all(
        code in agencies for code, agencies in zip(codes, message.problems, strict=True)
    )


def _written() -> Iterator[Message]:
    with WRITTEN.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield Message(row["text"], tuple(frozenset({code}) for code in row["agencies"].split()))


def _composed(region: Region, rows: int) -> Iterator[Message]:
    day = dt.datetime.now(tz=dt.UTC).date()
    for row in generate(region, rows, seed=SEED, noise=0.5):
        problems = [frozenset({row.agency})]
        if row.problem2:
            urusan, _, problem = row.problem2.partition("/")
            problems.append(frozenset(agency.code for agency in region.responsible(urusan, problem, day)))
        yield Message(row.text, tuple(problems[:1] if problems[0] & problems[-1] else problems))


if __name__ == "__main__":
    main()
