"""Flags, as operators see, try, change and take them back."""

from typing import Annotated

from pydantic import Field

from lumiku_kernel.clock import iso
from lumiku_kernel.errors import Problem
from lumiku_kernel.flags.change import By, Change, change, undo
from lumiku_kernel.flags.read import SAID, history, must_know, stored, word_of
from lumiku_kernel.flags.word import Word
from lumiku_kernel.visibility.flag_report import report
from lumiku_kernel.visibility.preview import must_match, preview
from lumiku_kernel.web.api.admin import Document, Reason, Why, operators
from lumiku_kernel.web.api.lists import Listing, Paging
from lumiku_kernel.web.api.waiting import Waiting, adopted
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Answer


class FlagChange(Word):
    """The operator's whole word: what is left out is as for a flag that is just on.

    Only the salt stays as it is when left out. `preview` is the hash of the preview
    that was looked at.
    """

    reason: Reason
    preview: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None


def list_flags(context: Context) -> Listing[Document]:
    """Every flag: default, the operator's word, last evaluated, and if it is stale."""
    with context.store.read() as session:
        return Listing[Document](
            items=report(session, context.snapshot.configuration.flags)
        )


def set_flag(
    context: Context, key: str, query: Waiting, body: FlagChange
) -> Answer[Document]:
    """Say what holds from now on; `If-Match` is the version this was made for."""
    version = _version(context)
    if version is None:
        detail = "Send the flag's version in the header If-Match."
        fix = "GET /api/admin/flags shows it; 0 is a flag that nobody has set."
        raise Problem(428, "if-match-missing", detail, fix=fix)
    word = _word(context, key, body)
    if body.preview is not None:
        with context.store.read() as session:
            made = preview(session, context.site.host.watch.refresh(), key, word)
        if made.version == version:  # else it is 412, below
            must_match(made, body.preview)
    by = By(context.account_id, body.reason, body.preview)
    made_so = change(context.store, key, word, by, version=version)
    return _told(context, made_so, query)


def try_flag(context: Context, key: str, body: Word) -> Document:
    """Which apps which tiers would gain or lose; nothing is changed."""
    word = _word(context, key, body)
    with context.store.read() as session:
        return preview(session, context.site.host.watch.refresh(), key, word).document()


def undo_flag(
    context: Context, key: str, query: Waiting, body: Why
) -> Answer[Document]:
    """Take the last change back; `If-Match` is heeded if sent."""
    must_know(context.snapshot.configuration.flags, key)
    by = By(context.account_id, body.reason)
    done = undo(context.store, key, by, version=_version(context))
    return _told(context, done, query)


def flag_history(context: Context, key: str, query: Paging) -> Listing[Document]:
    """A flag's changes, newest first."""
    must_know(context.snapshot.configuration.flags, key)
    cursor = query.cursor or ""
    before = int(cursor) if cursor.isdecimal() and len(cursor) < 19 else None  # noqa: PLR2004
    with context.store.read() as session:
        rows = history(session, key, limit=query.limit, before=before)
    found = [{**row, "at": iso(row["at"])} for row in rows]
    after = str(found[-1]["id"]) if len(found) == query.limit else None
    return Listing[Document](items=found, next_cursor=after)


def _told(context: Context, done: Change, query: Waiting) -> Answer[Document]:
    told = {"key": done.key, "version": done.version, **done.word.document()}
    document = {**told, **adopted(context, done.epoch, query)}
    return Answer(document, headers={"ETag": f'"{done.version}"'})


def _version(context: Context) -> int | None:
    sent = context.request.headers.get("if-match")
    if sent is None:
        return None
    number = sent.strip().strip('"')
    return int(number) if number.isdecimal() and len(number) < 10 else -1  # noqa: PLR2004


def _word(context: Context, key: str, body: Word) -> Word:
    """What was sent, without the reason; a salt that was not sent stays."""
    must_know(context.snapshot.configuration.flags, key)
    word = Word(**{name: getattr(body, name) for name in SAID})
    if "salt" in body.model_fields_set:
        return word
    with context.store.read() as session:
        row = stored(session).get(key)
    return word.model_copy(update={"salt": word_of(row).salt}) if row else word


ENDPOINTS = (
    operators("GET", "/flags", list_flags),
    operators("PUT", "/flags/{key}", set_flag),
    operators("POST", "/flags/{key}/preview", try_flag),
    operators("POST", "/flags/{key}/undo", undo_flag),
    operators("GET", "/flags/{key}/history", flag_history),
)
