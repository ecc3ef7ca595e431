"""How Open311 writes answers and errors: JSON, or the same as XML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from pipeline.errors import DisposisiError
from serve.errors import LoginRequiredError, TooManyRequestsError

# All but the characters of https://www.w3.org/TR/xml/#charsets, which as they stand there take 6 ms to compile.
_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Format(StrEnum):
    """The ending of an address."""

    JSON = "json"
    XML = "xml"


class Open311Error(DisposisiError):
    """An error in the standard's words."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(what, mend="")
        self.code = status


class Open311Route(APIRoute):
    """A route whose errors are written as the standard says: a list of codes and descriptions."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with its errors answered."""
        handler = super().get_route_handler()

        async def answering(request: Request) -> Response:
            try:
                return await handler(request)
            except Open311Error as error:
                return _error(request, error.code, error.what)
            except LoginRequiredError as error:
                return _error(request, 403, str(error))  # the standard knows no 401
            except TooManyRequestsError as error:
                answer = _error(request, error.status, str(error))  # a client of HTTP knows it, if not of the standard
                answer.headers.update(error.headers)
                return answer
            except DisposisiError as error:
                return _error(request, 400 if error.status == 422 else error.status, str(error))
            except RequestValidationError as error:
                if any(detail["loc"][:2] == ("path", "fmt") for detail in error.errors()):
                    return _error(request, 404, "Alamat ini berakhir dengan .json atau .xml.")
                fields = ", ".join(str(detail["loc"][-1]) for detail in error.errors())
                return _error(request, 400, f"Periksa: {fields}.")

        return answering


def rendered(content: Any, fmt: Format, root: str, status: int = 200) -> Response:
    """Return content as JSON or, with ``root`` around it, as XML."""
    if fmt is Format.JSON:
        body = json.dumps(content, ensure_ascii=False)
        return Response(body, status, media_type="application/json; charset=utf-8")
    element = Element(root)
    _fill(element, content)
    return Response(b'<?xml version="1.0" encoding="utf-8"?>' + tostring(element), status, media_type="text/xml")


def _error(request: Request, status: int, what: str) -> Response:
    fmt = Format.XML if request.url.path.endswith(".xml") else Format.JSON
    return rendered([{"code": status, "description": what.strip()}], fmt, "errors", status)


# The standard names the members of its lists.
_MEMBERS = {
    "services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute",
    "endpoints": "endpoint", "formats": "format",
}  # fmt: skip


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, item in value.items():
            _fill(SubElement(element, name), item)
    elif isinstance(value, list):
        for item in value:
            _fill(SubElement(element, _MEMBERS[element.tag]), item)
    elif isinstance(value, bool):
        element.text = str(value).lower()
    elif value is not None:
        element.text = _NOT_XML.sub("", str(value))
