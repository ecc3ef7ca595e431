"""The command line: output, errors and exit codes."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest
import typer

from pipeline.cli import lazy
from pipeline.errors import ModelNotFoundError
from tests.pipeline.cli.conftest import Run

DISPOSISI = Path(sys.executable).with_name("disposisi")


@pytest.mark.slow  # starts a Python process that imports all commands
def test_the_installed_command_tells_its_version() -> None:
    result = subprocess.run([DISPOSISI, "--version"], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("disposisi ")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["classify", "halo", "--model", "nowhere"], 5, "disposisi train"),
        (["evaluate", "nowhere", "x.csv"], 5, "disposisi train"),
        (["evaluate", "store.sqlite3", "nowhere"], 5, "as MODEL before FILE"),
        (["train", ".", "--out", "x"], 3, ". is a folder, not a file"),
        (["train", "nowhere.csv", "--out", "x"], 3, "There is no file nowhere.csv"),
        (["train", "--out", "x", "--region", "nirwana"], 4, "kab_bekasi"),
        (["train", "--out", "x", "--region", "none"], 3, "Give FILE"),
        (["train", "--out", "x", "--split-column", "split"], 3, "split=train"),
        (["train", "--out", "x", "--params", "nowhere.yaml"], 3, "nowhere.yaml"),
        (["compare", "x", "y", "z.csv", "--since", "besok"], 3, "'besok' is not a date. Write it as 2027-01-31."),
        (["region", "diff", "x", "y", "--at", "besok"], 3, "'besok' is not a date. Write it as 2027-01-31."),
        (["region", "check", "nirwana"], 4, "kab_bekasi"),
        (["region", "new", "99.99"], 4, "35.78"),
        (["models", "nowhere"], 5, "disposisi train"),
        (["classify"], 3, "No complaint was given"),
        (["reclassify", "x.csv", "-o", "y.csv", "--scheduler", "tcp://h:8786"], 3, "--engine dask"),
        (["import", "x.csv", "--channel", "Kanal Besar"], 3, "sp4n-lapor"),
        (["classify", "halo", "--jsonl"], 3, "standard input"),
        (["starter", "/proc/x/corpus.parquet", "--rows", "3"], 74, "Check the path"),
        (["starter", "corpus.csv", "--rows", "3"], 3, "Name it corpus.parquet"),
        (["export-training", "decisions.xlsx"], 3, "Name it decisions.parquet"),
        (["export-training", "--undecided", "waiting.jsonl"], 3, "Name it waiting.parquet"),
        (["suspects", "x.csv", "--out", "suspects.xlsx"], 3, "Name it suspects.csv"),
        (["suspects", "x.csv", "--out", "./x.csv"], 3, "would overwrite x.csv, which is an input"),
        (["teach", "x.csv", "--labelled", "y.csv", "--out", "y.csv"], 3, "would overwrite y.csv, which is an input"),
        (["teach", "x.csv", "--out", "teach.csv.gz"], 3, "its extension is not .csv"),
        (["train", "x.csv", "--out", "m", "--held-out", "x.csv"], 3, "its extension is not .npz"),
        (["user", "list", "--database", "mysql://x/y"], 6, "SQLite or PostgreSQL"),
        (["user", "list", "--database", "x"], 6, "sqlite:///"),
        (["user", "disable", "ani"], 6, "There is no user 'ani'. See: disposisi user list."),
        (["user", "add", "Ani Wijaya", "--password-stdin"], 6, "is not a valid user name"),
        (["user", "add", "ani", "--password-stdin"], 6, "A password must have 10 to 200 characters"),
        (["key", "revoke", "bot"], 6, "There is no key 'bot'. See: disposisi key list."),
        (["key", "add", "", "--scope", "read"], 6, "A key needs a name"),
        (["subject", "show", " "], 6, "The identifier is empty"),
        (["restore", "nowhere.sqlite3", "--database", "sqlite:///x"], 6, "There is no file nowhere.sqlite3"),
        (["db", "upgrade", "--database", "sqlite:////proc/x"], 6, "the file's permissions"),
    ],
)
def test_bad_input_is_one_line_and_an_exit_code(
    run: Run, arguments: list[str], code: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "store.sqlite3").touch()  # an empty store
    monkeypatch.setenv("DISPOSISI_DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite3'}")
    result = run(*arguments)
    assert result.code == code
    assert says in result.err
    assert len(result.err.strip().splitlines()) == 1
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["key", "add", "bot", "--scope", "raed"], "Invalid value for '--scope': 'raed' is not one of 'suggest', "),
        (["reclassify", "x.csv", "--engine", "daks"], "'--engine': 'daks' is not one of 'local', 'dask'."),
        (["reclassify", "x.csv", "--seed", "1.5"], "'--seed': not a whole number (found '1.5')."),
        (["reclassify", "x.csv", "--processes", "0"], "'--processes': must be 1 or more (found '0')."),
        (["policy", "x", "--precision", "2"], "'--precision': must be 0.999 or less (found '2')."),
    ],
)
def test_an_invalid_value_of_an_option_is_told_in_our_words(run: Run, arguments: list[str], says: str) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert says in result.err
    assert "Value error" not in result.err


def test_paths_are_told_as_they_stand_brackets_and_bytes_that_are_no_utf8_and_all(
    run: Run, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))  # strict, like a terminal's
    monkeypatch.chdir(tmp_path)
    Path("[bold]").mkdir()
    source = Path("[bold]", os.fsdecode(b"caf\xe9 [x].csv"))
    source.write_text("isi\nlampu jalan mati\n123\n")
    out, page = source.with_suffix(".parquet"), Path("[red]perubahan")
    options = ("--report", page, "--json", "--processes", "1", "--model", model_folder)
    told = run("reclassify", source, "-o", out, *options)
    assert (told.code, len(pq.read_table(out.open("rb")))) == (11, 1)
    assert "to [bold]/caf\\udce9 [x].parquet;" in told.err
    assert "[red]perubahan.html and [red]perubahan.xlsx" in told.err
    assert "see [bold]/caf\\udce9 [x].parquet.rejected.csv." in told.err
    sys.stdout.seek(0)
    assert json.loads(sys.stdout.read())["out"] == str(out)


@pytest.mark.parametrize(("gone", "code"), [("stderr", 0), ("stdout", 1)])
def test_who_stops_listening_to_what_is_told_aside_ends_no_work(gone: str, code: int) -> None:
    program = "from pipeline.cli.console import out, tell; tell('told'); out.print('result'); tell('told again')"
    reading, writing = os.pipe()
    os.close(reading)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | {gone: writing}
    ended = subprocess.run([sys.executable, "-c", program], **pipes, check=False)  # type: ignore[call-overload]
    os.close(writing)
    assert ended.returncode == code
    assert (ended.stdout or ended.stderr) == (b"result\n" if gone == "stderr" else b"told\n")


def test_debug_lets_the_error_through(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPOSISI_DEBUG", "1")
    with pytest.raises(ModelNotFoundError):
        run("classify", "halo", "--model", tmp_path)


@pytest.mark.parametrize("error", [RuntimeError("rahasia"), OSError("rahasia")])  # Arrow's OSError has no number
def test_a_crash_is_one_line_without_the_text(
    run: Run, model_folder: Path, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise error

    monkeypatch.setattr("pipeline.router.Router.suggest", crash)
    result = run("classify", "halo rahasia", "--model", model_folder)
    assert result.code == 70
    assert type(error).__name__ in result.err
    assert "rahasia" not in result.err


def test_a_package_that_is_not_installed_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pipeline.region.new", None)
    monkeypatch.delitem(sys.modules, "pipeline.cli.region", raising=False)
    result = run("region", "check", "kab_bekasi")
    assert result.code == 69
    assert "pipeline.region.new is not installed" in result.err
    assert "pip install" in result.err


@pytest.mark.slow  # trains full models
def test_training_measuring_and_listing_work_together(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text("classifier: {folds: 0}", encoding="utf-8")
    assert run("starter", "corpus.parquet", "--rows", "900").code == 0
    trained = run("train", "corpus.parquet", "--starter", "0", "--out", "models/m")
    assert trained.code == 0
    assert "900 real and 0 starter" in trained.err
    shown = run("evaluate", "models/m", "corpus.parquet")
    assert "top-3" in shown.out
    assert "macro-F1" in shown.out
    assert "Dinas" not in shown.err
    figures = json.loads(run("evaluate", "models/m", "corpus.parquet", "--json").out)
    assert figures["rows"] == 900
    assert figures["top1"]["low"] <= figures["top1"]["value"] <= figures["top1"]["high"]
    assert "Kabupaten Bekasi" in run("models").out


def test_a_command_is_imported_without_garbage_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    collected = []

    def add_commands(app: typer.Typer) -> None:
        collected.append(gc.isenabled())
        app.command("count")(lambda: None)

    monkeypatch.setattr(lazy, "import_module", lambda _: SimpleNamespace(add_commands=add_commands))
    try:
        lazy.LazyCommand("count", "counting", "Count.", lazy.Panel.SUGGEST).load()
    finally:
        gc.unfreeze()
    assert collected == [False]
    assert gc.isenabled()


@pytest.mark.slow  # starts two Python processes
def test_listing_the_commands_imports_nothing_that_only_some_of_them_need() -> None:
    script = (
        "import sys\n"
        "from pipeline.cli import main\n"
        "sys.argv = ['disposisi', sys.argv[1]]\n"
        "try:\n    main()\n"
        "finally:\n    print('loaded:', *({'sklearn', 'scipy', 'pandas', 'sqlalchemy', 'pyarrow'} & {*sys.modules}))\n"
    )
    for option in ("--version", "--help"):
        told = subprocess.run([sys.executable, "-c", script, option], capture_output=True, text=True, check=True).stdout
        assert told.splitlines()[-1].strip() == "loaded:", option
