"""``disposisi classify``: one complaint, or a stream of them."""

from __future__ import annotations

import json
import sys
from itertools import islice
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from pipeline.cli.console import out, print_json, tell, writable
from pipeline.cli.options import DEFAULT_MODEL, JsonOption, ModelOption, RegionOption
from pipeline.complaint import Complaint, Decision, Level, Suggestion
from pipeline.errors import ComplaintError, DataError
from pipeline.numerals import percent
from pipeline.router import Router

LINES_AT_ONCE = 500
_WRITE = 'Write {"text": "…"}.'

_LEVEL_STYLE = {
    Level.DARURAT: "bold white on red",
    Level.TINGGI: "bold black on yellow",
    Level.SEDANG: "bold",
    Level.RENDAH: "dim",
}
_DECISION_TEXT = {
    Decision.SUGGEST: "usulkan instansi pertama",
    Decision.CHOOSE: "pilih salah satu",
    Decision.READ: "baca dahulu",
}


def add_commands(app: typer.Typer) -> None:
    """Add ``classify``."""
    app.command()(classify)


def classify(
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help="The complaint, or - to read it from standard input.", show_default=False),
    ] = None,
    address: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Where it happened, if known separately from the text.")
    ] = None,
    model: ModelOption = DEFAULT_MODEL,
    region: RegionOption = None,
    as_json: JsonOption = False,
    as_jsonl: Annotated[
        bool,
        typer.Option(
            "--jsonl",
            help='Read one JSON object per line from standard input, with "text" and optionally "id" and "address"; '
            "write one suggestion per line in the same order. An invalid line yields an error line; blank lines are "
            "skipped.",
        ),
    ] = False,
    reference: Annotated[
        bool,
        typer.Option(
            "--reference", help="Answer with the original scikit-learn estimators instead of the compiled model."
        ),
    ] = False,
) -> None:
    """Suggest an agency and an urgency level for a complaint.

    The words that influenced the suggestion are highlighted in the text.

    Examples
    --------
      disposisi classify "lampu jalan depan pasar mati sudah seminggu"

      echo "air pdam mati 3 hari" | disposisi classify - --json

      disposisi classify --jsonl < aduan.jsonl > usulan.jsonl
    """
    if as_jsonl and (as_json or text is not None):
        raise DataError("--jsonl reads its complaints from standard input.", mend="Omit TEXT and --json.")
    if text is None and not as_jsonl:
        raise DataError("No complaint was given.", mend='Pass it as a quoted argument, or pass "-" and pipe it in.')
    router = Router.load(model, region, reference=reference)
    if text is None:
        failed = _classify_lines(router)
        if failed:
            raise typer.Exit(DataError.exit_code)
        return
    if text == "-":
        text = sys.stdin.read()
    complaint = Complaint(text, address=address)
    suggestion = router.suggest(complaint)
    if as_json:
        print_json(suggestion.to_dict())
    else:
        _show(complaint.text, suggestion)


def _classify_lines(router: Router) -> int:
    """Answer standard input line by line and return how many lines could not be used."""
    failed = 0
    lines = (line for line in sys.stdin.buffer if line.strip())
    while batch := list(islice(lines, LINES_AT_ONCE)):
        read = [_read_line(line) for line in batch]
        answers = iter(router.suggest_many([item for item in read if isinstance(item, Complaint)]))
        for item in read:
            if isinstance(item, Complaint):
                answer = next(answers).to_dict()
            else:
                failed += 1
                answer = item
            line = json.dumps(answer, ensure_ascii=False)
            # An unpaired surrogate in an id is returned unchanged.
            sys.stdout.write(writable(line) + "\n")
        sys.stdout.flush()
    if failed:
        tell(f"{failed:,} line(s) could not be used; each has an error line in the output.", "yellow")
    return failed


def _read_line(line: bytes) -> Complaint | dict[str, Any]:
    """Return the complaint of a line, or the error to answer it with."""
    identifier = None
    try:
        values = _json_object(line)
        # As text in every answer, so that whoever asked finds its line by it.
        identifier = None if values.get("id") is None else str(values["id"])
        return Complaint(_text(values), address=_string(values, "address"), id=identifier)
    except (ComplaintError, DataError) as error:
        return {"id": identifier, "error": error.english}


def _json_object(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise DataError("The line is not a JSON object.", mend=_WRITE)
    return values


def _text(values: dict[str, Any]) -> str:
    text = _string(values, "text")
    if text is None:
        raise DataError('The line has no "text".', mend=_WRITE)
    return text


def _string(values: dict[str, Any], name: str) -> str | None:
    value = values.get(name)
    if value is not None and not isinstance(value, str):
        raise DataError(f'"{name}" is not text.', mend=_WRITE)
    return value


def _show(text: str, suggestion: Suggestion) -> None:
    """Print a suggestion for people: the text with the words that counted, agencies and urgency."""
    marked = Text(text.rstrip("\n"))
    strongest = max((word.weight for word in suggestion.words), default=0.0)
    for word in suggestion.words:
        if word.weight > 0:
            marked.stylize("bold underline" if word.weight > strongest / 3 else "underline", word.start, word.end)
    out.print(marked[len(text) - len(text.lstrip("\n")) :], soft_wrap=False)
    out.print()
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right")
    for agency in suggestion.agencies:
        bar = "█" * round(agency.probability * 20)
        table.add_row(percent(agency.probability), Text(bar, "cyan"), Text(agency.name))
    out.print(table)
    if suggestion.parts:
        out.print(Text("\nDua urusan; pertimbangkan untuk dipecah:"))
        for part in suggestion.parts:
            told = f"  {part.name} ({percent(part.probability)}): "
            out.print(Text(told, "cyan") + Text(text[part.start : part.end]))
    urgency = suggestion.urgency
    because = f"  karena {', '.join(urgency.reasons)}" if urgency.reasons else ""
    out.print(Text("\nUrgensi   ") + Text(f" {urgency.level} ", _LEVEL_STYLE[urgency.level]) + Text(because))
    if suggestion.place:
        place = suggestion.place
        where = place.name if place.kind == "kecamatan" else f"{place.name}, Kecamatan {place.kecamatan}"
        out.print(Text(f"Tempat    {place.kind.capitalize()} {where}"))
    notes = "".join(f" — {note}" for note in suggestion.notes)
    out.print(Text(f"Tindakan  {_DECISION_TEXT[suggestion.decision]}{notes}"))
