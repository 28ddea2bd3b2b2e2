"""The OpenAPI 3.1 document, built from declarations: ours and the plugins'."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, TypeAdapter

from lumiku_kernel.plugins import Registry
from lumiku_kernel.plugins.signature import Signature
from lumiku_kernel.web.api.jobs import JobEnvelope
from lumiku_kernel.web.api.start import Price
from lumiku_kernel.web.endpoint import Endpoint

TEMPLATE = "#/components/schemas/{model}"


class ProblemDocument(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    fix: str | None = None
    errors: list[dict[str, Any]] | None = None


def build(endpoints: Iterable[Endpoint], registry: Registry) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    schemas = Schemas()
    for endpoint in endpoints:
        owner = endpoint.tag if endpoint.tag in registry.ready else ""
        operation = _operation(endpoint, endpoint.signature, schemas.of_owner(owner))
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    for plugin in registry.ready.values():
        own = schemas.of_owner(plugin.id)
        for worker in plugin.workers:
            path = f"/api/apps/{plugin.id}/{worker.name}"
            operation = _worker(
                plugin.id, worker.name, worker.description, "jobs:write"
            )
            body = _with_model(own.inline(TypeAdapter(worker.accepts), "validation"))
            operation["requestBody"] = _content(body)
            operation["responses"] = {
                "202": _response("Accepted", schemas.of(TypeAdapter(JobEnvelope))),
            } | _problem(schemas)
            paths.setdefault(path, {})["post"] = operation
            priced = _response("What it would cost", schemas.of(TypeAdapter(Price)))
            paths[f"{path}/quote"] = {
                "post": {
                    **operation,
                    "operationId": f"quote-{plugin.id}-{worker.name}",
                    "summary": f"What “{worker.name}” of {plugin.id} would cost.",
                    "security": [{"key": ["jobs:read"]}, {"session": []}],
                    "parameters": [],
                    "responses": {"200": priced} | _problem(schemas),
                }
            }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lumiku", "version": version("lumiku-kernel")},
        "paths": paths,
        "components": {
            "schemas": schemas.found,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "lumiku_session"},
            },
        },
    }


class Schemas:
    """The components met so far; a plugin's names begin with its id."""

    def __init__(self, found: dict[str, Any] | None = None, prefix: str = "") -> None:
        """None yet, or those of another owner."""
        self.found: dict[str, Any] = {} if found is None else found
        self._prefix = prefix

    def of_owner(self, owner: str) -> "Schemas":
        """The same components, under names of an owner's."""
        return Schemas(self.found, f"{owner}." if owner else "")

    def inline(self, adapter: TypeAdapter[Any], mode: Any) -> dict[str, Any]:
        """The schema of a type itself; what it refers to becomes a component."""
        template = TEMPLATE.replace("{", self._prefix + "{")
        schema = adapter.json_schema(ref_template=template, mode=mode)
        for name, part in schema.pop("$defs", {}).items():
            self.found[self._prefix + name] = part
        return schema

    def of(
        self, adapter: TypeAdapter[Any], mode: Any = "serialization"
    ) -> dict[str, Any]:
        """The schema of a type, as a component if it has a name."""
        schema = self.inline(adapter, mode)
        title = schema.get("title", "")
        if (
            schema.get("type") == "object"
            and "properties" in schema
            and title.isidentifier()
        ):
            self.found[self._prefix + title] = schema
            return {"$ref": TEMPLATE.format(model=self._prefix + title)}
        return schema


def _operation(
    endpoint: Endpoint, signature: Signature, schemas: Schemas
) -> dict[str, Any]:
    doc = (endpoint.handler.__doc__ or "").strip()
    name = endpoint.path.strip("/").replace("/", "-").replace("{", "").replace("}", "")
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.method.lower()}-{name}",
        "summary": endpoint.summary or doc.split("\n")[0] or name,
        "tags": [endpoint.tag or "other"],
        "parameters": _parameters(signature, schemas),
        "responses": _problem(schemas),
    }
    if endpoint.auth != "public":
        operation["security"] = [{"key": [endpoint.scope]}, {"session": []}]
    if signature.body is not None:
        operation["requestBody"] = _content(schemas.of(signature.body, "validation"))
    status = str(endpoint.status)
    if signature.answer is not None:
        operation["responses"][status] = _response("Done", schemas.of(signature.answer))
    else:
        operation["responses"][status] = {"description": "Done"}
    return operation


def _parameters(signature: Signature, schemas: Schemas) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in signature.path
    ]
    if signature.query is not None:
        schema = schemas.inline(signature.query, "validation")
        required = schema.get("required", [])
        found += [
            {"name": name, "in": "query", "required": name in required, "schema": one}
            for name, one in schema.get("properties", {}).items()
        ]
    return found


def _worker(app: str, worker: str, description: str, scope: str) -> dict[str, Any]:
    headers = [
        ("Idempotency-Key", "Required from API keys; the same key gives the same job."),
        ("Prefer", "wait=N answers when the job has ended, within N ≤ 60 seconds."),
    ]
    return {
        "operationId": f"start-{app}-{worker}",
        "summary": description or f"Start “{worker}” of {app}.",
        "tags": [app],
        "security": [{"key": [scope]}, {"session": []}],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": False,
                "description": said,
                "schema": {"type": "string"},
            }
            for name, said in headers
        ],
    }


def _with_model(schema: dict[str, Any]) -> dict[str, Any]:
    model = {"type": "string", "description": "A model's key; without it, the default."}
    return {**schema, "properties": {**schema.get("properties", {}), "model": model}}


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": False, "content": {"application/json": {"schema": schema}}}


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"description": description, "content": content}


def _problem(schemas: Schemas) -> dict[str, Any]:
    schema = schemas.of(TypeAdapter(ProblemDocument))
    content = {"application/problem+json": {"schema": schema}}
    return {"default": {"description": "A problem", "content": content}}
