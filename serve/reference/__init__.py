"""API reference at ``/docs``: Swagger UI, self-hosted and with a strict content security policy, as the desk.

FastAPI's own page loads its scripts from a CDN: it stays blank in offices without access to it, and elsewhere runs
third-party code next to the desk.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.responses import FileResponse

from serve.reference.docstrings import to_markdown

_HERE = Path(__file__).parent
_SWAGGER = Path(str(files("fastapi_swagger"))) / "resources"
_POLICY: Final = {
    # Swagger UI uses data: URLs for its arrows and style attributes for widths.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_FILES: Final = {
    "reference.js": (_HERE / "reference.js", "text/javascript"),
    "swagger-ui-bundle.js": (_SWAGGER / "swagger-ui-bundle.js", "text/javascript"),
    "swagger-ui.css": (_SWAGGER / "swagger-ui.css", "text/css"),
}

_KEY: Final = {
    "type": "http",
    "description": "API key, made by disposisi key add NAME --scope SCOPE",
    "scheme": "bearer",
}
# Open311 passes the key as a query parameter when reading, and as a form field when creating.
_KEY_IN_ADDRESS: Final = {
    "type": "apiKey",
    "description": "The same key, as a query parameter",
    "in": "query",
    "name": "api_key",
}
_OPEN311: Final = "/open311/v2/requests"

pages = APIRouter(include_in_schema=False)


@pages.get("/docs")
async def reference() -> FileResponse:
    """Serve the interactive reference of the API."""
    return FileResponse(_HERE / "reference.html", media_type="text/html", headers=_POLICY)


@pages.get("/docs/{name}")
async def reference_file(name: str) -> FileResponse:
    """Serve one of the page's scripts or styles."""
    if name not in _FILES:
        raise HTTPException(404)
    path, media_type = _FILES[name]
    return FileResponse(path, media_type=media_type, headers={"X-Content-Type-Options": "nosniff"})


def describe(app: FastAPI) -> None:
    """Patch the OpenAPI description: declare which operations need a key, remove errors that never occur, use Markdown.

    A security dependency would declare the key, too, but would be resolved again in every request.
    """
    made_by_the_framework = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            description = made_by_the_framework()
            _forget_foreign_errors(description)
            to_markdown(description)
            description["components"]["securitySchemes"] = {"key": _KEY, "api_key": _KEY_IN_ADDRESS}
            for path, operations in description["paths"].items():
                if path.startswith(("/v1/", _OPEN311)):
                    for method, operation in operations.items():
                        operation["security"] = [{"key": []}]
                        if path.startswith(_OPEN311) and method == "get":
                            operation["security"].append({"api_key": []})
        return made_by_the_framework()

    app.openapi = described  # type: ignore[method-assign]


def _forget_foreign_errors(description: dict[str, Any]) -> None:
    """Remove FastAPI's default 422 responses and schemas, as errors are our own, and ours where they never occur."""
    for path, operations in description["paths"].items():
        occurs = _occurs_in_open311 if path.startswith("/open311/") else _occurs
        for method, operation in operations.items():
            for status in list(operation["responses"]):
                if not occurs(status, method, path, operation):
                    del operation["responses"][status]
    for name in ("HTTPValidationError", "ValidationError"):
        description["components"]["schemas"].pop(name, None)


def _occurs(status: str, method: str, path: str, operation: dict[str, Any]) -> bool:
    """Tell whether an operation can give a response that its router documents for all."""
    has_body = "requestBody" in operation
    match status:
        case "400" | "408" | "413" | "415":
            return has_body
        case "404":
            return "{" in path
        case "409":
            return method not in {"get", "delete"} and path.startswith("/v1/complaints")
        case "422":
            return has_body or "parameters" in operation
        case _:
            return True


def _occurs_in_open311(status: str, _method: str, path: str, operation: dict[str, Any]) -> bool:
    """Do the same for Open311, where 400 stands for 422, and 403 for a missing key."""
    match status:
        case "200":
            return "/tokens/" not in path
        case "400":
            return path == f"{_OPEN311}.{{fmt}}"  # the form, and the search
        case "401" | "408" | "413":
            return "requestBody" in operation
        case "403" | "429":
            return path.startswith(_OPEN311)
        case "422":
            return False
        case _:
            return True
