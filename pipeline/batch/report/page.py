"""The report as one self-contained HTML page, without scripts, fonts or external images."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

from pipeline.batch.report.changes import BINS, OTHERS, SURE, UNKNOWN, Changes, Tally
from pipeline.batch.report.examples import Example, heaviest
from pipeline.batch.report.intervals import Scope, wilson_interval
from pipeline.batch.report.svg import MOVES, STAYS, Bar, bars, columns, matrix
from pipeline.numerals import thousands

MATRIX_AGENCIES = 14
SHOWN_PLACES = 25
SHOWN_MOVES = 25
SHOWN_EXAMPLES = 40

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; max-width: 62rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; margin: .5rem 0; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem; }
p { max-width: 46rem; } .wide { overflow-x: auto; } svg { display: block; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top; }
td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.t { min-width: 16rem; overflow-wrap: anywhere; }
ul.figures { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .8rem; }
ul.figures li { border: 1px solid #ccc; border-radius: .4rem; padding: .6rem .9rem; min-width: 9rem; }
ul.figures b { display: block; font-size: 1.4rem; }
.key { display: inline-block; width: .8em; height: .8em; } .note { color: #555; font-size: .9rem; }
"""


def page(changes: Changes, scope: Scope) -> str:
    """Return the report."""
    body = [
        "<h1>Yang berubah bila aduan disalurkan ulang</h1>",
        _opening(changes, scope),
        _figures(changes, scope),
        _flow(changes),
        _groups("Perpindahan per bulan", sorted(changes.by_month.items()), "bulan aduan masuk"),
        _groups("Perpindahan per kecamatan", _largest(changes.by_kecamatan), "kecamatan menurut teks atau data"),
        _sureness(changes),
        _wrong(changes, scope),
        _late(changes, scope),
        _unknown(changes.unknown_labels),
    ]
    return (
        '<!doctype html><html lang="id"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # An empty icon: without one a browser asks whatever serves the page for /favicon.ico.
        '<link rel="icon" href="data:,">'
        f"<title>Yang berubah</title><style>{_STYLE}</style><body>{''.join(body)}</body></html>\n"
    )


def _opening(changes: Changes, scope: Scope) -> str:
    what = (
        f"Contoh acak {thousands(changes.rows)} dari sekitar {thousands(scope.population)} aduan; "
        "selang dalam kurung mencakup nilai sebenarnya dengan peluang 95%."
        if scope.is_sample
        else f"Semua {thousands(changes.rows)} aduan yang dapat dipakai."
    )
    return (
        f'<p>{what} Model {escape(changes.model)}. "Berpindah" berarti usulan pertama bukan instansi yang dahulu '
        "menangani, setelah instansi yang digabung atau berganti nama dihitung sebagai penerusnya.</p>"
        + _learned(changes)
    )


def _learned(changes: Changes) -> str:
    """Warn that a model agrees with its training data: moves look rare there and more frequent afterwards."""
    if not changes.learned:
        return ""
    return (
        f"<p><b>{thousands(changes.learned)} di antaranya tidak lebih baru daripada aduan terbaru yang dipelajari "
        f"model ({changes.reading.learned_until}).</b> Riwayat yang ikut dipelajarinya jarang berpindah, benar atau "
        "keliru; seberapa sering riwayat keliru terlihat pada aduan sesudahnya.</p>"
    )


def _figures(changes: Changes, scope: Scope) -> str:
    read = changes.decisions["read"]
    items = [
        (thousands(changes.total.known), "aduan dengan instansi lama yang dikenal"),
        (scope.estimate(changes.total.moved, changes.total.known), "berpindah instansi"),
        (scope.estimate(changes.probably_wrong, changes.total.known), "riwayatnya mungkin keliru"),
        (scope.estimate(changes.emergencies, changes.rows), "terbaca darurat"),
        (scope.estimate(read, changes.rows), "harus dibaca dahulu"),
    ]
    return f'<ul class="figures">{"".join(f"<li><b>{escape(v)}</b>{escape(k)}</li>" for v, k in items)}</ul>'


def _flow(changes: Changes) -> str:
    if not changes.flow:
        return "<h2>Dari instansi lama ke usulan</h2><p>Data ini tidak memuat instansi lama.</p>"
    old, new = (_busiest(changes.flow, side) for side in (0, 1))
    joined: Counter[tuple[str, str]] = Counter()
    for (before, after), count in changes.flow.items():
        joined[before if before in old else OTHERS, after if after in new else OTHERS] += count
    axes = [_once(joined, side, names) for side, names in enumerate((old, new))]
    moves = [
        (before, after, thousands(count))
        for (before, after), count in changes.flow.most_common()
        if before != after and before not in changes.unknown_labels
    ]
    return (
        "<h2>Dari instansi lama ke usulan</h2><p>Baris: instansi lama. Kolom: usulan pertama. Makin gelap, makin "
        "besar bagian dari barisnya.</p>"
        f'<div class="wide">{matrix(joined, *axes)}</div>'
        "<h2>Perpindahan terbanyak</h2>" + _table(("Dari", "Ke", "Aduan"), moves[:SHOWN_MOVES], numbers=(2,))
    )


def _once(joined: Mapping[tuple[str, str], int], side: int, names: Iterable[str]) -> list[str]:
    """Return each name once, and last the others, if there are some."""
    others = [OTHERS] if any(pair[side] == OTHERS for pair in joined) else []
    return [*(name for name in names if name != OTHERS), *others]


def _groups(title: str, groups: Sequence[tuple[str, Tally]], axis: str) -> str:
    if not groups or all(name == UNKNOWN for name, _ in groups):
        return f"<h2>{title}</h2><p>Data ini tidak memuat keterangannya.</p>"
    items = []
    for name, tally in groups:
        low, high = wilson_interval(tally.moved, tally.known)
        label = "tidak diketahui" if name == UNKNOWN else name
        items.append(Bar(label, tally.share, low, high, f"{thousands(tally.moved)} dari {thousands(tally.known)}"))
    return f'<h2>{title}</h2><div class="wide">{bars(items, f"bagian yang berpindah, per {axis}")}</div>'


def _sureness(changes: Changes) -> str:
    stays = [changes.sure_of_stays[i] for i in range(BINS)]
    moves = [changes.sure_of_moves[i] for i in range(BINS)]
    labels = [f"{i * 100 // BINS}–{(i + 1) * 100 // BINS}" for i in range(BINS)]
    if not sum(stays) + sum(moves):
        return ""
    plot = columns(stays, moves, labels, "peluang usulan pertama (%), dan banyaknya aduan")
    return (
        "<h2>Seberapa yakin</h2>"
        f'<p><span class="key" style="background:{STAYS}"></span> tetap '
        f'<span class="key" style="background:{MOVES}"></span> berpindah</p><div class="wide">{plot}</div>'
    )


def _wrong(changes: Changes, scope: Scope) -> str:
    found = scope.estimate(changes.probably_wrong, changes.total.known)
    return (
        "<h2>Riwayat yang mungkin keliru</h2>"
        f"<p>{escape(found)}: usulan lain dengan peluang paling sedikit {SURE * 100:.0f}%. Baca dahulu sebelum "
        "mengubah catatan; data pribadi sudah disamarkan.</p>"
        + _examples(changes.wrong_examples, scope, "Peluang", lambda probability: f"{probability * 100:.0f}%")
    )


def _late(changes: Changes, scope: Scope) -> str:
    title = "<h2>Darurat yang terlambat dijawab</h2>"
    if not changes.emergencies_timed:
        return title + "<p>Data ini tidak memuat waktu masuk dan waktu jawaban untuk aduan darurat.</p>"
    late = scope.estimate(changes.emergencies_late, changes.emergencies_timed)
    return (
        f"{title}<p>{escape(late)} dari {thousands(changes.emergencies_timed)} aduan yang terbaca darurat dan tercatat "
        f"waktu jawabannya dijawab lebih dari {changes.reading.late_hours:.0f} jam setelah masuk.</p>"
        + _examples(changes.late_examples, scope, "Jam", lambda hours: thousands(round(hours)))
    )


def _unknown(labels: Counter[str]) -> str:
    if not labels:
        return ""
    rows = [(label, thousands(count)) for label, count in labels.most_common(SHOWN_MOVES)]
    return (
        "<h2>Instansi lama yang tidak dikenal</h2><p>Tidak ada di data wilayah, jadi tidak dihitung berpindah atau "
        "tetap. Tambahkan sebagai alias di agencies.csv.</p>" + _table(("Tertulis", "Aduan"), rows, numbers=(1,))
    )


def _examples(examples: Iterable[Example], scope: Scope, weight: str, told: Callable[[float], str]) -> str:
    """Return the heaviest examples as a table, with the name of their weight and how it is told."""
    shown = heaviest(examples)[:SHOWN_EXAMPLES]
    if not shown:
        return "<p>Tidak ada.</p>"
    head: Sequence[str] = ("Baris hasil",)
    counted = "Baris hasil dihitung dari 1, tanpa judul kolom."
    if scope.is_sample:
        head, counted = ("Berkas", "Baris"), "Baris berkas dihitung dari 1; judul kolom ikut dihitung."
    rows = [(*_where(e, scope), e.month, e.old, e.new, told(e.weight), e.text) for e in shown]
    row = len(head) - 1
    titles = (*head, "Bulan", "Dahulu", "Usulan", weight, "Isi")
    table = _table(titles, rows, numbers=(row, row + 1, row + 4), text=row + 5)
    return f'{table}<p class="note">{counted}</p>'


def _where(example: Example, scope: Scope) -> tuple[str, ...]:
    """Return where an example stands: in its file if it is of a sample, which has no result."""
    return (example.file, thousands(example.row)) if scope.is_sample else (thousands(-example.position),)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int], text: int = -1) -> str:
    def cell(tag: str, position: int, content: str) -> str:
        kind = ' class="n"' if position in numbers else ' class="t"' if position == text and tag == "td" else ""
        return f"<{tag}{kind}>{escape(content)}</{tag}>"

    lines = ["".join(cell("td", i, content) for i, content in enumerate(row)) for row in rows]
    header = "".join(cell("th", i, name) for i, name in enumerate(head))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="wide"><table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table></div>'


def _busiest(flow: Mapping[tuple[str, str], int], side: int) -> list[str]:
    """Return the agencies with most rows among the previous ones (side 0) or the suggested ones (side 1)."""
    rows: Counter[str] = Counter()
    for pair, count in flow.items():
        rows[pair[side]] += count
    return [name for name, _ in rows.most_common(MATRIX_AGENCIES)]


def _largest(groups: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    return sorted(groups.items(), key=lambda item: (item[0] == UNKNOWN, -item[1].known, item[0]))[:SHOWN_PLACES]
