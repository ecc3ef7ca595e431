"""A real MLflow: its database, its server on PostgreSQL, its model server, all without any text of complaints."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import create_engine, inspect, make_url, text
from typer.testing import CliRunner

from pipeline.artifact import load_model
from pipeline.cli.main import assemble
from pipeline.errors import DataError
from pipeline.manifest import read_manifest
from pipeline.router import Router
from tests.ports import free_port
from tests.serve.postgres import available, given_or_own_server, new_database
from tests.waiting import wait_for_answer
from training.params import ClassifierParams, Params
from training.registry import challenge, promote, rollback
from training.report import write_report
from training.tracking import REGISTERED, flat_metrics, in_use, point_aliases, track, where_to_look
from training.train import TrainingJob, train

MLFLOW = Path(sys.executable).with_name("mlflow")
MARKERS = ("zyzzogeton", "qwixotry", "marjamblesnoot")
STARTING_SECONDS = 120


def test_only_numbers_under_names_of_ours_become_metrics() -> None:
    figures = {"top1": {"value": 0.5, "low": 0.4}, "unknown_labels": {"Dinas A": 3}, "nan": float("nan"), "ok": True}
    assert dict(flat_metrics(figures)) == {"top1": 0.5, "top1.low": 0.4}


def test_a_missing_mlflow_is_told_before_the_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.tracking.find_spec", lambda _: None)
    monkeypatch.setattr("training.train_cli.train", lambda *_: pytest.fail("trained"))
    done = CliRunner().invoke(assemble(), ["train", "--out", str(tmp_path / "model"), "--track"])
    assert "MLflow isn't installed" in str(done.exception)
    assert "pip install 'disposisi[train]'" in str(done.exception), "there is no checkout on a server"


@pytest.mark.parametrize("content", ["", "[1, 2]", "7", "{"])
def test_a_file_that_holds_no_figures_is_refused_before_a_run_is_begun(content: str, tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text(content)
    done = CliRunner().invoke(assemble(), ["track", str(tmp_path), "--figures", str(tmp_path / "metrics.json")])
    assert isinstance(done.exception, DataError)
    assert "metrics.json is not a metrics file" in str(done.exception)


def test_a_file_where_a_folder_of_plots_is_due_is_refused_before_a_run_is_begun(tmp_path: Path) -> None:
    (tmp_path / "plot.svg").touch()
    done = CliRunner().invoke(assemble(), ["track", str(tmp_path), "--files", str(tmp_path / "plot.svg")])
    assert isinstance(done.exception, DataError)
    assert "plot.svg is not a folder" in str(done.exception)


@pytest.mark.slow
@pytest.mark.benchmark
class TestRealMlflow:
    @pytest.fixture(scope="class")
    @classmethod
    def marked(cls, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
        """A model and its labelled training data; each complaint has a unique marker."""
        folder = tmp_path_factory.mktemp("marked")
        lines = ["teks,instansi,urgensi"]
        for number in range(40):
            # Each in only one complaint, as words of several complaints rightly enter the model's vocabulary.
            marker = f"{MARKERS[number % 3]}{chr(97 + number % 26)}{chr(97 + number // 26)}"
            lines += [
                f"lampu jalan di gang kami mati {marker},Dinas Perhubungan,sedang",
                f"sampah menumpuk di pasar bau {marker}ng,Dinas Lingkungan Hidup,tinggi",
            ]
        data = folder / "data.csv"
        data.write_text("\n".join(lines), encoding="utf-8")
        params = Params(classifier=ClassifierParams(folds=2))
        train(TrainingJob((data,), "kab_bekasi", starter_rows=300, params=params), folder / "model", lambda _: None)
        return folder / "model", data

    def test_a_run_has_figures_with_intervals_and_a_model_that_serves_and_aliases_follow(
        self, marked: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
        model, data = marked
        assert not in_use()
        run = track(model)
        evaluation = write_report(model, data, tmp_path / "report")
        assert track(model, evaluation.to_dict(), tmp_path / "report") == run, "a model has one run"
        assert in_use()
        assert "mlflow ui" in where_to_look(), "MLflow sets its database in the environment, but the user didn't"
        client = _client()
        logged = client.get_run(run).data
        assert logged.metrics["top1"] == pytest.approx(evaluation.top1.value)
        assert logged.metrics["top1.low"] <= logged.metrics["top1"] <= logged.metrics["top1.high"]
        assert logged.params["data.sha256"] == read_manifest(model).data["sha256"]
        assert logged.params["classifier.folds"] == "2"
        assert {file.path for file in client.list_artifacts(run, "report")} >= {
            "report/index.html",
            "report/reliability.svg",
        }
        _check_nothing_is_told(tmp_path, f"sqlite:///{tmp_path / 'mlflow.db'}", model)

        with _serving("models", "serve", "-m", f"models:/{REGISTERED}/1", "--env-manager", "local") as address:
            answer = _post(
                f"{address}/invocations", {"dataframe_split": {"columns": ["text"], "data": [["PJU padam"]]}}
            )
        expected = Router.load(model).suggest("PJU padam")
        assert answer["predictions"][0]["agency"] == expected.agencies[0].code
        assert answer["predictions"][0]["model"] == expected.model

    def test_a_run_that_breaks_off_is_not_found_again_as_the_models(
        self, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import mlflow  # noqa: PLC0415 (seconds that the fast tests need not pay)

        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)

        def break_off(*_: object) -> None:
            raise mlflow.exceptions.MlflowException("the server is gone")

        with monkeypatch.context() as broken:
            broken.setattr(mlflow, "log_artifact", break_off)
            with pytest.raises(DataError, match="MLflow failed"):
                track(model_folder)
        run = track(model_folder)
        assert _client().get_run(run).info.status == "FINISHED"
        assert _client().list_artifacts(run), "the second run is complete"

    def test_a_model_is_promoted_where_mlflow_fails_which_is_told_in_one_line(
        self, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://mlflow:s3cret@127.0.0.1:{free_port()}")
        monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
        arguments = ["promote", str(model_folder), "--models", str(tmp_path)]
        done = CliRunner(env={"COLUMNS": "200"}).invoke(assemble(), arguments)
        assert done.exit_code == 0, done.exception
        assert "The champion in" in done.output
        assert "MLflow failed (MlflowException)" in done.output
        assert "s3cret" not in done.output

    def test_a_text_that_is_missing_is_not_answered_as_if_it_were_one(self, model_folder: Path) -> None:
        from training.pyfunc_model import SuggestingModel  # noqa: PLC0415 (imports MLflow)

        served = SuggestingModel()
        served.load_context(SimpleNamespace(artifacts={"model": model_folder}))
        texts = ["lampu jalan mati total", None, float("nan"), pd.NA, "", "123", "sampah menumpuk"]
        answers = served.predict(None, pd.DataFrame({"text": texts}))
        assert [answers["agency"].iloc[at] for at in (0, -1)] == ["dishub", "dlh"]
        assert [list(answers.iloc[at]) for at in range(1, 6)] == [[None] * 5] * 5

    @pytest.mark.postgres
    @pytest.mark.skipif(not available(), reason="PostgreSQL 15 is not installed")
    def test_a_server_on_postgresql_keeps_runs_and_aliases(
        self,
        marked: tuple[Path, Path],
        model_folder: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.chdir(tmp_path)
        model, data = marked
        with given_or_own_server() as server, new_database(server, "mlflow") as database:
            store = make_url(database).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
            arguments = ("--backend-store-uri", store, "--artifacts-destination", str(tmp_path / "kept"))
            with _serving("server", *arguments, "--workers", "1") as address:
                monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
                evaluation = write_report(model, data, tmp_path / "report")
                track(model, evaluation.to_dict(), tmp_path / "report")
                track(model_folder)
                models = tmp_path / "models"
                first, second = read_manifest(model).name, read_manifest(model_folder).name
                point_aliases(promote(model, models))
                assert _alias("champion") == first
                point_aliases(challenge(model_folder, models))
                assert _alias("challenger") == second
                point_aliases(promote(model_folder, models, force=True, reason="tested"))
                assert (_alias("champion"), _alias("challenger")) == (second, None)
                point_aliases(rollback(models))
                assert _alias("champion") == first
            _check_nothing_is_told(tmp_path / "kept", store, model)
        assert not (tmp_path / "mlflow.db").exists()


def _client() -> Any:
    import mlflow  # noqa: PLC0415 (seconds that the fast tests need not pay)

    return mlflow.MlflowClient()


def _alias(alias: str) -> str | None:
    client = _client()
    version = client.get_registered_model(REGISTERED).aliases.get(alias)
    return client.get_model_version(REGISTERED, version).tags["disposisi.model"] if version else None


def _check_nothing_is_told(folder: Path, database: str, model: Path) -> None:
    """Check that no file, table or vocabulary contains a marker."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        content = path.read_bytes()
        assert not any(marker.encode() in content for marker in MARKERS), path
    engine = create_engine(database)
    with engine.connect() as connection:
        tables = inspect(engine).get_table_names()
        assert "runs" in tables
        for table in tables:
            rows = repr(connection.execute(text(f'SELECT * FROM "{table}"')).all())  # noqa: S608 (its own tables)
            assert not any(marker in rows for marker in MARKERS), table
    engine.dispose()
    words = load_model(model)[0].features.vocabulary_
    assert "lampu" in words
    assert not any(marker in word for marker in MARKERS for word in words)


@contextmanager
def _serving(*arguments: str) -> Iterator[str]:
    port = free_port()
    path = f"{MLFLOW.parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "MLFLOW_DISABLE_TELEMETRY": "true"}
    process = subprocess.Popen(
        [MLFLOW, *arguments, "--host", "127.0.0.1", "--port", str(port)], env=environment, start_new_session=True
    )
    try:
        wait_for_answer(process, f"http://127.0.0.1:{port}/health", STARTING_SECONDS)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # with SIGTERM it takes half a minute to exit
        process.wait()


def _post(url: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 (our own server)
        return json.load(response)
