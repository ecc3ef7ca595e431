"""The Python API returns the same kind of table, with its rows in order."""

from __future__ import annotations

import gc
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from pipeline.batch import reclassify
from pipeline.errors import DataError

TEXTS = ["lampu jalan mati sudah seminggu", None, "air PDAM mati tiga hari"]


def test_pandas_polars_and_arrow_come_back_as_they_went_in(model_folder: Path) -> None:
    frame = pd.DataFrame({"isi": TEXTS, "x": [1, 2, 3]}, index=[7, 7, 9])
    from_pandas = reclassify(frame, model=model_folder)
    assert list(from_pandas.index) == [7, 7, 9]
    pd.testing.assert_frame_equal(from_pandas[["isi", "x"]], frame)
    from_polars = reclassify(pl.DataFrame({"isi": TEXTS}), model=model_folder)
    from_arrow = reclassify(pa.table({"isi": TEXTS}), model=model_folder)
    assert isinstance(from_polars, pl.DataFrame)
    answers = from_arrow["disposisi_agency"].to_pylist()
    assert (answers[0], answers[1], answers[2]) == ("dishub", None, "pdam")
    assert from_polars["disposisi_agency"].to_list() == answers
    assert [a if isinstance(a, str) else None for a in from_pandas["disposisi_agency"]] == answers
    assert from_arrow["disposisi_refused"].to_pylist() == [None, "the text is empty", None]


def test_several_processes_give_the_same_and_leave_the_collector_of_garbage_as_it_was(model_folder: Path) -> None:
    table = pa.table({"isi": TEXTS})
    assert reclassify(table, model=model_folder, processes=2).equals(reclassify(table, model=model_folder))
    assert gc.get_freeze_count() == 0


@pytest.mark.parametrize("name", ["disposisi_agency", "disposisi_place", "disposisi_model", "disposisi_refused"])
def test_a_column_of_the_table_is_never_replaced(model_folder: Path, name: str) -> None:
    with pytest.raises(DataError, match=name):
        reclassify(pd.DataFrame({"isi": TEXTS, name: [1, 2, 3]}), model=model_folder)


@pytest.mark.parametrize("data", [["lampu mati"], pl.LazyFrame({"isi": TEXTS}), pd.Series(TEXTS)])
def test_what_is_no_table_is_told(data: object) -> None:
    with pytest.raises(DataError, match="not a pandas, Polars or Arrow table"):
        reclassify(data)


def test_columns_that_are_not_needed_may_hold_what_they_like(model_folder: Path) -> None:
    frame = pd.DataFrame({"isi": TEXTS, "telepon": [812, "0813", None], "x": [object()] * 3, "y": [1 + 2j] * 3})
    answered = reclassify(frame, model=model_folder)
    pd.testing.assert_frame_equal(answered[frame.columns.tolist()], frame)
    assert answered["disposisi_agency"][0] == "dishub"


def test_a_mixed_column_that_is_needed_is_read_as_text(model_folder: Path) -> None:
    texts, agencies = ["lampu jalan mati", 123, b"x", pd.NA], ["dishub", 7, float("nan"), pd.NA]
    answered = reclassify(pd.DataFrame({"isi": texts, "instansi": agencies}), model=model_folder)
    assert answered["disposisi_agrees"].tolist() == [True, None, None, None]
    assert answered["disposisi_refused"][3] == "the text is empty"
    assert "no letter" in answered["disposisi_refused"][1] or "huruf" in answered["disposisi_refused"][1]


def test_a_structure_among_texts_is_no_text(model_folder: Path) -> None:
    found = reclassify(pd.DataFrame({"text": ["lampu jalan mati", {"isi": "sampah"}, ["air"]]}), model=model_folder)
    assert found.disposisi_refused.notna().tolist() == [False, True, True]


def test_half_a_surrogate_costs_its_own_row_only(model_folder: Path) -> None:
    frame = pd.DataFrame({"isi": ["lampu \ud800 mati", "lampu jalan mati", None]}, dtype=object)
    answered = reclassify(frame, model=model_folder)
    assert answered["disposisi_agency"].tolist()[1] == "dishub"
    assert ["unpaired surrogate" in str(reason) for reason in answered["disposisi_refused"]] == [True, False, False]
    assert answered["disposisi_refused"][2] == "the text is empty"


@pytest.mark.parametrize(
    ("frame", "processes", "says"),
    [
        (pd.DataFrame({"isi": TEXTS}), 0, "processes=0 is not a positive number"),
        (pd.DataFrame({"curhat": TEXTS}), 1, r"its columns: curhat\. Name it by columns=Columns\(text=…\)"),
    ],
)
def test_what_a_notebook_asked_wrongly_is_told_in_its_own_words(
    frame: pd.DataFrame, processes: int, says: str, model_folder: Path
) -> None:
    with pytest.raises(DataError, match=says):
        reclassify(frame, model=model_folder, processes=processes)


def test_doubled_names_and_named_indices_are_no_obstacle(model_folder: Path) -> None:
    doubled = pd.DataFrame([["lampu jalan mati", "dishub", "pdam"]], columns=["isi", "instansi", "instansi"])
    answered = reclassify(doubled, model=model_folder)
    assert answered["disposisi_agrees"].tolist() == [True], "the first of the columns is used"
    table = pa.table([pa.array(["lampu jalan mati"]), pa.array(["x"])], names=["isi", "isi"])
    assert reclassify(table, model=model_folder)["disposisi_agency"].to_pylist() == ["dishub"]
    indexed = doubled.iloc[:, :2].set_index("instansi")
    assert reclassify(indexed, model=model_folder)["disposisi_agrees"].tolist() == [True]


def test_a_frame_of_a_kind_of_its_own_stays_one(model_folder: Path) -> None:
    class Own(pd.DataFrame):  # type: ignore[misc]
        @property
        def _constructor(self) -> type[Own]:
            return Own

    assert type(reclassify(Own({"isi": TEXTS}), model=model_folder)) is Own
