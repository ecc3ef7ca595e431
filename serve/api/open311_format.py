"""Open311 responses and errors, as JSON or XML."""

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

# Characters not allowed by https://www.w3.org/TR/xml/#charsets; a negation of the allowed ones takes 6 ms to compile.
_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Format(StrEnum):
    """Format of a response, the extension of the URL."""

    JSON = "json"
    XML = "xml"


class Open311Error(DisposisiError):
    """An error in the standard's format."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(what, mend="")
        self.code = status


class Open311Route(APIRoute):
    """A route that returns errors in the standard's format: a list of codes and descriptions."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, wrapped to convert its errors."""
        handler = super().get_route_handler()

        async def answering(request: Request) -> Response:
            try:
                return await handler(request)
            except Open311Error as error:
                return _error(request, error.code, error.what)
            except LoginRequiredError as error:
                return _error(request, 403, str(error))  # the standard has no 401
            except TooManyRequestsError as error:
                answer = _error(request, error.status, str(error))  # 429: not in the standard, but HTTP clients know it
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
    """Return content as JSON, or as XML in an element ``root``."""
    if fmt is Format.JSON:
        body = json.dumps(content, ensure_ascii=False)
        return Response(body, status, media_type="application/json; charset=utf-8")
    element = Element(root)
    _fill(element, content)
    return Response(b'<?xml version="1.0" encoding="utf-8"?>' + tostring(element), status, media_type="text/xml")


def _error(request: Request, status: int, what: str) -> Response:
    fmt = Format.XML if request.url.path.endswith(".xml") else Format.JSON
    return rendered([{"code": status, "description": what.strip()}], fmt, "errors", status)


# Element names that the standard gives to the items of lists.
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
