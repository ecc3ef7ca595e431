"""What was decided comes out as labels; what was undone, returned or secret doesn't, and no name or number does."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from serve.store.history import Action
from serve.store.training_export import export_training
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
