"""Reading and writing database tables, on SQLite; tests/pipeline/batch/test_postgres.py is on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa
from psycopg.errors import InvalidTextRepresentation

from pipeline.batch.answers import Answering
from pipeline.batch.columns import Columns
from pipeline.batch.databases import connect
from pipeline.batch.engines.local import LocalEngine
from pipeline.batch.plan import plan_source
from pipeline.batch.run import Model, Outcome, run_batch
from pipeline.batch.sql_sink import SqlSink
from pipeline.batch.sql_source import SqlSource
from pipeline.batch.values import parse_date
from pipeline.errors import ChangedInputError, DatabaseError, DataError
from tests.pipeline.batch.conftest import Counting, Runner, complaints

ROWS = 45


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    engine = connect(f"sqlite:///{tmp_path / 'lapor.sqlite3'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE aduan (no INTEGER PRIMARY KEY, isi TEXT, instansi TEXT, nilai REAL)")
        connection.exec_driver_sql(
            "INSERT INTO aduan VALUES (?, ?, ?, ?)",
            [(i, row["isi laporan"], row["instansi"], i / 2) for i, row in enumerate(complaints(ROWS))],
        )
    return engine


def run(runner: Runner, source: SqlSource, sink: SqlSink, folder: Path) -> Outcome:
    def make_engine(answering: Answering) -> LocalEngine:
        return LocalEngine(lambda: runner.router, answering, 1)

    plan = plan_source(source, Columns())
    return run_batch(plan, sink, folder / "journal", Model(runner.model), make_engine, Counting(), chunk_rows=10)


def test_a_table_becomes_a_new_table_with_the_answers(runner: Runner, engine: sa.Engine, tmp_path: Path) -> None:
    outcome = run(runner, SqlSource(engine, table="aduan"), SqlSink(engine, "baru", tmp_path / "r.csv"), tmp_path)
    assert (outcome.rows, outcome.refused) == (ROWS, 0)
    with engine.connect() as connection:
        both = connection.exec_driver_sql(
            "SELECT count(*), count(disposisi_agency), sum(baru.isi = aduan.isi AND baru.nilai = aduan.nilai) "
            "FROM baru JOIN aduan USING (no)"
        ).one()
    assert tuple(both) == (ROWS, ROWS, ROWS)


def test_a_run_is_not_resumed_on_rows_that_have_changed(runner: Runner, engine: sa.Engine, tmp_path: Path) -> None:
    source, taken = SqlSource(engine, table="aduan"), SqlSink(engine, "aduan", tmp_path / "r.csv")
    with pytest.raises(DatabaseError, match="already exists"):  # all chunks are answered, and none is written
        run(runner, source, taken, tmp_path)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE aduan SET isi = 'sampah menumpuk' WHERE no = 12")
    with pytest.raises(ChangedInputError, match=r"aduan has changed since this run began: its rows from 11 on differ"):
        run(runner, source, taken, tmp_path)


def test_a_query_is_read_as_it_is(runner: Runner, engine: sa.Engine, tmp_path: Path) -> None:
    query = "SELECT isi AS teks, '12:30' AS jam FROM aduan WHERE isi LIKE 'Lampu%' ORDER BY no DESC;"
    outcome = run(runner, SqlSource(engine, query=query), SqlSink(engine, "lampu", tmp_path / "r.csv"), tmp_path)
    assert outcome.rows == ROWS // 5


def test_days_without_a_time_are_read_and_written_as_days(runner: Runner, engine: sa.Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE harian (no INTEGER PRIMARY KEY, isi TEXT, tanggal DATE)")
        connection.exec_driver_sql(
            "INSERT INTO harian VALUES (1, 'lampu jalan mati', '2025-08-17'), (2, 'banjir', NULL)"
        )
    outcome = run(runner, SqlSource(engine, table="harian"), SqlSink(engine, "baru", tmp_path / "r.csv"), tmp_path)
    assert (outcome.rows, outcome.refused) == (2, 0)
    with engine.connect() as connection:
        days = connection.exec_driver_sql("SELECT tanggal FROM baru ORDER BY no").scalars().all()
    assert days == ["2025-08-17", None]


def test_what_a_sqlite_column_holds_against_its_declared_type_is_read_as_it_is(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE bebas "
            "(no INTEGER PRIMARY KEY, isi TEXT, tanggal DATETIME, biaya DECIMAL(9,2), rahasia BOOLEAN)"
        )
        connection.exec_driver_sql(
            "INSERT INTO bebas VALUES (1, CAST(x'6c616d707520e9' AS TEXT), '31/12/2025', 'Rp 5.000', 'tidak'), "
            "(2, 'banjir', '2025-12-31 08:00:00', 2, 1)"
        )
    (piece,) = SqlSource(engine, table="bebas").pieces(10)
    assert piece.table.to_pylist() == [
        {"no": 1, "isi": "lampu \ufffd", "tanggal": "31/12/2025", "biaya": "Rp 5.000", "rahasia": "tidak"},
        {"no": 2, "isi": "banjir", "tanggal": "2025-12-31 08:00:00", "biaya": "2.00", "rahasia": "True"},
    ]


def test_bytes_are_written_as_digits_and_never_as_python_shows_them(
    runner: Runner, engine: sa.Engine, tmp_path: Path
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE lampiran (no INTEGER PRIMARY KEY, isi, foto, campur)")
        connection.exec_driver_sql(
            "INSERT INTO lampiran VALUES (1, CAST('lampu jalan mati' AS BLOB), x'ff00', x'ff00'), "
            "(2, CAST('banjir' AS BLOB), x'01', 'teks')"
        )
    run(runner, SqlSource(engine, table="lampiran"), SqlSink(engine, "baru", tmp_path / "r.csv"), tmp_path)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT foto, campur, disposisi_agency FROM baru ORDER BY no").all()
    assert rows[0] == ("ff00", "ff00", "dishub")
    assert rows[1][:2] == ("01", "teks")


def test_a_table_that_is_there_is_never_touched(runner: Runner, engine: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="already"):
        run(
            runner,
            SqlSource(engine, query="SELECT isi FROM aduan LIMIT 3"),
            SqlSink(engine, "aduan", tmp_path / "r"),
            tmp_path,
        )
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM aduan").scalar_one() == ROWS


def test_only_a_table_with_the_very_rows_is_taken_for_that_of_a_run_that_was_killed_after_it(
    engine: sa.Engine, tmp_path: Path
) -> None:
    table = pa.table({"isi": ["lampu \x00", "é", None], "agency": ["dishub", "dlh", "dlh"], "nilai": [1.5, None, 2.0]})
    sink = SqlSink(engine, "baru", tmp_path / "r.csv")
    for _ in range(2):
        sink.write(table.schema, [table.slice(0, 2), table.slice(2)], 3)
    for other in (
        table.set_column(1, "agency", pa.array(["dishub", "dlh", "dinkes"])),
        table.rename_columns(["isi", "dinas", "nilai"]),
        table.slice(1),
    ):
        with pytest.raises(DatabaseError, match="already"):
            sink.write(other.schema, [other], len(other))


def test_what_sql_has_no_type_for_is_stored_as_text(engine: sa.Engine, tmp_path: Path) -> None:
    table = pa.table({
        "lama": pa.array([dt.timedelta(hours=30), None], pa.duration("us")),
        "jam": pa.array([dt.time(8, 30), None], pa.time64("us")),
    })  # fmt: skip
    SqlSink(engine, "waktu", tmp_path / "r.csv").write(table.schema, [table], 2)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT lama, jam FROM waktu").all()
    assert found == [("1 day, 6:00:00", "08:30:00"), (None, None)]


def test_numbers_that_sqlite_would_round_are_stored_as_text(engine: sa.Engine, tmp_path: Path) -> None:
    table = pa.table({
        "kode": pa.array([2**64 - 1, None], pa.uint64()),
        "jumlah": pa.array([Decimal("12345678901234567890.12"), None], pa.decimal128(30, 2)),
        "biaya": pa.array([Decimal("5000.50"), None], pa.decimal128(9, 2)),
    })  # fmt: skip
    SqlSink(engine, "angka", tmp_path / "r.csv").write(table.schema, [table], 2)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT kode, jumlah, biaya FROM angka").all()
    assert found == [("18446744073709551615", "12345678901234567890.12", 5000.5), (None, None, None)]


def test_a_moment_keeps_its_zone_where_a_database_has_none_and_is_read_again_as_the_same(
    engine: sa.Engine, tmp_path: Path
) -> None:
    moment = dt.datetime(2024, 1, 1, 1, 30, 15, 250_000, tzinfo=dt.UTC)
    table = pa.table({"isi": ["x", "y"], "masuk": pa.array([moment, None], pa.timestamp("ms", "Asia/Jakarta"))})
    sink = SqlSink(engine, "waktu", tmp_path / "r.csv")
    sink.write(table.schema, [table], 2)
    (piece,) = SqlSource(engine, table="waktu").pieces(10)
    found = piece.table["masuk"].to_pylist()
    assert found == ["2024-01-01T08:30:15.250000+07:00", None]
    assert parse_date(found[0]) == moment
    sink.write(table.schema, [table], 2)  # a run that was killed after its commit


@pytest.mark.parametrize(
    "error",
    [
        InvalidTextRepresentation('invalid input syntax for type integer: "lampu jalan mati"'),
        sa.exc.StatementError("x", "SELECT isi", {}, ValueError("Invalid isoformat string: 'lampu jalan mati'")),
    ],
)
def test_an_error_about_a_value_does_not_quote_it(engine: sa.Engine, error: Exception) -> None:
    def refuse(*_: object) -> None:
        raise error

    sa.event.listen(engine, "before_cursor_execute", refuse)
    with pytest.raises(DatabaseError, match=r"reported: (InvalidTextRepresentation|ValueError)\."):
        _ = SqlSource(engine, query="SELECT isi FROM aduan").schema


def test_a_failing_database_leaves_no_table_and_the_same_run_goes_on(
    runner: Runner, engine: sa.Engine, tmp_path: Path
) -> None:
    full = connect(f"sqlite:///{tmp_path / 'full.sqlite3'}")
    # Makes SQLite report a full disk.
    pages = 4
    sa.event.listen(full, "connect", lambda connection, _: connection.execute(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(DatabaseError, match="full"):
        run(runner, SqlSource(engine, table="aduan"), SqlSink(full, "baru", tmp_path / "r.csv"), tmp_path)
    assert not SqlSink(full, "baru", tmp_path / "r.csv").exists()
    pages = 4_000
    full.dispose()
    outcome = run(runner, SqlSource(engine, table="aduan"), SqlSink(full, "baru", tmp_path / "r.csv"), tmp_path)
    assert outcome.resumed == outcome.rows == ROWS


def test_a_query_may_end_in_a_comment_and_one_that_is_no_select_is_told(engine: sa.Engine) -> None:
    source = SqlSource(engine, query="SELECT isi FROM aduan -- semua")
    assert (source.schema.names, source.expected_rows) == (["isi"], ROWS)
    with pytest.raises(DataError, match="not a SELECT"):
        _ = SqlSource(engine, query="DELETE FROM aduan").schema
    assert source.expected_rows == SqlSource(engine, table="aduan").expected_rows == ROWS
    with pytest.raises(DatabaseError, match=r"syntax error.*Fix the query"):
        _ = SqlSource(engine, query="SELEC isi").schema


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "not a valid database URL.*sqlite:///FILE"),
        ("oracle7://x", "not a valid database URL"),
        ("mysql://x", "MySQLdb is not installed. Install it"),
    ],
)
def test_an_address_that_is_none_is_told(url: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        connect(url)


def test_a_password_is_never_kept() -> None:
    source = SqlSource(connect("postgresql://me:hunter2@localhost/db"), table="aduan")
    source.__dict__["expected_rows"] = 0  # as if its rows had been counted
    assert "hunter2" not in str(source.fingerprint())


def test_a_sqlite_file_that_is_not_there_is_told_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no database file .*typo\.db"):
        SqlSource(connect(f"sqlite:///{tmp_path / 'typo.db'}"), table="aduan").schema  # noqa: B018 (read on demand)
    assert not list(tmp_path.iterdir())
