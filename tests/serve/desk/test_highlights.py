from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.complaint import Word
from serve.desk.highlights import marked


@given(st.text(min_size=1, max_size=40), st.data())
def test_the_pieces_are_the_text(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    words = [
        Word(start, end, data.draw(st.floats(-1, 1)))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
        if start < end
    ]
    assert "".join(piece.text for piece in marked(text, words, None)) == text
