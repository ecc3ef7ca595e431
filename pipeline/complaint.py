"""The domain's data types: the complaint that comes in and the suggestion that goes out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from pipeline.errors import ComplaintError, ComplaintTooLongError, EmptyComplaintError
from pipeline.numerals import thousands

Given = TypeVar("Given")

UNREADABLE = re.compile("[\x00\ud800-\udfff]")  # no database stores them, no JSON writer sends them
MAX_TEXT_CHARS = 20_000  # the longest real complaint seen has 8,000


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of the original text, ``text[start:end]``.

    Attributes
    ----------
    start, end
        Positions in the text, counted in Unicode code points; the end is excluded.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Complaint:
    """A citizen's complaint.

    Attributes
    ----------
    text
        What the citizen wrote, 1 to ``MAX_TEXT_CHARS`` characters with at least one letter.
    address
        Where it happened, if the channel asks for it separately.
    id
        The channel's own identifier, passed through unchanged.

    Raises
    ------
    EmptyComplaintError
        If the text contains no letter.
    ComplaintError
        If it contains NUL or an unpaired surrogate.
    ComplaintTooLongError
        If the text or the address is longer than ``MAX_TEXT_CHARS``.
    TypeError
        If one of them is not text, such as the NaN of a table's empty cell.
    """

    text: str
    address: str | None = None
    id: str | None = None

    def __post_init__(self) -> None:
        for name, part in (("text", self.text), ("address", self.address), ("id", self.id)):
            if not isinstance(part, str) and (part is not None or name == "text"):
                raise TypeError(f"A complaint's {name} is a {type(part).__name__}, not text.")
        longest = max(len(self.text), len(self.address or ""))
        if longest > MAX_TEXT_CHARS:
            name, english = ("Teks", "text") if longest == len(self.text) else ("Alamat", "address")
            raise ComplaintTooLongError(
                f"{name} sepanjang {thousands(longest)} karakter; paling banyak {thousands(MAX_TEXT_CHARS)}.",
                mend="Kirim hanya isi aduannya, tanpa lampiran.",
                english=f"The {english} has {longest:,} characters; the limit is {MAX_TEXT_CHARS:,}. "
                "Send the complaint only.",
            )
        if any(UNREADABLE.search(part) for part in (self.text, self.address, self.id) if part):
            raise ComplaintError(
                "Teks memuat karakter yang bukan tulisan (NUL atau potongan Unicode).",
                mend="Kirim sebagai UTF-8.",
                english="The text contains NUL or an unpaired surrogate. Send UTF-8.",
            )
        if not has_letter(self.text):
            raise EmptyComplaintError(
                "Tidak ada satu huruf pun di dalam teks aduan.",
                mend="Isi teks dengan apa yang ditulis warga.",
                english="The complaint's text contains no letter. Send what the citizen wrote.",
            )

    @property
    def full_text(self) -> str:
        """Text and address in one, the text first, so that spans in the text keep their places."""
        return f"{self.text}\n{self.address}" if self.address else self.text


def as_list(complaints: Iterable[Given]) -> list[Given]:
    """Return a sequence of complaints or texts, or a column of pandas or Arrow, as a list.

    Raises
    ------
    TypeError
        If it is a single text, which would be iterated by letters, or a table, which would be iterated by column names.
    """
    if isinstance(complaints, list):
        return complaints
    if isinstance(complaints, str) or hasattr(complaints, "columns"):
        raise TypeError(
            f"A {type(complaints).__name__} is not a list of complaints: pass a list of texts or one column of a table."
        )
    # Columns of Arrow yield Arrow scalars instead of str.
    listed: list[Given] = complaints.to_pylist() if hasattr(complaints, "to_pylist") else list(complaints)
    return listed


def has_letter(text: str) -> bool:
    """Tell whether any letter stands in a text; one without can't be a complaint."""
    return any(letter.isalpha() for letter in text)


class Level(StrEnum):
    """How soon somebody must act, from ``darurat`` (an emergency: at once) down to ``rendah``; see docs/urgency.md."""

    DARURAT = "darurat"
    TINGGI = "tinggi"
    SEDANG = "sedang"
    RENDAH = "rendah"


ALARMS = frozenset({Level.DARURAT, Level.TINGGI})  # somebody must act within days, or at once


class Kind(StrEnum):
    """Kind of message, as SP4N-LAPOR! distinguishes them: complaint, request for information, idea, or neither."""

    PENGADUAN = "pengaduan"
    INFORMASI = "permintaan-informasi"
    ASPIRASI = "aspirasi"
    BUKAN = "bukan-aduan"


class Decision(StrEnum):
    """What the dispatcher is asked to do.

    ``suggest``: confirm the first agency. ``choose``: choose among the agencies shown. ``read``: read the text, because
    it is unclear, out of scope or unfamiliar.
    """

    SUGGEST = "suggest"
    CHOOSE = "choose"
    READ = "read"


@dataclass(frozen=True, slots=True)
class AgencyScore:
    """An agency and the probability that it is responsible.

    Attributes
    ----------
    probability
        Calibrated, from 0 to 1.
    """

    code: str
    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent a complaint is, and why.

    Attributes
    ----------
    probabilities
        The probability of each level.
    reasons
        What makes it this urgent, in Indonesian, with the citizen's own words in quotation marks.
    spans
        Where those words are in the text; there are more spans than reasons if such a word occurs twice.
    """

    level: Level
    probabilities: dict[str, float] = field(hash=False)
    reasons: tuple[str, ...]
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the region that the complaint names.

    Attributes
    ----------
    code
        Kemendagri code, for example ``32.16.07.2001``.
    kind
        ``kecamatan``, ``kelurahan`` or ``desa``.
    kecamatan
        Name of the kecamatan that the place belongs to, or of the place itself if it is one.
    start, end
        Where the text names it, in Unicode code points; ``None`` if only the address does.
    confidence
        How often a place named like this is the one meant, from 0 to 1; measured in docs/places.md.
    """

    code: str
    kind: str
    name: str
    kecamatan: str
    start: int | None
    end: int | None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text that counted for or against an agency.

    Attributes
    ----------
    start, end
        Where the word is in the text, in Unicode code points; the end is excluded.
    weight
        How much it counted for the agency, or against it if negative.
    """

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Part:
    """One of several problems in a message, and the agency suggested for it alone.

    Attributes
    ----------
    start, end
        Where this part is in the text, in Unicode code points; the end is excluded.
    probability
        Calibrated probability that the agency is responsible for this part, from 0 to 1.
    """

    start: int
    end: int
    code: str
    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is suggested for one complaint.

    Attributes
    ----------
    id
        The complaint's identifier.
    agencies
        The most probable first: at least five if the region has so many, and all of ``choices``.
    place
        The place that the complaint is about; ``None`` if it names none with enough confidence.
    words
        The words that counted for or against the first agency, in the order of the text.
    model
        Name of the model version that made the suggestion.
    notes
        Remarks on the decision for the dispatcher, in Indonesian.
    instead
        The words that counted for the second agency rather than the first (positive weight), or the reverse.
    choices
        Codes of the agencies to choose from, the most probable first: a set that includes the right one as often as
        the policy demands (95 % by default), and responders to a danger that the first agency doesn't handle.
    parts
        The parts of a message with problems for different agencies; empty if it is one problem.
    kinds
        The probability of each kind of message.
    answer_within
        Working days until the citizen must have an answer.
    settle_within
        Working days until the matter must be settled.
    """

    id: str | None
    agencies: tuple[AgencyScore, ...]
    urgency: Urgency
    place: Place | None
    decision: Decision
    words: tuple[Word, ...]
    model: str
    notes: tuple[str, ...] = field(default=())
    instead: tuple[Word, ...] = ()
    parts: tuple[Part, ...] = ()
    choices: tuple[str, ...] = ()
    kind: Kind = Kind.PENGADUAN
    kinds: dict[str, float] = field(default_factory=dict, hash=False)
    answer_within: int | None = None
    settle_within: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the suggestion as plain values, as in the JSON of the command line and the API."""
        return asdict(self)
