"""A model is loaded only if its folder is unchanged since it was saved; errors are one line and say what to do."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import joblib
import pytest

from pipeline.artifact import list_models, load_model, load_scorer, save_model
from pipeline.champion import Standing, write_standing
from pipeline.errors import (
    ModelError,
    ModelNotFoundError,
    ModelRegionError,
    ModelSchemaError,
    PromotionError,
    TamperedModelError,
)
from pipeline.manifest import SCHEMA_VERSION, read_manifest
from pipeline.model import analyse
from pipeline.router import Router
from pipeline.saveable import check_saveable
from tests.full_disk import files_no_larger_than

NOBODY = 65_534


@pytest.fixture
def copy(model_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_folder, tmp_path / "copy"))


def change(folder: Path, **values: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def one_line(error: pytest.ExceptionInfo[ModelError]) -> str:
    message = str(error.value)
    assert "\n" not in message
    assert error.value.mend in message
    return message


def test_a_changed_pickle_is_never_opened(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy / "model.joblib"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    monkeypatch.setattr("pickle.loads", lambda _: pytest.fail("it was opened"))
    with pytest.raises(TamperedModelError, match="sha256") as error:
        load_model(copy)
    assert "disposisi train" in one_line(error)


@pytest.mark.parametrize("name", ["agency.weights.npy", "agency.names.marisa", "scorer.json", "model.joblib"])
def test_a_model_with_any_file_changed_does_not_answer(copy: Path, name: str) -> None:
    path = copy / name
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(TamperedModelError, match=f"{name}.*sha256"):
        load_scorer(copy)


def test_what_answers_is_what_the_estimators_say(model_folder: Path) -> None:
    scorer, _ = load_scorer(model_folder)
    model, _ = load_model(model_folder)
    documents = [analyse(text) for text in ("lampu jalan mati", "air PDAM keruh di Desa Sukadami", "")]
    X, _ = model.urgency.features.read(documents)
    scores = scorer.score(documents)
    assert scores.agency == pytest.approx(model.agency.predict_proba(model.features.transform(documents)), abs=1e-5)
    assert scores.urgency == pytest.approx(model.urgency.level.predict_proba(X), abs=1e-5)
    assert scores.kind == pytest.approx(model.urgency.kind.predict_proba(X), abs=1e-5)
    assert (scorer.features(documents) != model.features.transform(documents)).nnz == 0


def test_the_estimators_are_what_joblib_reads(model_folder: Path) -> None:
    read = joblib.load(model_folder / "model.joblib")
    assert read.agency.classes_.tolist() == load_model(model_folder)[0].agency.classes_.tolist()


@pytest.mark.slow  # starts a Python process
def test_answering_imports_no_scikit_learn(model_folder: Path) -> None:
    script = (
        "import sys; from pipeline import Router; Router.load(sys.argv[1]).suggest('lampu jalan mati');"
        "print(*({'sklearn', 'scipy', 'joblib', 'pandas'} & {*sys.modules}))"
    )
    told = subprocess.run([sys.executable, "-c", script, model_folder], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == ""


def test_a_truncated_file_is_told_with_both_sizes(copy: Path) -> None:
    path = copy / "model.joblib"
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(TamperedModelError, match=f"1,000 bytes instead of {size:,}") as error:
        load_model(copy)
    one_line(error)


def test_a_missing_file_is_told(copy: Path) -> None:
    (copy / "model.joblib").unlink()
    with pytest.raises(TamperedModelError, match=r"model\.joblib is missing") as error:
        load_model(copy)
    one_line(error)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="becomes another account")
def test_a_file_that_this_account_may_not_read_is_told(model_folder: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are private
        Path(folder).chmod(0o755)
        copy = Path(shutil.copytree(model_folder, Path(folder) / "copy"))
        (copy / "model.joblib").chmod(0o600)
        os.seteuid(NOBODY)
        try:
            with pytest.raises(TamperedModelError, match=r"model\.joblib cannot be read: permission denied") as error:
                load_model(copy)
        finally:
            os.seteuid(0)
    one_line(error)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"schema_version": "x"}',
        '{"schema_version": 1e999}',
        f'{{"schema_version": {SCHEMA_VERSION}}}',
    ],
)
def test_a_broken_manifest_is_told(copy: Path, content: str) -> None:
    (copy / "manifest.json").write_text(content)
    with pytest.raises(TamperedModelError, match=r"manifest\.json") as error:
        load_model(copy)
    one_line(error)


def test_a_newer_schema_asks_for_an_update(copy: Path) -> None:
    change(copy, schema_version=99)
    with pytest.raises(ModelSchemaError, match=rf"99.*reads up to {SCHEMA_VERSION}\..*Update") as error:
        load_model(copy)
    one_line(error)


def test_an_older_schema_asks_for_training(copy: Path) -> None:
    change(copy, schema_version=1)
    with pytest.raises(ModelSchemaError, match=r"old schema version.*Train it again"):
        load_model(copy)


def test_another_scikit_learn_asks_for_training(copy: Path) -> None:
    change(copy, versions={"scikit-learn": "0.18.0"})
    with pytest.raises(ModelSchemaError, match=r"0\.18\.0.*disposisi train") as error:
        load_model(copy)
    one_line(error)


def test_no_model_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="disposisi train") as error:
        Router.load(tmp_path / "nothing")
    one_line(error)


def test_a_model_of_another_region_is_refused(copy: Path) -> None:
    change(copy, region={"code": "35.78", "name": "Kota Surabaya", "folder": "kota_lain"})
    with pytest.raises(ModelRegionError, match=r"Kota Surabaya \(35\.78\), not for Kabupaten Bekasi") as error:
        Router.load(copy, "kab_bekasi")
    one_line(error)
    with pytest.raises(ModelRegionError, match="--region FOLDER") as error:
        Router.load(copy)
    one_line(error)


def test_a_crash_while_saving_leaves_the_old_model(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, manifest = load_model(copy)

    def crash(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", crash)
    with pytest.raises(OSError, match="disk full"):
        save_model(copy, model, region=manifest.region, data={}, params={}, metrics={}, card="")
    assert read_manifest(copy) == manifest
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_what_a_crash_left_is_no_model(copy: Path) -> None:
    shutil.copytree(copy, copy.with_name(f".{copy.name}-x1.old"))
    assert list_models(copy.parent) == [copy]


def test_saving_over_a_model_replaces_it(copy: Path) -> None:
    model, manifest = load_model(copy)
    saved = save_model(copy, model, region=manifest.region, data={"x": 1}, params={}, metrics={}, card="# Kartu")
    assert read_manifest(copy) == saved
    assert load_model(copy)[1].data == {"x": 1}
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_saving_over_a_link_to_a_model_replaces_the_model_that_it_leads_to(copy: Path, tmp_path: Path) -> None:
    link = tmp_path / "served" / "default"
    link.parent.mkdir()
    link.symlink_to(copy)
    model, manifest = load_model(link)
    check_saveable(link)
    saved = save_model(link, model, region=manifest.region, data={}, params={}, metrics={}, card="")
    assert link.is_symlink()
    assert read_manifest(copy) == read_manifest(link) == saved
    assert sorted(path.name for path in [*tmp_path.iterdir(), *link.parent.iterdir()]) == ["copy", "default", "served"]


@pytest.mark.parametrize("beside", ["aduan.xlsx", "champion.json", "20261125-93740de2/manifest.json", "report.html"])
@pytest.mark.parametrize("in_a_model", [True, False])
def test_what_is_no_part_of_a_model_is_never_replaced_by_one(copy: Path, beside: str, in_a_model: bool) -> None:
    model, manifest = load_model(copy)
    folder = copy if in_a_model else copy.with_name("data")
    (folder / beside).parent.mkdir(parents=True, exist_ok=True)
    (folder / beside).write_text("years of work")
    before = sorted(copy.parent.rglob("*"))
    with pytest.raises(ModelError, match=rf"{folder.name} .*{Path(beside).parts[0]}.*lost.*--out") as error:
        check_saveable(folder)
    one_line(error)
    with pytest.raises(ModelError, match="lost"):
        save_model(folder, model, region=manifest.region, data={}, params={}, metrics={}, card="")
    assert sorted(copy.parent.rglob("*")) == before
    assert (folder / beside).read_text() == "years of work"


def test_a_file_is_never_replaced_by_a_model(copy: Path) -> None:
    model, manifest = load_model(copy)
    file = copy.with_name("aduan.xlsx")
    file.write_text("years of work")
    with pytest.raises(ModelError, match=r"aduan\.xlsx is a file") as error:
        check_saveable(file)
    one_line(error)
    with pytest.raises(ModelError, match="is a file"):
        save_model(file, model, region=manifest.region, data={}, params={}, metrics={}, card="")
    assert file.read_text() == "years of work"


@pytest.mark.parametrize("schema", [SCHEMA_VERSION, 1, SCHEMA_VERSION + 1])
def test_a_model_of_any_version_is_replaced_with_its_signature_and_report(copy: Path, schema: int) -> None:
    model, manifest = load_model(copy)
    change(copy, schema_version=schema)
    (copy / "manifest.sig").write_text("signed")
    (copy / "report").mkdir()
    for left_behind in (".DS_Store", ".manifest.sig.0a1b2c3d.new"):
        (copy / left_behind).touch()
    check_saveable(copy)
    saved = save_model(copy, model, region=manifest.region, data={}, params={}, metrics={}, card="")
    assert {path.name for path in copy.iterdir()} == {"manifest.json", *saved.files}


def test_an_empty_folder_is_taken_for_a_model(copy: Path) -> None:
    model, manifest = load_model(copy)
    folder = copy.with_name("new")
    folder.mkdir()
    check_saveable(folder)
    saved = save_model(folder, model, region=manifest.region, data={}, params={}, metrics={}, card="")
    assert read_manifest(folder) == saved


def test_where_the_new_model_cannot_take_its_place_the_old_one_is_back(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, manifest = load_model(copy)
    rename = Path.rename

    def fail_once(path: Path, target: Path) -> Path:
        if target == copy and not path.name.endswith(".old"):
            raise PermissionError("in use")  # as on Windows, if one of its files is open
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises(PermissionError, match="in use"):
        save_model(copy, model, region=manifest.region, data={}, params={}, metrics={}, card="")
    assert read_manifest(copy) == manifest
    assert list(copy.parent.iterdir()) == [copy]


def test_a_folder_of_models_without_champion_is_told_with_what_lies_in_it(tmp_path: Path) -> None:
    (tmp_path / "aduan.csv").write_text("isi")  # as if FILE and MODEL had been swapped
    with pytest.raises(ModelNotFoundError, match=r"aduan\.csv is a file, but a model is a folder"):
        read_manifest(tmp_path / "aduan.csv")
    with pytest.raises(ModelNotFoundError, match="Train one"):
        read_manifest(tmp_path)
    (tmp_path / "jember").mkdir()
    (tmp_path / "jember" / "manifest.json").touch()
    with pytest.raises(ModelNotFoundError, match=r"models, but none is the champion\. .* promote .*jember"):
        read_manifest(tmp_path)


def test_a_models_name_tells_the_day_in_its_region(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, manifest = load_model(copy)
    for hours in (14, -11):  # never the same day
        clock = dt.timezone(dt.timedelta(hours=hours))
        monkeypatch.setattr("pipeline.region.national.clock_of", lambda _, clock=clock: clock)
        saved = save_model(copy, model, region=manifest.region, data={}, params={}, metrics={}, card="")
        assert saved.name.startswith(f"{saved.created_at.astimezone(clock):%Y%m%d}-")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot lock a folder")
def test_of_models_saved_at_once_in_one_folder_the_last_is_there_whole(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, manifest = load_model(copy)
    rename = Path.rename

    def save(card: str) -> None:
        save_model(copy, model, region=manifest.region, data={}, params={}, metrics={}, card=card)

    second = threading.Thread(target=save, args=("second",))

    def while_the_old_one_is_away(path: Path, target: Path) -> Path:
        if path == copy and not second.ident:
            rename(path, target)
            second.start()
            second.join(0.5)
            return target
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", while_the_old_one_is_away)
    save("first")
    second.join()
    load_model(copy)
    assert (copy / "README.md").read_text() == "second"
    assert list(copy.parent.iterdir()) == [copy]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot lock a folder")
def test_a_model_is_saved_where_folders_cannot_be_locked(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, manifest = load_model(copy)

    def as_on_nfs(*_: object) -> None:
        raise OSError(errno.EBADF, "Bad file descriptor")

    monkeypatch.setattr("fcntl.flock", as_on_nfs)
    saved = save_model(copy, model, region=manifest.region, data={}, params={}, metrics={}, card="")
    assert load_model(copy)[1] == saved


def test_what_cannot_be_saved_is_told_beforehand_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "made" / "later" / "model"
    check_saveable(folder)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "aduan.xlsx").write_text("years of work")
    inside = tmp_path / "aduan.xlsx" / "models" / "model"
    with pytest.raises(NotADirectoryError) as told:
        check_saveable(inside)
    assert told.value.filename == str(inside)
    free = shutil.disk_usage(tmp_path)._replace(free=3_400_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    with pytest.raises(ModelError, match=r"3 MB are free where .*/model .*another disk") as error:
        check_saveable(folder)
    one_line(error)


@pytest.mark.skipif(sys.platform != "linux", reason="its mounts are Linux's")
def test_a_disk_that_is_mounted_is_never_replaced_by_a_model() -> None:
    with pytest.raises(ModelError, match=r"/proc is where a disk is mounted.*--out /proc/NAME") as error:
        check_saveable(Path("/proc"))
    one_line(error)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("there", [True, False])
def test_a_disk_that_fills_up_while_a_model_is_saved_leaves_what_was_there(copy: Path, there: bool) -> None:
    model, manifest = load_model(copy)
    folder = copy if there else copy.with_name("new")
    with files_no_larger_than(10_000), pytest.raises(ModelError, match=r"full: the model takes \d+ MB.*Free") as error:
        save_model(folder, model, region=manifest.region, data={}, params={}, metrics={}, card="")
    assert folder.name in one_line(error)
    assert load_model(copy)[1] == manifest
    assert list(copy.parent.iterdir()) == [copy]


def test_a_model_that_became_champion_while_its_successor_was_trained_is_not_overwritten(copy: Path) -> None:
    model, manifest = load_model(copy)
    check_saveable(copy)
    write_standing(copy.parent, Standing(champion=copy.name))
    with pytest.raises(PromotionError, match="must not be overwritten"):
        save_model(copy, model, region=manifest.region, data={}, params={}, metrics={}, card="")
    with pytest.raises(PromotionError, match="must not be overwritten"):
        check_saveable(copy)
    assert load_model(copy)[1] == manifest
