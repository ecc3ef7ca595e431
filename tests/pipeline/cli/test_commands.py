"""The command line: output, errors and exit codes."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest
import typer
from rich.console import Console

from pipeline.champion import Standing, write_standing
from pipeline.cli import lazy, main
from pipeline.errors import ModelNotFoundError
from pipeline.manifest import read_manifest
from pipeline.region.national import BASE

DISPOSISI = Path(sys.executable).with_name("disposisi")


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process as the shell would run it."""

    def run_command(*arguments: str | Path, stdin: str = "") -> Result:
        monkeypatch.setattr(sys, "argv", ["disposisi", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        monkeypatch.setenv("COLUMNS", "200")
        try:
            main()
        except SystemExit as ended:
            code = ended.code
        else:
            code = 0
        captured = capsys.readouterr()
        return Result(code if isinstance(code, int) else 0, captured.out, captured.err)

    return run_command


@pytest.mark.slow  # starts a Python process that imports all commands
def test_the_installed_command_tells_its_version() -> None:
    result = subprocess.run([DISPOSISI, "--version"], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("disposisi ")


def test_classify_shows_agencies_urgency_and_action(run: Run, model_folder: Path) -> None:
    result = run("classify", "lampu jalan mati sudah seminggu di desa Sukadami", "--model", model_folder)
    assert result.code == 0
    assert "Dinas Perhubungan" in result.out
    assert "Urgensi" in result.out
    assert "Desa Sukadami, Kecamatan Cikarang Selatan" in result.out
    assert re.findall(r"[<>]?\d+\s%", result.out)
    assert not re.search(r"(?<!\d)(0|100)\s?%", result.out)  # never certain, as at the desk


def test_the_words_that_counted_are_marked_where_they_stand(
    run: Run, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def underlined(text: str) -> list[str]:
        shown = io.StringIO()
        monkeypatch.setattr("pipeline.cli.classify.out", Console(file=shown, force_terminal=True, width=200))
        assert run("classify", "-", "--model", model_folder, stdin=text).code == 0
        return re.findall(r"\x1b\[(?:1;)?4m(.*?)\x1b", shown.getvalue())

    told = "lampu jalan mati sudah seminggu"
    assert "lampu" in underlined(told)
    assert underlined(f"\n\n{told}\n") == underlined(told)


def test_classify_reads_standard_input_and_writes_json(run: Run, model_folder: Path) -> None:
    result = run("classify", "-", "--json", "--model", model_folder, stdin="air PDAM mati tiga hari")
    assert json.loads(result.out)["agencies"][0]["code"] == "pdam"


def test_jsonl_tells_half_a_surrogate_as_it_came_passes_over_blank_lines_and_goes_on(
    run: Run, model_folder: Path
) -> None:
    told = [{"id": "\ud800", "text": "lampu mati"}, {"id": "b", "text": "\ud83d"}, {"id": "c", "text": "sampah bau"}]
    result = run("classify", "--jsonl", "--model", model_folder, stdin="\n\n \n".join(map(json.dumps, told)))
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert [(answer["id"], "error" in answer) for answer in answers] == [("\ud800", True), ("b", True), ("c", False)]


def test_jsonl_answers_line_by_line_in_order_and_survives_bad_lines(run: Run, model_folder: Path) -> None:
    lines = [
        '{"id": "a", "text": "lampu jalan mati sudah seminggu"}',
        "{oops",
        '{"id": "c", "text": "😀"}',
        '{"id": 4, "text": "sampah menumpuk bau sekali", "address": "Desa Sukadami"}',
        '{"id": "e", "text": 5}',
        '{"id": 6}',
    ]
    result = run("classify", "--jsonl", "--model", model_folder, stdin="\n".join(lines))
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, "c", "4", "e", "6"]
    assert ["error" in answer for answer in answers] == [False, True, True, False, True, True]
    assert "contains no letter" in answers[2]["error"]
    assert answers[3]["place"]["name"] == "Sukadami"
    assert result.code == 3
    assert "4 line(s)" in result.err


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
    assert "to caf\\udce9 [x].parquet;" in told.err
    assert "[red]perubahan.html and [red]perubahan.xlsx" in told.err
    assert "see [bold]/caf\\udce9 [x].parquet.rejected.csv." in told.err
    sys.stdout.seek(0)
    assert json.loads(sys.stdout.read())["out"] == out.name


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


def test_a_region_is_made_and_checked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = json.loads(run("region", "new", "35.78", "--json").out)
    assert (made["name"], made["folder"]) == ("Kota Surabaya", "regions/35.78")
    checked = run("region", "check", "regions/35.78").out
    assert "in order" in checked
    assert "without urusan" not in checked
    with (tmp_path / "regions" / "35.78" / "agencies.csv").open("a", encoding="utf-8") as table:
        table.write("rs-mata,rsud,Rumah Sakit Mata,,,,,,,\nrs-lama,rsud,Rumah Sakit Lama,,,,,2020-01-01,,\n")
    assert "1 without urusan, so never suggested until it has labelled complaints: rs-mata." in run(
        "region", "check", "regions/35.78"
    ).out.replace("\n", " ")


def test_an_office_beside_the_standard_one_that_it_replaced_is_noticed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("region", "new", "35.78")
    assert "Handled by several" not in run("region", "check", "regions/35.78").out
    with (tmp_path / "regions" / "35.78" / "agencies.csv").open("a", encoding="utf-8") as table:
        table.write("tani,dinas,Dinas Pertanian Kota,,pertanian,,,,,\n")
    told = run("region", "check", "regions/35.78")
    assert told.code == 0
    assert "which share the starter complaints: pertanian (pertanian, tani)." in told.out


def test_regions_are_compared_and_a_broken_one_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _write_region(tmp_path / "before", "Dinas Perhubungan,dishub")
    _write_region(tmp_path / "after", "Dinas Perhubungan Kota,perhubungan kota")
    told = run("region", "diff", "before", "after").out
    assert "renamed: Dinas Perhubungan: Dinas Perhubungan Kota" in told
    moved = json.loads(run("region", "diff", "before", "after", "--json").out)
    assert "Dinas Perhubungan Kota" in json.dumps(moved)
    assert len(moved) == len(told.splitlines())
    assert json.loads(run("region", "diff", "before", "before", "--json").out) == []
    assert "No changes" in run("region", "diff", "before", "before", "--at", "2027-01-01").out
    assert run("region", "diff", "before", "before", "--at", "besok").code == 4
    (tmp_path / "before/places.csv").write_text("code,kind,name\nx,desa,Y\n", encoding="utf-8")
    broken = run("region", "check", "before")
    assert broken.code == 4
    assert "places.csv:2" in broken.out
    mistakes = json.loads(run("region", "check", "before", "--json").out)
    assert ("places.csv", 2) in {(mistake["file"], mistake["line"]) for mistake in mistakes}


def test_who_compares_before_the_day_of_a_reorganisation_is_told_of_that_day(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _write_region(tmp_path / "before", "Dinas Perhubungan,dishub")
    _write_region(tmp_path / "after", "Dinas Perhubungan,dishub")
    (tmp_path / "after" / "agencies.csv").write_text(
        "code,kind,name,aliases,urusan,valid_from,valid_to,successor\n"
        "dishub,dinas,Dinas Perhubungan,dishub,bukan-aduan,,2076-12-31,dishubkominfo\n"
        "dishubkominfo,dinas,Dinas Perhubungan dan Kominfo,,bukan-aduan,2077-01-01,,\n",
        encoding="utf-8",
    )
    today = run("region", "diff", "before", "after")
    assert "No changes." in today.out
    assert "On 2077-01-01 more changes: see it with --at 2077-01-01." in today.err
    then = run("region", "diff", "before", "after", "--at", "2077-01-01")
    assert "agency gone: Dinas Perhubungan" in then.out
    assert then.err == ""
    assert run("region", "diff", "after", "after").err == ""


def _write_region(folder: Path, agency: str) -> None:
    """Write a region without the national base, whose 60 files take a second to read in each command."""
    (folder / "catalogue").mkdir(parents=True)
    shutil.copy(BASE / "catalogue" / "bukan-aduan.yaml", folder / "catalogue")
    (folder / "region.yaml").write_text(
        "code: '35.78'\nname: Kota Surabaya\nprovince: Jawa Timur\n"
        "sla_working_days: {rendah: 10, sedang: 5, tinggi: 3, darurat: 1}\n",
        encoding="utf-8",
    )
    (folder / "agencies.csv").write_text(
        f"code,kind,name,aliases,urusan\ndishub,dinas,{agency},bukan-aduan\n", encoding="utf-8"
    )
    (folder / "places.csv").write_text("code,kind,name\n", encoding="utf-8")


def test_an_empty_complaint_is_told_in_one_line(run: Run, model_folder: Path) -> None:
    result = run("classify", "😀😀", "--model", model_folder)
    assert result.code == 2
    assert "contains no letter" in result.err


def test_models_lists_good_and_broken_ones(run: Run, model_folder: Path) -> None:
    broken = model_folder.parent / "broken"
    broken.mkdir(exist_ok=True)
    (broken / "manifest.json").write_text("{")
    result = run("models", model_folder.parent)
    listed = json.loads(run("models", model_folder.parent, "--json").out)
    (broken / "manifest.json").unlink()
    assert [one.get("region") for one in listed] == [None, "Kabupaten Bekasi"]
    assert "not a model's manifest" in listed[0]["error"]
    assert result.code == 0
    assert "Kabupaten Bekasi" in result.out
    assert "not a model's manifest" in " ".join(result.out.split())
    (itself,) = json.loads(run("models", model_folder, "--json").out)
    assert itself["region"] == "Kabupaten Bekasi"


@pytest.mark.parametrize("width", [40, 80])
def test_models_never_breaks_a_folder_or_a_name_that_people_copy(
    run: Run, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.chdir(tmp_path)
    name = read_manifest(model_folder).name
    for copy in ("default", name):
        shutil.copytree(model_folder, Path("models", copy))
    write_standing(Path("models"), Standing(champion=name))
    monkeypatch.setattr("pipeline.cli.models.out", Console(width=width, highlight=False))
    lines = run("models").out.splitlines()
    assert {f"models/{name}", "models/default", name, "champion"} <= {word for line in lines for word in line.split()}
    assert "…" not in "".join(lines)
    assert width < 80 or max(map(len, lines)) <= width


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
