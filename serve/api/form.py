"""Forms as browsers and Open311 clients send them."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request

from serve.errors import OrderError

MAX_FIELDS = 50


async def _form(request: Request) -> dict[str, str]:
    """Return the first value of each field; what isn't UTF-8 is replaced."""
    body = (await request.body()).decode("utf-8", errors="replace")
    try:
        fields = parse_qs(body, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise OrderError(f"Formulir berisi lebih dari {MAX_FIELDS} isian.", mend="Kirim yang perlu saja.") from None
    return {name: values[0] for name, values in fields.items()}


Form = Annotated[dict[str, str], Depends(_form)]
