"""Masking personal data, normalising, tokens, stems."""

from pipeline.text.mask import find_personal_data, mask
from pipeline.text.normalise import normalise_word
from pipeline.text.stems import stems
from pipeline.text.tokens import Token, tokenise

__all__ = ["Token", "find_personal_data", "mask", "normalise_word", "stems", "tokenise"]
