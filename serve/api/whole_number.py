"""Whole numbers in addresses and queries."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from pipeline.numerals import in_digits

WholeNumber = Annotated[int, BeforeValidator(in_digits)]
