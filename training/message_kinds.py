"""The kind of a training row's message: complaint, request for information, wish, or none of them."""

from __future__ import annotations

import re

from pipeline.complaint import Kind, Level
from pipeline.region.catalogue import NOT_A_COMPLAINT
from training.data import Labelled


def _any_word(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(words.split(';'))})\b", re.IGNORECASE)


_WISH = _any_word(
    r"usul\w*;mengusulkan;saran\w*;aspirasi;gagasan;ide;harapan;alangkah;sebaiknya;andai;coba;daripada;lebih baik;"
    r"kalau bisa;semoga;mengajukan permohonan;berharap;ingin\w*;hayang;hoyong;pengen;mending;perlu ada;adain;bikinin"
)
_QUESTION = _any_word(
    r"informasi;info;tanya;bertanya;menanyakan;naros;tangled;nanya;apakah;berapa;bagaimana;gimana;gmn;kapan;"
    r"di ?mana;dmn;syarat\w*;persyaratan;prosedur;tata cara;cara;jadwal;penjelasan;keterangan;"
    r"salinan;kumaha;iraha;brp;nomor;kontak"
)
_PRAISE = _any_word(r"terima kasih;makasih;mksh;nuhun;nuwun;suwun;apresiasi;penghargaan;salut;mantap;keren")


def kind_of(row: Labelled) -> str:
    """Return the kind of a row; empty if it is unknown, as for rows from dispatchers.

    In the catalogue, problems of urgency ``rendah`` mix questions, wishes and thanks, so the words decide there.
    """
    if row.kind or not row.problem:
        return row.kind or ""
    urusan, _, problem = row.problem.partition("/")
    if urusan == NOT_A_COMPLAINT:
        return Kind.BUKAN
    if row.urgency is not Level.RENDAH:
        return Kind.PENGADUAN
    text = row.complaint.text
    if problem.startswith("usul") or ("-usul" in problem and not _QUESTION.search(text)):
        return Kind.ASPIRASI
    if _WISH.search(text) and not text.rstrip().endswith("?"):
        return Kind.ASPIRASI
    if _asks(text):
        return Kind.INFORMASI
    return Kind.BUKAN if _PRAISE.search(text) else Kind.PENGADUAN


def _asks(text: str) -> bool:
    return "?" in text or _QUESTION.search(text) is not None
