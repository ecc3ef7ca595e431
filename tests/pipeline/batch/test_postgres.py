"""On a real PostgreSQL: 200,000 rows into a new table, and a connection lost on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa

from pipeline.batch.answers import Answered, Answering
from pipeline.batch.chunks import Chunk
from pipeline.batch.columns import Columns
from pipeline.batch.databases import connect
from pipeline.batch.engines.local import LocalEngine
from pipeline.batch.plan import plan_source
from pipeline.batch.run import Model, Outcome, run_batch
from pipeline.batch.sql_sink import SqlSink
from pipeline.batch.sql_source import SqlSource
from pipeline.errors import DatabaseError
from pipeline.router import Router
from tests.pipeline.batch.conftest import PROBLEMS, Counting
from tests.serve import postgres

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.skipif(not postgres.available(), reason="PostgreSQL 15 is not installed"),
]

ROWS = 200_000  # 10,000 different texts, as this tests the table, not scoring
ROWS_LOST = 3_000  # in the test of lost connections


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.given_or_own_server() as url:
        yield url


@pytest.fixture
def engine(server: str) -> Iterator[sa.Engine]:
    with postgres.new_database(server, "batch") as url:
        engine = connect(url)
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TABLE aduan (no bigint PRIMARY KEY, isi text, masuk timestamptz, nilai numeric(8,2), "
                "tag text[], sah boolean)"
            )
            problems = "'{" + ",".join(f'"{problem}"' for problem in PROBLEMS) + "}'::text[]"
            connection.exec_driver_sql(
                f"INSERT INTO aduan SELECT i, ({problems})[mod(i, 5) + 1] || ' rumah ' || i / 100, "  # noqa: S608
                f"timestamptz '2024-01-01 00:00+07' + i * interval '1 minute', i / 100.0, "
                f"ARRAY['a','b'], mod(i, 2) = 0 "
                f"FROM generate_series(1, {ROWS}) i"
            )
        yield engine
        engine.dispose()


def run(router: Router, model: Path, source: SqlSource, sink: SqlSink, folder: Path, disturb: object = None) -> Outcome:
    class Disturbed(LocalEngine):
        """Engine that calls a function after some chunks."""

        def answers(self, chunks: Iterable[Chunk]) -> Iterator[Answered]:
            for number, answered in enumerate(LocalEngine.answers(self, chunks)):
                if number == 3 and callable(disturb):
                    disturb()
                yield answered

    def make_engine(answering: Answering) -> LocalEngine:
        return Disturbed(lambda: router, answering, 2)

    plan = plan_source(source, Columns())
    return run_batch(plan, sink, folder / "journal", Model(model), make_engine, Counting(), chunk_rows=200)


def test_a_lost_connection_loses_and_doubles_nothing(
    router: Router, model_folder: Path, engine: sa.Engine, tmp_path: Path
) -> None:
    def lose() -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    query = f"SELECT * FROM aduan WHERE no <= {ROWS_LOST} AND isi LIKE '%rumah%' ORDER BY no"  # noqa: S608
    sink = SqlSink(engine, "baru", tmp_path / "r.csv")
    with pytest.raises(DatabaseError, match="same command"):
        run(router, model_folder, SqlSource(engine, query=query), sink, tmp_path, lose)
    assert not sink.exists()
    outcome = run(router, model_folder, SqlSource(engine, query=query), sink, tmp_path)
    assert outcome.resumed >= 3 * 200
    with engine.connect() as connection:
        counts = connection.exec_driver_sql(
            "SELECT count(*), count(DISTINCT baru.no), "
            "count(*) FILTER (WHERE baru.isi = aduan.isi AND baru.masuk = aduan.masuk AND baru.nilai::numeric = "
            "aduan.nilai AND baru.sah = aduan.sah AND baru.disposisi_agency IS NOT NULL) "
            "FROM baru JOIN aduan USING (no)"
        ).one()
    assert tuple(counts) == (ROWS_LOST, ROWS_LOST, ROWS_LOST)


def test_a_moment_that_no_calendar_has_costs_its_own_row_alone_and_in_a_column_of_text_none(
    router: Router, model_folder: Path, engine: sa.Engine, tmp_path: Path
) -> None:
    query = (
        "SELECT no, isi, CASE no WHEN 2 THEN 'infinity' "
        "WHEN 3 THEN timestamptz '0044-03-15 00:00+00 BC' ELSE masuk END AS masuk, "
        "CASE no WHEN 5 THEN date '20000-01-01' ELSE masuk::date END AS hari, time '24:00' AS jam "
        "FROM aduan WHERE no <= 6 ORDER BY no"
    )
    sink = SqlSink(engine, "waktu", tmp_path / "r.csv")
    outcome = run(router, model_folder, SqlSource(engine, query=query), sink, tmp_path)
    assert (outcome.rows, outcome.refused) == (3, 3)
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT no, masuk, jam FROM waktu ORDER BY no").all()
        moments = {row.no: row.masuk for row in connection.exec_driver_sql("SELECT no, masuk FROM aduan")}
    assert [tuple(row) for row in kept] == [(no, moments[no], "24:00:00") for no in (1, 4, 6)]
    lines = (tmp_path / "r.csv").read_text().splitlines()
    assert lines[1:] == [f"the query,{row},a date outside the years 1 to 9999" for row in (2, 3, 5)]


def test_names_may_hold_what_they_like_and_those_that_cannot_be_are_told_before_the_work(
    engine: sa.Engine, tmp_path: Path
) -> None:
    table = pa.table({"Isi": ["lampu"], 'Progres (%) "x" a:b': ["50 %"]})
    sink = SqlSink(engine, 'Hasil 10% "x"', tmp_path / "r.csv")
    sink.try_out(table.schema)
    assert not sink.exists()
    sink.write(table.schema, [table], 1)
    sink.write(table.schema, [table], 1)  # a run that was killed after its commit
    (piece,) = SqlSource(engine, table='Hasil 10% "x"').pieces(10)
    assert piece.table.to_pydict() == table.to_pydict()
    long = "k" * 63  # where PostgreSQL truncates names
    for name, columns in (("baru", [f"{long}1", f"{long}2"]), ("tiada.baru", ["k"])):
        with pytest.raises(DatabaseError, match="--out-table"):
            SqlSink(engine, name, tmp_path / "r.csv").try_out(pa.schema([(column, pa.string()) for column in columns]))


def test_a_table_of_200_000_rows_becomes_a_new_table(
    router: Router, model_folder: Path, engine: sa.Engine, tmp_path: Path
) -> None:
    sink = SqlSink(engine, "public.semua", tmp_path / "r.csv")
    outcome = run(router, model_folder, SqlSource(engine, table="public.aduan"), sink, tmp_path)
    assert (outcome.rows, outcome.refused) == (ROWS, 0)
    with engine.connect() as connection:
        counts = connection.exec_driver_sql(
            "SELECT count(*), count(DISTINCT semua.no), count(disposisi_agency) FROM semua JOIN aduan USING (no)"
        ).one()
    assert tuple(counts) == (ROWS, ROWS, ROWS)
