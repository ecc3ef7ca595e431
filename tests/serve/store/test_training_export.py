"""Export of decisions as labels, without undone, returned and secret ones, and without names and numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import DataError
from serve.errors import NotPossibleNowError, OrderError
from serve.store import models, training_export
from serve.store.history import Action
from serve.store.orders import Order
from serve.store.training_export import export_training, export_undecided, forget_exported
from tests.serve.store.acts import LAMP, Act


def test_the_last_standing_decision_of_each_complaint_is_exported_masked(act: Act, tmp_path: Path) -> None:
    path = tmp_path / "labelled" / "decisions.parquet"
    corrected = act.receive(f"{LAMP}, hubungi saya 081234567890")
    act.order(corrected, Action.FORWARD, agencies=("dlh",), by="ani")
    act.order(corrected, Action.FORWARD, agencies=("dishub",), by="budi")
    undone = act.receive("sampah menumpuk di pasar")
    act.order(undone, Action.FORWARD, agencies=("dlh",))
    act.order(undone, Action.UNDO)
    returned = act.receive("air pdam mati tiga hari")
    act.order(returned, Action.FORWARD, agencies=("dlh",))
    act.order(returned, Action.RETURN, agency="dlh", why="bukan kewenangan kami")
    with act.database.reading() as session:
        card = export_training(session, path)
    rows = pq.read_table(path).to_pylist()
    assert [(row["id"], row["agency"]) for row in rows] == [(str(corrected), "dishub")]
    assert (card.rows, card.undecided, card.decided_twice) == (1, 2, 1)
    assert "081234567890" not in rows[0]["text"]
    assert len({one["by"] for one in rows[0]["decisions"]}) == 2
    assert not {"ani", "budi"} & {one["by"] for one in rows[0]["decisions"]}
    assert path.with_suffix(".card.md").exists()


def test_decisions_are_not_replaced_by_an_export_of_none(act: Act, tmp_path: Path) -> None:
    path = tmp_path / "decisions.parquet"
    with act.database.reading() as session:
        assert export_training(session, path).rows == 0
        assert export_training(session, path).rows == 0, "nothing is lost"
    complaint = act.receive()
    act.order(complaint, Action.FORWARD, agencies=("dishub",))
    with act.database.reading() as session:
        export_training(session, path)
    card = path.with_suffix(".card.md").read_text()
    act.order(complaint, Action.UNDO)
    with act.database.reading() as session, pytest.raises(DataError, match="This store has no decisions"):
        export_training(session, path)
    assert pq.read_metadata(path).num_rows == 1
    assert path.with_suffix(".card.md").read_text() == card


def test_an_export_holds_few_complaints_at_a_time(act: Act, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        act.receive(f"{LAMP} nomor {number}")
    held: list[int] = []

    def masked(text: str) -> str:
        held.append(sum(isinstance(row, models.Complaint) for row in session.identity_map.values()))
        return text

    monkeypatch.setattr(training_export, "_ROWS_AT_ONCE", 2)
    monkeypatch.setattr(training_export, "mask", masked)
    with act.database.reading() as session:
        assert export_undecided(session, tmp_path / "u.parquet") == 9
    assert max(held) <= 4


@pytest.mark.parametrize("export", [export_training, export_undecided])
def test_an_export_replaces_no_file_but_an_export(export: Callable[..., object], act: Act, tmp_path: Path) -> None:
    table, other = tmp_path / "aduan.csv", tmp_path / "other.parquet"
    table.write_text("id,text\n1,lampu mati\n")
    pq.write_table(pa.table({"id": ["1"], "text": ["lampu mati"]}), other)
    with act.database.reading() as session:
        for file in (table, other):
            before = file.read_bytes()
            with pytest.raises(DataError, match="Choose another file"):
                export(session, file)
            assert file.read_bytes() == before


def test_who_would_have_been_right_is_the_label_and_nothing_else_changes(act: Act, tmp_path: Path) -> None:
    complaint = act.receive()
    with pytest.raises(NotPossibleNowError):
        act.order(complaint, Action.RELABEL, agencies=("dishub",))
    before = act.order(complaint, Action.FORWARD, agencies=("dlh",), by="ani")
    after = act.order(complaint, Action.RELABEL, agencies=("dishub",), by="budi")
    assert (after.status, after.agencies, after.due_at) == (before.status, before.agencies, before.due_at)
    finished = act.order(complaint, Action.FINISH)
    assert act.order(complaint, Action.RELABEL, agencies=("dlh",), by="cici").closed_at == finished.closed_at
    act.order(complaint, Action.UNDO)
    path = tmp_path / "decisions.parquet"
    with act.database.reading() as session:
        assert export_training(session, path).decided_twice == 1
    row = pq.read_table(path).to_pylist()[0]
    assert row["agency"] == "dishub"
    assert [one["agency"] for one in row["decisions"]] == ["dlh", "dishub"]


def test_one_agency_would_have_been_right() -> None:
    for agencies in ((), ("dlh", "dishub")):
        with pytest.raises(OrderError):
            Order(Action.RELABEL, agencies=agencies)


def test_what_waits_is_exported_masked_and_without_secret_ones(act: Act, tmp_path: Path) -> None:
    waiting = act.receive(f"{LAMP}, hubungi saya 081234567890")
    act.receive("rahasia sekali", secret=True)
    act.order(act.receive("sampah menumpuk di pasar"), Action.FORWARD, agencies=("dlh",))
    path = tmp_path / "undecided.parquet"
    with act.database.reading() as session:
        assert export_undecided(session, path) == 1
    rows = pq.read_table(path).to_pylist()
    assert [row["id"] for row in rows] == [str(waiting)]
    assert "081234567890" not in rows[0]["text"]
    assert (forget_exported(path, [waiting]), forget_exported(path, [waiting])) == (1, 0)
    assert pq.read_table(path).num_rows == 0
    assert [file.name for file in tmp_path.glob("undecided*")] == ["undecided.parquet"], "no card of decisions"


def test_a_table_of_something_else_is_not_taken_for_an_export(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"id": ["1"], "agency": ["dlh"]}), path)
    with pytest.raises(DataError, match="export-training"):
        forget_exported(path, [1])
    assert pq.read_table(path).num_rows == 1


def test_no_number_of_a_person_leaves_the_store_in_a_text_or_an_address(act: Act, tmp_path: Path) -> None:
    told = {"text": f"{LAMP}, hubungi 081234567890", "address": "Gang Melati 7, telepon 081234567890"}
    act.receive(**told)
    act.order(act.receive(**told), Action.FORWARD, agencies=("dishub",))
    with act.database.reading() as session:
        export_training(session, tmp_path / "decided.parquet")
        export_undecided(session, tmp_path / "undecided.parquet")
    for name in ("decided", "undecided"):
        (row,) = pq.read_table(tmp_path / f"{name}.parquet").to_pylist()
        assert (row["text"], row["address"]) == (f"{LAMP}, hubungi [TELEPON]", "Gang Melati 7, telepon [TELEPON]")
