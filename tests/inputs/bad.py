"""Requests that no honest program sends, made from the API's document by a seed."""

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
LEFT_OUT = {
    ("delete", "/api/sessions"),  # it would end the session that asks
    ("delete", "/api/account"),
    ("post", "/api/auth/logout"),
    ("get", "/api/apps/acme-paint/boom"),  # it fails on purpose
}
LONG = "x" * 100_000
TEXTS = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202eevil\u200b",
    "é" * 300,
    "\U0001f600" * 50,
    "' OR 1=1 --",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}${7*7}%s%n",
    "../../etc/passwd",
    "a\r\nSet-Cookie: a=b",
    "-1",
    "9" * 30,
    "NaN",
    "null",
    "job_0",
    LONG,
]
RAW = [  # JSON as it is written, right or wrong
    "null",
    "true",
    "[]",
    "{}",
    "0",
    "-0",
    "-1",
    "1e400",
    "-1e400",
    "1.5",
    "NaN",
    "Infinity",
    str(2**31),
    str(2**53 + 1),
    str(2**63),
    str(10**400),
    '"\\ud800"',
    '"\\u0000"',
    '{"a":1,"a":2}',
    "[" * 40 + "]" * 40,
    "[" * 10_000,
    '{"a":' * 100 + "1" + "}" * 100,
    "[" + "1," * 5000 + "1]",
    *map(json.dumps, TEXTS),
]
BODIES = [
    b"",
    b"{",
    b"\xff\xfe{}",
    b"\xef\xbb\xbf{}",
    b"{}{}",
    b"[1]",
    b'"text"',
    b"\x00" * 50,
    gzip.compress(b"x" * 100_000),
    b"--b\r\n\r\n" * 1000,
]
TYPES = [
    "application/json",
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=b",
    "application/xml",
    "",
]
HEADERS = {
    "Idempotency-Key": ["", "a", "x" * 300, "é"],
    "Range": ["bytes=0-", "bytes=9-1", "bytes=" + "0-1," * 200, "x=1", "bytes=-"],
    "If-Match": ["*", '"1"', "1", '"' + "9" * 40 + '"', "W/"],
    "If-None-Match": ["*", '"', "x" * 5000],
    "Last-Event-ID": ["-1", "a", "9" * 40],
    "Accept": ["image/png", "*/*;q=", "text/html", "x" * 3000],
    "Content-Encoding": ["gzip", "br", "x"],
    "Prefer": ["wait=", "wait=-1", "wait=x", "respond-async"],
    "X-Forwarded-For": ["1.2.3.4", "x" * 1000],
    "Cookie": ["lumiku_session=", "a" * 5000, "lumiku_session=\x7f"],
    "Authorization": ["Bearer", "Bearer lk_", "Basic eDp5", "Bearer " + "x" * 5000],
    "Accept-Language": ["x" * 15_000],
}
IDS = [
    "nothing",
    "%00",
    "%2e%2e",
    "..%2f..%2fetc",
    "%252f",
    ";a=b",
    "job_0",
    "%F0%9F%98%80",
    "%ff",
    "'",
    "x" * 3000,
    "-1",
    "%20",
    "None",
]


@dataclass(frozen=True)
class Bad:
    """A request; `path` is as it goes over the wire."""

    method: str
    path: str
    headers: dict[str, bytes]
    content: bytes

    def __str__(self) -> str:
        """Short enough for a message."""
        sent = f"{self.headers!s:.300} {self.content[:200]!r}"
        return f"{self.method} {self.path[:200]} {sent}"


@dataclass
class Writer:
    """Writes bad requests, the same ones for the same seed."""

    document: dict[str, Any]
    seed: int
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Begin at the seed."""
        self._chance = random.Random(self.seed)  # noqa: S311 (no secret)
        self._operations = [
            (method, path, methods[method])
            for path, methods in sorted(self.document["paths"].items())
            for method in METHODS
            if method in methods and (method, path) not in LEFT_OUT
        ]

    def requests(self, count: int) -> Iterator[Bad]:
        """So many, each operation as often as any other."""
        for number in range(count):
            yield self._one(*self._operations[number % len(self._operations)])

    def _one(self, method: str, path: str, operation: dict[str, Any]) -> Bad:
        pick = self._chance.choice
        asked = re.sub(r"{\w+}", lambda _: pick(IDS), path)
        headers: dict[str, str] = {}
        while self._chance.random() < 0.4:
            name = pick(list(HEADERS))
            headers[name] = pick(HEADERS[name])
        known = [
            o["name"] for o in operation.get("parameters", ()) if o["in"] == "query"
        ]
        if self._chance.random() < 0.5:
            names = [pick([*known, "limit", "cursor", "x"]) for _ in range(2)]
            asked += "?" + "&".join(f"{name}={pick(IDS)}" for name in names)
        content = b""
        if method != "get":
            headers["Content-Type"] = pick(TYPES)
            content = self._body(operation)
        sent = {name: value.encode("utf-8") for name, value in headers.items()}
        return Bad(method.upper(), asked, sent, content)

    def _body(self, operation: dict[str, Any]) -> bytes:
        pick, how = self._chance.choice, self._chance.random()
        if how < 0.2:
            return pick(BODIES)
        if how < 0.3:
            return pick(RAW).encode()
        names = list(self._properties(operation)) or ["a"]
        some = self._chance.sample(names, self._chance.randint(1, len(names)))
        if self._chance.random() < 0.2:
            some.append(pick(["__proto__", "id", "\x00", "a" * 1000]))
        pairs = (f"{json.dumps(name)}:{pick(RAW)}" for name in some)
        return ("{" + ",".join(pairs) + "}").encode()

    def _properties(self, operation: dict[str, Any]) -> dict[str, Any]:
        content = operation.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[-1]
            schema = self.document["components"]["schemas"][name]
        return dict(schema.get("properties", {}))
