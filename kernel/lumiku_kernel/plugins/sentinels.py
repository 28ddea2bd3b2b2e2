"""Things that everybody uses and nobody may replace: a plugin's import least of all."""

import builtins
import importlib
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from inspect import getattr_static
from typing import Any

import httpx
import jinja2
import pydantic
import sqlalchemy
import sqlalchemy.orm
import sqlmodel

WATCHED: tuple[tuple[Any, str], ...] = (
    *((builtins, n) for n in ("open", "print", "__import__", "exec", "eval", "id")),
    *((json, name) for name in ("dumps", "loads", "dump", "load")),
    *((os, name) for name in ("open", "fork", "_exit", "kill", "getenv", "urandom")),
    *((time, name) for name in ("time", "monotonic", "sleep")),
    *((socket.socket, name) for name in ("connect", "bind", "send")),
    *((socket, name) for name in ("socket", "create_connection", "getaddrinfo")),
    *((logging.Logger, n) for n in ("handle", "_log", "error", "info", "exception")),
    *((sys, name) for name in ("excepthook", "exit", "stdout", "stderr", "meta_path")),
    *((httpx.Client, name) for name in ("send", "request", "__init__")),
    *((httpx.AsyncClient, name) for name in ("send", "request")),
    *((sqlalchemy.orm.Session, n) for n in ("execute", "commit", "flush", "__init__")),
    (sqlmodel.Session, "exec"),
    (sqlalchemy.Connection, "execute"),
    (sqlalchemy.Engine, "connect"),
    *((pydantic.BaseModel, n) for n in ("model_validate", "model_dump", "__init__")),
    (pydantic.TypeAdapter, "validate_python"),
    (jinja2.Environment, "get_template"),
    (importlib, "import_module"),
    (subprocess.Popen, "__init__"),
    *((threading.Thread, name) for name in ("start", "run", "__init__")),
)
Snapshot = tuple[tuple[Any, Any], ...]


def look() -> Snapshot:
    """What stands there now: each thing, and the code it runs."""
    found = (getattr_static(owner, name, None) for owner, name in WATCHED)
    return tuple(
        (there, getattr(_function(there), "__code__", None)) for there in found
    )


def replaced(before: Snapshot) -> list[str]:
    """The names of those that are others than `before`; they are put back."""
    found = []
    for (owner, name), (thing, code), now in zip(WATCHED, before, look(), strict=True):
        if now[0] is thing and now[1] is code:
            continue
        found.append(f"{getattr(owner, '__name__', owner)}.{name}")
        setattr(owner, name, thing)
        if code is not None:
            _function(thing).__code__ = code
    return found


def _function(thing: Any) -> Any:
    return getattr(thing, "__func__", thing)
