"""Evaluations warn about complaints old enough to be in the training data."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.artifact import load_model
from pipeline.cli.main import assemble
from pipeline.complaint import Complaint
from pipeline.errors import DataError
from pipeline.manifest import NO_REGION, RegionOfModel, read_manifest
from pipeline.region import Region
from training.data import Labelled
from training.evaluate import evaluate
from training.report import render
from training.starter import generate
from training.training_overlap import Seen, hold_out, is_proved

NEWEST = dt.date(2026, 3, 31)
AFTER = NEWEST + dt.timedelta(days=1)
WARNING = "no newer than the model's training data (up to 2026-03-31)"


@pytest.fixture(scope="module")
def model(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose manifest says that it was trained on real complaints up to ``NEWEST``."""
    folder = Path(shutil.copytree(model_folder, tmp_path_factory.mktemp("seen") / "model"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["data"] |= {"newest": NEWEST.isoformat(), "real_rows": 900, "undated_rows": 0, "written_rows": 1234}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture
def rows() -> list[Labelled]:
    """A complaint every four hours, until 20 February 2026."""
    start = dt.datetime(2026, 1, 1)  # noqa: DTZ001
    times = (start + dt.timedelta(hours=4 * number) for number in range(304))
    return [Labelled(Complaint("lampu jalan mati"), "dishub", created_at=time) for time in times]


def labelled(bekasi: Region, first: dt.date) -> list[tuple[str, str, str]]:
    made = enumerate(generate(bekasi, 30, seed=1, noise=0.0))
    return [(row.text, row.agency, (first + dt.timedelta(days=day)).isoformat()) for day, row in made]


def told(path: Path, rows: Sequence[tuple[str, ...]], *command: str) -> str:
    """Run a command on the rows, and return its messages, without the result."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("teks", "instansi", "diterima petugas", "kelompok"), *rows])
    done = CliRunner().invoke(assemble(), [*command, str(path), "--date", "diterima petugas"])
    assert done.exit_code == 0, done.output
    return " ".join(done.stderr.split())


def test_complaints_up_to_the_newest_day_may_have_been_seen(model: Path, bekasi: Region, tmp_path: Path) -> None:
    file = tmp_path / "labelled.csv"
    said = told(file, labelled(bekasi, NEWEST - dt.timedelta(days=10)), "evaluate", str(model))
    assert f"11 of 30 complaints are {WARNING}" in said
    of_one_day = [(text, agency, NEWEST.isoformat()) for text, agency, _ in labelled(bekasi, NEWEST)]
    assert f"30 of 30 complaints are {WARNING}" in told(file, of_one_day, "evaluate", str(model)), "an import's day"
    assert WARNING not in told(file, labelled(bekasi, AFTER), "evaluate", str(model))


def test_thresholds_are_not_chosen_from_what_the_model_may_have_been_trained_on(
    model: Path, bekasi: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.calibrate_cli.MIN_ROWS_FOR_THRESHOLDS", 30)
    old = labelled(bekasi, dt.date(2026, 1, 1))
    file, command = tmp_path / "rows.csv", ("policy", str(model), "--out", str(tmp_path / "new"))
    said = told(file, [*old, *labelled(bekasi, AFTER)], *command)
    assert f"Skipped 30 of 60 complaints: they are {WARNING}" in said
    assert f"complaints are {WARNING}" not in said
    told(file, [(*row, "dev") for row in old], *command, "--split-column", "kelompok=dev")
    done = CliRunner().invoke(assemble(), [*command, str(file), "--date", "diterima petugas"])
    assert isinstance(done.exception, DataError)
    assert "0 usable rows" in done.exception.english


def test_thresholds_are_chosen_from_complaints_of_unknown_age_only_if_somebody_knows_it(
    model: Path, bekasi: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.calibrate_cli.MIN_ROWS_FOR_THRESHOLDS", 30)
    undated = [(text, agency, "") for text, agency, _ in labelled(bekasi, NEWEST)]
    file, command = tmp_path / "rows.csv", ("policy", str(model), "--out", str(tmp_path / "new"))
    said = told(file, [*undated, *labelled(bekasi, AFTER)], *command)
    assert "Skipped 30 of 60 complaints: no date shows whether the model was trained on them" in said
    assert "Skipped" not in told(file, undated, *command, "--unseen")
    done = CliRunner().invoke(assemble(), [*command, str(file), "--date", "diterima petugas"])
    assert isinstance(done.exception, DataError)
    assert "pass --unseen" in " ".join(done.stderr.split())


def test_complaints_whose_age_nothing_tells_may_have_been_seen(model: Path, bekasi: Region, tmp_path: Path) -> None:
    file = tmp_path / "labelled.csv"
    undated = [(text, agency, "") for text, agency, _ in labelled(bekasi, NEWEST)]
    said = "30 of 30 complaints may be in the model's training data: no date rules it out"
    assert said in told(file, undated, "evaluate", str(model))
    assert "no date rules it out" not in told(file, labelled(bekasi, AFTER), "evaluate", str(model))
    split = [(f"{text} lagi", agency, "") for text, agency, _ in labelled(bekasi, NEWEST)]
    of_a_split = ("evaluate", str(model), "--split-column", "kelompok=dev")
    assert "no date rules it out" not in told(file, [(*row, "dev") for row in split], *of_a_split)


def test_dates_of_complaints_tell_nothing_of_a_training_without_any() -> None:
    day = dt.datetime(2026, 1, 1)  # noqa: DTZ001
    rows = [Labelled(Complaint("jalan rusak"), "dishub", created_at=day), Labelled(Complaint("lampu mati"), "dishub")]
    assert list(map(Seen(None, undated=True).is_untold, rows)) == [True, True]
    assert list(map(Seen(dt.date(2025, 1, 1), undated=True).is_untold, rows)) == [False, True]
    assert not any(map(Seen(None, undated=False).is_untold, rows)), "it was trained on no real complaint"


def test_a_report_claims_only_that_of_unseen_complaints(model: Path, bekasi: Region) -> None:
    loaded, manifest = load_model(model)
    day = dt.datetime(2026, 1, 1)  # noqa: DTZ001
    rows = [Labelled(Complaint(text), agency, created_at=day) for text, agency, _ in labelled(bekasi, NEWEST)]
    evaluation = evaluate(loaded, rows, bekasi)

    def page(older: int, untold: int = 0) -> str:
        return " ".join(render(manifest, evaluation, bekasi, rows=30, unusable=0, older=older, untold=untold).split())

    assert all(map(Seen.of(manifest.data).is_old, rows))
    assert "30 aduan yang belum pernah dilihatnya" in page(0)
    assert "belum pernah dilihatnya" not in page(30)
    assert "30 di antaranya tidak lebih baru daripada aduan terbaru yang dipelajari model (31-03-2026)" in page(30)
    assert "900 aduan nyata (yang terbaru dari 31-03-2026), 5.000 aduan buatan, 1.234 pesan contoh;" in page(0)
    assert "belum pernah dilihatnya" not in page(0, untold=7)
    assert "Kabupaten Bekasi · dibuat" in page(0)
    manifest = manifest.model_copy(update={"region": RegionOfModel(code=NO_REGION, name=NO_REGION, folder=NO_REGION)})
    assert "tanpa wilayah · dibuat" in page(0)
    assert "Dari 7 di antaranya tanggal tidak menerangkan apakah model pernah mempelajarinya" in page(0, untold=7)


def test_a_report_counts_only_complaints_with_an_agency_as_those_it_measured(
    model: Path, bekasi: Region, tmp_path: Path
) -> None:
    known = labelled(bekasi, NEWEST - dt.timedelta(days=10))
    told(
        tmp_path / "rows.csv",
        [*known, *((text, "", day) for text, _, day in known)],
        *("report", str(model), "--out", str(tmp_path / "report")),
    )
    page = " ".join((tmp_path / "report" / "index.html").read_text(encoding="utf-8").split())
    assert "dihitung dari 30 aduan;" in page
    assert "11 di antaranya tidak lebih baru" in page
    assert "Diukur pada 60 aduan, 30 di antaranya tanpa instansi;" in page


def test_a_report_says_on_which_day_in_the_region_the_model_was_made(model: Path, bekasi: Region) -> None:
    loaded, manifest = load_model(model)
    evening = dt.datetime(2026, 1, 31, 16, 30, tzinfo=dt.UTC)  # 23.30 in WIB; 1 February in WIT
    manifest = manifest.model_copy(update={"created_at": evening})
    evaluation = evaluate(loaded, [Labelled(Complaint("lampu mati"), "dishub")], bekasi)
    regions = bekasi, replace(bekasi, code="91.71"), None
    pages = [render(manifest, evaluation, region, rows=1, unusable=0, older=0) for region in regions]
    days = [day for page in pages for day in ("31-01-2026", "01-02-2026") if f"dibuat {day}" in page]
    assert days == ["31-01-2026", "01-02-2026", "31-01-2026"]


def test_a_model_without_real_complaints_has_seen_none() -> None:
    row = Labelled(Complaint("jalan rusak"), "dishub", created_at=dt.datetime(2020, 1, 1))  # noqa: DTZ001
    assert not Seen(undated=False).is_old(row)
    assert not Seen(dt.date(2026, 1, 1)).is_old(Labelled(Complaint("jalan rusak"), "dishub")), "of unknown age"


def test_only_complaints_newer_than_both_trainings_are_compared_on(rows: list[Labelled]) -> None:
    seen = [Seen(dt.date(2026, 2, day), undated=False) for day in (1, 10)]
    newer = hold_out(rows, *seen)
    assert min(row.created_at.date() for row in newer if row.created_at) == dt.date(2026, 2, 11)
    assert is_proved(newer, *seen)
    claimed = hold_out(rows, *seen, since=dt.date(2026, 2, 10))  # includes a day that a model has seen
    assert len(claimed) > len(newer)
    assert not is_proved(claimed, *seen)
    assert hold_out(rows, Seen(undated=False), Seen(undated=False)) == rows
    with pytest.raises(DataError, match="may have been trained on older ones"):
        hold_out(rows, Seen(dt.date(2030, 1, 1), undated=False))


def test_complaints_of_unknown_age_are_compared_on_only_if_somebody_says_that_they_are_unseen(
    rows: list[Labelled],
) -> None:
    undated = [replace(row, created_at=None) for row in rows[:20]]
    starter, mixed = Seen(undated=False), Seen(dt.date(2026, 2, 1), undated=True)
    with pytest.raises(DataError, match="No complaint has a date"):
        hold_out(undated, starter)
    with pytest.raises(DataError, match="trained on complaints without a date") as told:
        hold_out(rows, starter, mixed)
    assert "The challenger was" in told.value.english
    assert "--unseen" in str(told.value.mend)
    with pytest.raises(DataError, match="The champion and the challenger were"):
        hold_out(rows, mixed, mixed)
    with pytest.raises(DataError, match="No complaint is from 2030-01-02 or later") as told:
        hold_out(rows, Seen(dt.date(2030, 1, 1)), believed=True)
    assert "--unseen" not in str(told.value.mend), "it was already given"
    taken = hold_out([*undated, *rows], starter, mixed, believed=True)
    assert taken[:20] == undated
    assert min(row.created_at.date() for row in taken[20:] if row.created_at) == dt.date(2026, 2, 2), (
        "dates still count"
    )
    assert not is_proved(undated, starter)
    assert not is_proved(rows[-20:], mixed)
    for believed in (False, True):
        assert hold_out([*undated, *rows], starter, mixed, since=dt.date(2026, 1, 1), believed=believed) == rows


def test_how_old_a_training_is_stands_in_its_manifest(model_folder: Path) -> None:
    assert Seen.of(read_manifest(model_folder).data) == Seen(None, undated=False), "trained on no real complaints"
    facts = {"real_rows": 30, "newest": "2026-06-30"}
    assert Seen.of(facts) == Seen(dt.date(2026, 6, 30), undated=True), "undated rows weren't counted yet"
    assert Seen.of(facts | {"undated_rows": 0}) == Seen(dt.date(2026, 6, 30), undated=False)
    assert Seen.of(facts | {"undated_rows": 2}).undated
