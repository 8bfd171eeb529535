"""The OpenAPI description, made of the schemas that the record and the answers have anyway."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from isocourse import __version__
from isocourse.words.schemas import schemas

ERROR = {
    "type": "object",
    "required": ["found", "where", "allowed", "mend"],
    "properties": {name: {"type": "string"} for name in ("found", "where", "allowed", "mend")},
}
_KEY = {
    "name": "patient",
    "in": "path",
    "required": True,
    "description": "The key of a patient, as in the addresses of the pages",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
}


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The whole description, as OpenAPI 3.1."""
    known = schemas()
    components: dict[str, Any] = {}
    names = {name: _component(name, known[name], components) for name in ("record", "answer", "plan")}
    components["error"] = ERROR
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "isocourse",
            "version": __version__,
            "description": "Records and decisions as data. Signed in as on the pages; not clinically signed off.",
        },
        "paths": {
            f"/patients/{{patient}}/{name}.json": {
                "parameters": [_KEY],
                "get": {
                    "summary": f"The {name} of a patient",
                    "responses": {"200": _content(names[name]), **_closed()},
                },
            }
            for name in ("record", "answer", "plan")
        }
        | {
            "/data/assess": {
                "post": {
                    "summary": "Assess a record today; nothing is kept",
                    "requestBody": {"required": True, **_content(names["record"], said=False)},
                    "responses": {
                        "200": _content(names["answer"]),
                        "415": _content("#/components/schemas/error"),
                        "422": _content("#/components/schemas/error"),
                        "429": {"description": "Asked too often in this minute"},
                        **_closed(),
                    },
                }
            }
        },
        "components": {"schemas": components},
    }


def _component(name: str, schema: dict[str, Any], components: dict[str, Any]) -> str:
    """Put a schema and its own definitions among the components; its reference."""
    inner = _moved({key: value for key, value in schema.items() if key not in ("$schema", "$defs")}, name)
    components[name] = inner
    for part, content in schema.get("$defs", {}).items():
        components[f"{name}.{part}"] = _moved(content, name)
    return f"#/components/schemas/{name}"


def _moved(part: Any, name: str) -> Any:
    if isinstance(part, dict):
        return {
            key: value.replace("#/$defs/", f"#/components/schemas/{name}.")
            if isinstance(value, str) and value.startswith("#/$defs/")
            else _moved(value, name)
            for key, value in part.items()
        }
    return [_moved(item, name) for item in part] if isinstance(part, list) else part


def _content(reference: str, *, said: bool = True) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": {"$ref": reference}}}}
    return {"description": "OK", **content} if said else content


def _closed() -> dict[str, Any]:
    """What whoever may not, or asks for what is not there, gets: a page, not data."""
    return {
        status: {"description": words}
        for status, words in (
            ("302", "Not signed in"),
            ("400", "Not understood"),
            ("403", "Not open to this person"),
            ("404", "Not there"),
            ("405", "Not this method"),
            ("413", "Too large"),
        )
    }
