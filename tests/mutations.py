"""Hypothesis strategy for damaged files: a valid one with bytes changed, removed, repeated or inserted."""

from __future__ import annotations

from hypothesis import strategies as st

# Known to break parsers: control characters, incomplete encodings, syntax characters, values out of range.
_TOKENS = (
    b"\x00", b"\x03", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\n", b"\r", b"\t", b'"', b"'", b",", b";", b"{",
    b"}", b"[", b"]", b": ", b"- ", b"&a ", b"*a", b"<<: *a", b"!!python/object:os.system ", b"1e999", b"-1", b".inf",
    b"9" * 40, b"null", b"NaN", b"2025-13-45", b"PK\x03\x04", b"PAR1", b"[" * 2000, b'"' + b"x" * 200_000,
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """Return ``good`` with one to four changes."""
    content = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        change = draw(st.sampled_from(("flip", "put in", "lose", "cut", "double")))
        if change == "flip" and at < len(content):
            content[at] ^= 1 << draw(st.integers(0, 7))
        elif change == "put in":
            content[at:at] = draw(st.sampled_from(_TOKENS))
        elif change == "lose":
            del content[at : at + draw(st.integers(1, 50))]
        elif change == "cut":
            del content[at:]
        elif change == "double":
            begin = draw(st.integers(0, len(content)))
            content[at:at] = content[begin : begin + draw(st.integers(1, 50))]
    return bytes(content)
