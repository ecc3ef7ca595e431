"""Training and evaluation end to end, on rows of the starter corpus not used in training."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.artifact import load_model
from pipeline.cli.main import assemble
from pipeline.complaint import Complaint, Level
from pipeline.errors import DataError, ModelError
from pipeline.manifest import read_manifest
from pipeline.region import Region, load_region
from training.data import Labelled
from training.evaluate import evaluate
from training.fit import blend, fit_model, situations_of
from training.params import ClassifierParams, Params, StarterParams
from training.starter import generate, write_corpus
from training.train import STEPS, TrainingJob, train

FAST = Params(classifier=ClassifierParams(folds=2))


@pytest.fixture(scope="module")
def corpus(bekasi: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "corpus.parquet"
    write_corpus(path, generate(bekasi, 1500, seed=3, noise=0.5))
    return path


@pytest.mark.slow  # fits whole models
def test_real_rows_alone_make_a_model(corpus: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    job = TrainingJob(files=(corpus,), region="kab_bekasi", starter_rows=0, params=FAST)
    trained = train(job, tmp_path / "model", steps.append)
    assert len(steps) == STEPS
    model, manifest = load_model(tmp_path / "model")
    assert manifest == trained.manifest
    assert manifest.data["real_rows"] == 1500
    assert manifest.data["starter_rows"] == 0
    assert manifest.data["undated_rows"] == 1500
    assert manifest.data["written_rows"] == manifest.data["urgency_written_rows"] == 0
    assert manifest.data["urgency_real_rows"] == 1500
    assert set(manifest.agencies) == set(model.agency.classes_)
    card = (tmp_path / "model" / "README.md").read_text()
    assert "Kabupaten Bekasi" in card
    assert "dishub" in card


@pytest.mark.slow  # fits whole models
def test_labels_as_they_are_make_a_model_whose_urgency_comes_from_the_starter_corpus(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"{text} nomor {i},{agency}" for i in range(12) for text, agency in (("lampu mati", "A"), ("banjir", "B"))]
    path.write_text("teks,instansi\n" + "\n".join([*rows, "sepi,C"]), encoding="utf-8")
    params = FAST.model_copy(update={"starter": StarterParams(rows=600)})
    train(TrainingJob(files=(path,), region="none", params=params), tmp_path / "model", lambda _: None)
    manifest = read_manifest(tmp_path / "model")
    assert manifest.agencies == ["A", "B", "Lainnya"]
    assert manifest.region.code == "none"


def test_a_training_keeps_how_old_and_how_right_it_was_and_tells_that_copies_count_twice(tmp_path: Path) -> None:
    first, second, params = tmp_path / "first.csv", tmp_path / "second.csv", tmp_path / "params.yaml"
    days = (*range(24, 0, -1), *range(25, 29))
    rows = [f"{('lampu mati', 'banjir')[day % 2]} nomor {day},{'AB'[day % 2]},2026-05-{day:02}" for day in days]
    first.write_text("\n".join(["teks,instansi,tanggal", *rows]), encoding="utf-8")
    second.write_text("\n".join(["teks,instansi", "lampu  mati nomor 2,A", "sepi,A"]), encoding="utf-8")
    params.write_text("classifier: {folds: 2}\nstarter: {rows: 60}\nurgency: {folds: 0}\n", encoding="utf-8")
    command = ["train", str(first), str(second), "--region", "none", "--params", str(params), "--out"]
    done = CliRunner().invoke(assemble(), [*command, str(tmp_path / "model")])
    assert done.exit_code == 0, done.output
    assert "1 complaint(s) repeat another's text, address and agency" in " ".join(done.stderr.split())
    kept = read_manifest(tmp_path / "model")
    assert (kept.data["newest"], kept.data["undated_rows"], kept.data["real_rows"]) == ("2026-05-28", 2, 30)
    assert kept.data["profile"]["right"] == kept.metrics["agency"]["top1"] > 0.5


def test_files_without_a_usable_agency_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("teks\njalan rusak\n", encoding="utf-8")
    with pytest.raises(DataError, match="--agency"):
        train(TrainingJob(files=(path,), region="kab_bekasi", params=FAST), tmp_path / "m", lambda _: None)
    assert not (tmp_path / "m").exists()


def test_what_cannot_be_is_told_before_minutes_of_training(tmp_path: Path) -> None:
    def refused(job: TrainingJob) -> str:
        steps: list[str] = []
        with pytest.raises(DataError) as told:
            train(job, tmp_path / "m", steps.append)
        assert len(steps) <= 1
        return str(told.value)

    job = TrainingJob(files=(), region="kab_bekasi", params=FAST)
    (tmp_path / "folder").mkdir()
    assert "is a folder" in refused(replace(job, held_out_file=tmp_path / "folder"))
    assert "--starter-file" in refused(replace(job, starter_rows=10, starter_file=tmp_path / "starter.parquet"))
    for asked in ({"starter_rows": 10}, {"starter_file": tmp_path / "starter.parquet"}):
        assert "Without a region" in refused(replace(job, region="none", **asked))


def test_a_place_where_no_model_can_be_saved_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "aduan.csv").touch()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "aduan.xlsx").touch()
    job = TrainingJob(files=(tmp_path / "read later.csv",), region="kab_bekasi", params=FAST)
    for out, says in (("aduan.csv", "is a file"), ("data", r"holds aduan\.xlsx"), ("aduan.csv/m", "Not a directory")):
        steps: list[str] = []
        with pytest.raises((ModelError, OSError), match=says):
            train(job, tmp_path / out, steps.append)
        assert steps == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aduan.csv", "data"]


def test_a_starter_corpus_composed_while_files_are_read_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("teks,instansi\nlampu jalan mati,dishub\nsampah menumpuk,dlh\n", encoding="utf-8")
    job = TrainingJob(files=(path,), region="kab_bekasi", starter_rows=100, params=FAST)
    learnt_from: list[tuple[Sequence[Labelled], Sequence[Labelled]]] = []

    def only_read(rows: Sequence[Labelled], urgency_rows: Sequence[Labelled], *_: object) -> None:
        learnt_from.append((rows, urgency_rows))
        raise KeyboardInterrupt

    monkeypatch.setattr("training.train.fit_uncalibrated", only_read)
    for processors in (2, 1):
        monkeypatch.setattr("training.background.cpu_count", lambda processors=processors: processors)
        with pytest.raises(KeyboardInterrupt):
            train(job, tmp_path / "m", lambda _: None)
    told = situations_of(load_region("kab_bekasi"), FAST.starter.situation_weight)
    assert len(learnt_from[0][0]) == 102 + len(told)
    assert learnt_from[0] == learnt_from[1]


@pytest.mark.parametrize("region", ["kab_bekasi", "none"])
def test_who_blends_no_starter_rows_in_gets_urgency_from_them_all_the_same(
    region: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    rows = [
        f"{text} nomor {n},{agency},tinggi" for n in range(12) for text, agency in (("lampu", "dishub"), ("api", "dlh"))
    ]
    path.write_text("\n".join(["teks,instansi,urgensi", *rows]), encoding="utf-8")
    learnt_from: list[Sequence[Labelled]] = []

    def only_read(*rows: Sequence[Labelled]) -> None:
        learnt_from.extend(rows[:2])
        raise KeyboardInterrupt

    monkeypatch.setattr("training.train.fit_uncalibrated", only_read)
    params = FAST.model_copy(update={"starter": StarterParams(rows=200)})
    with pytest.raises(KeyboardInterrupt):
        train(TrainingJob((path,), region, starter_rows=0, params=params), tmp_path / "m", lambda _: None)
    assert len(learnt_from[0]) == 24
    assert {row.urgency for row in learnt_from[1]} == set(Level), "an emergency that occurs in no file is recognised"


def test_labels_that_are_all_too_rare_are_told_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("teks,instansi\nlampu mati,A\nbanjir,B\nsampah,C\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"No agency has 10 rows \(min_rows"):
        train(TrainingJob((path,), "none", params=FAST), tmp_path / "m", lambda _: None)


def test_one_class_is_refused() -> None:
    rows = [Labelled(Complaint("jalan rusak"), "a", Level.SEDANG)] * 5
    with pytest.raises(DataError, match="1 distinct label"):
        fit_model(rows, rows, FAST)


def test_starter_rows_weigh_less_the_more_real_rows_their_class_has() -> None:
    real = [Labelled(Complaint("x"), "often")] * 100
    starter = [Labelled(Complaint("y"), "often"), Labelled(Complaint("z"), "never")]
    settings = StarterParams(full_weight=0.8, half_at=25)
    weights = {row.agency: row.weight for row in blend(real, starter, settings)[100:]}
    assert weights == {"often": pytest.approx(0.8 * 25 / 125), "never": 0.8}


@pytest.mark.slow  # fits whole models
def test_evaluation_counts_unknown_labels_as_wrong_and_is_plain_data(model_folder: Path) -> None:
    model, _ = load_model(model_folder)
    rows = [
        Labelled(Complaint("lampu jalan pju mati total"), "dishub", Level.SEDANG),
        Labelled(Complaint("sampah menumpuk tidak diangkut"), "dlh", Level.DARURAT),
        Labelled(Complaint("roket jatuh di sawah"), "antariksa"),
    ]
    evaluation = evaluate(model, rows)
    assert evaluation.rows == 3
    assert evaluation.top1.value == pytest.approx(2 / 3)
    assert evaluation.unknown_labels == {"antariksa": 1}
    assert evaluation.urgency_rows == 2
    json.dumps(evaluation.to_dict())


def test_complaints_without_a_label_between_the_others_change_no_figure_of_agencies(model_folder: Path) -> None:
    model, _ = load_model(model_folder)
    told = [("lampu jalan pju mati total", "dishub"), ("sampah menumpuk tidak diangkut", "dlh")]
    rows = [Labelled(Complaint(text), agency) for text, agency in told]
    unlabelled = Labelled(Complaint("kartu tanda penduduk hilang"), None, Level.RENDAH)
    alone, among = evaluate(model, rows), evaluate(model, [unlabelled, rows[0], unlabelled, rows[1]])
    assert alone.top1.value == 1
    assert among.urgency_rows == 2
    assert (among.top1, among.top3, among.classes) == (alone.top1, alone.top3, alone.classes)


def test_evaluation_never_quotes_an_unknown_label_that_reads_like_a_complaint(model_folder: Path) -> None:
    model, _ = load_model(model_folder)
    names = ("antariksa", "Dinas Bulan", "Dinas Mars", "Kantor Lama")
    rows = [
        Labelled(Complaint("Dinas Perhubungan"), label, created_at=dt.datetime(2025, month, 1, tzinfo=dt.UTC))
        for month, label in enumerate(("Gang kami gelap! Tolong", *names), start=1)
    ]
    evaluation = evaluate(model, rows)
    assert evaluation.unknown_labels == {"(free text)": 1, **dict.fromkeys(names, 1)}
    assert "gelap" not in json.dumps(evaluation.to_dict())
