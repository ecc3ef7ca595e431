"""Time and memory of ``disposisi reclassify`` from 10^4 to 10^6 rows, by engine and number of processes.

    disposisi starter starter.parquet --rows 1000000 --seed 11
    python benchmarks/batch.py starter.parquet --model models/default --rows 10000 100000 1000000

Each run is the command itself, from Parquet to Parquet. Memory is the proportional set size (PSS) summed over all its
processes and sampled twice a second, so that shared pages count once. Results are added to benchmarks/batch.jsonl;
``--plot`` fits a line through the results of each kind and draws docs/batch-scaling.svg.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import matplotlib
import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from real_complaints import ROOT
from unseen_texts import DEFAULT_MODEL

from training.plots import BLUE, ORANGE

RESULTS = ROOT / "benchmarks" / "batch.jsonl"
PLOT = ROOT / "docs" / "batch-scaling.svg"
ROW_GROUP = 10_000
LIMIT_MB = 600
BUSY = 4.0  # load average from which other work distorts a run's time


@dataclass(frozen=True)
class Measured:
    """Measurements of one run.

    Attributes
    ----------
    seconds
        Wall time of the command, including loading.
    working_seconds
        As reported by the command: reading, answering and writing, without Python's startup.
    peak_pss_mb, peak_rss_mb
        Highest sum over the processes; RSS counts shared pages once per process.
    load
        The machine's load average at the start, as other work slows the run down.
    """

    engine: str
    processes: int
    rows: int
    seconds: float
    working_seconds: float
    peak_pss_mb: float
    peak_rss_mb: float
    load: float
    commit: str


def main() -> None:
    """Run the benchmark, and plot if requested."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 31_623, 100_000, 316_228, 1_000_000])
    parser.add_argument("--engine", choices=("local", "dask"), default="local")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--plot", action="store_true")
    options = parser.parse_args()
    for rows in options.rows:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "in.parquet"
            first_rows(options.corpus, source, rows)
            measured = measure(source, Path(folder) / "out.parquet", rows, options)
        print(json.dumps(asdict(measured)), flush=True)
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write(json.dumps(asdict(measured)) + "\n")
    if options.plot:
        plot([Measured(**json.loads(line)) for line in RESULTS.read_text(encoding="utf-8").splitlines()])


def first_rows(corpus: Path, target: Path, rows: int) -> None:
    """Copy the first rows of a corpus, by row groups."""
    with pq.ParquetFile(corpus) as file, pq.ParquetWriter(target, file.schema_arrow, compression="zstd") as writer:
        for batch in file.iter_batches(batch_size=ROW_GROUP):
            table = pa.Table.from_batches([batch]).slice(0, rows)
            writer.write_table(table)
            rows -= len(table)
            if not rows:
                return
    raise SystemExit(f"The corpus has {rows:,} rows too few.")


def measure(source: Path, out: Path, rows: int, options: argparse.Namespace) -> Measured:
    """Run the command, and measure its processes."""
    command = [
        Path(sys.executable).with_name("disposisi"), "reclassify", source, "-o", out, "--model", options.model,
        "--engine", options.engine, "--processes", str(options.processes),
    ]  # fmt: skip
    began, load = time.monotonic(), os.getloadavg()[0]
    process = subprocess.Popen([str(part) for part in command], stderr=subprocess.PIPE, text=True)
    pss = rss = 0.0
    while process.poll() is None:
        now_pss, now_rss = memory(process.pid)
        pss, rss = max(pss, now_pss), max(rss, now_rss)
        time.sleep(0.5)
    told = process.stderr.read() if process.stderr else ""
    if process.returncode not in {0, 11}:  # 11: some rows were refused
        raise SystemExit(told)
    words = next(line for line in told.splitlines() if " complaints are in " in line).split()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return Measured(
        options.engine, options.processes, rows, round(time.monotonic() - began, 1), float(words[-2].replace(",", "")),
        round(pss), round(rss), round(load, 1), commit.stdout.strip(),
    )  # fmt: skip


def memory(pid: int) -> tuple[float, float]:
    """Return the sums of PSS and RSS over a process and its descendants, in MB (10^6 bytes)."""
    pss = rss = 0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            told = process.memory_full_info()
            pss, rss = pss + told.pss, rss + told.rss
    except psutil.Error:
        pass
    return pss / 1e6, rss / 1e6


def plot(runs: list[Measured]) -> None:
    """Plot time and memory of the local engine with two processes: runs of the newest version, on an idle machine."""
    matplotlib.use("svg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 (after the backend is chosen)

    quiet = [run for run in runs if (run.engine, run.processes) == ("local", 2) and run.load < BUSY]
    latest = {run.rows: run for run in quiet if run.commit == quiet[-1].commit}
    chosen = [latest[rows] for rows in sorted(latest)]
    rows = np.array([run.rows for run in chosen], dtype=float)
    seconds = np.array([run.working_seconds for run in chosen])
    # Minimises relative deviations; otherwise the largest run alone would decide.
    slope, constant = np.polyfit(rows, seconds, 1, w=1 / seconds)
    figure, (above, below) = plt.subplots(2, 1, figsize=(7, 6.5), sharex=True, layout="constrained")
    between = np.geomspace(rows.min(), rows.max(), 100)  # a line is curved on these axes
    above.loglog(
        between, constant + slope * between, color=BLUE, label=f"{constant:.0f} s + rows / {1 / slope:,.0f} per s"
    )
    above.loglog(rows, seconds, "o", color=ORANGE, markeredgecolor="#1a1a1a", label="measured")
    above.set_ylabel("time (s)")
    above.legend(frameon=False)
    below.semilogx(rows, [run.peak_pss_mb for run in chosen], "o-", color=BLUE, markeredgecolor="#1a1a1a")
    below.axhline(LIMIT_MB, color="#1a1a1a", linestyle=":", label=f"limit, {LIMIT_MB} MB")
    below.set(
        xlabel="rows",
        ylabel="memory peak, all processes (MB)",
        ylim=(0, 1.1 * max(LIMIT_MB, *(run.peak_pss_mb for run in chosen))),
    )
    below.legend(frameon=False)
    figure.savefig(PLOT, metadata={"Date": None})
    worst = np.abs(seconds / (constant + slope * rows) - 1).max()
    print(f"{constant:.1f} s + {slope * 1e6:.1f} µs a row; largest deviation {worst:.0%}; {PLOT}")


if __name__ == "__main__":
    main()
