"""A viewer lists, changes and forgets their own avatars, and nobody else's."""

from typing import Any

import pytest
from pydantic import ValidationError

from lumiku_avatar_creator import people
from lumiku_avatar_creator.avatars import (
    AvatarChange,
    AvatarQuery,
    change_avatar,
    delete_avatar,
    list_avatars,
    show_avatar,
)
from lumiku_avatar_creator.presets import presets
from lumiku_avatar_creator.request import Generate, designed
from lumiku_avatar_creator.store import ident_for, keep
from lumiku_contracts import NotFound, Refused


def made(call: Any, *names: str) -> list[str]:
    """Avatars with these names, oldest first; their ids."""
    idents = [ident_for(f"{call.viewer.id}:{name}") for name in names]
    for ident, name in zip(idents, names, strict=True):
        with call.session() as session:
            keep(session, ident, call.viewer.id, designed(Generate(name=name)))
    return idents


def test_nobody_has_avatars_to_begin_with(caller: Any) -> None:
    page = list_avatars(caller("usr_ana"), AvatarQuery())

    assert (page.items, page.next_cursor) == ((), None)


def test_own_avatars_are_listed_newest_first(caller: Any) -> None:
    ana = caller("usr_ana")
    made(ana, "One", "Two", "Three")
    made(caller("usr_ben"), "Not hers")

    page = list_avatars(ana, AvatarQuery())

    assert [card.name for card in page.items] == ["Three", "Two", "One"]


def test_pages_follow_each_other_without_gap_or_repeat(caller: Any) -> None:
    ana = caller("usr_ana")
    idents = made(ana, *"ABCDE")
    seen: list[str] = []
    cursor = None

    while True:
        page = list_avatars(ana, AvatarQuery(limit=2, cursor=cursor))
        seen += [card.id for card in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == idents[::-1]


def test_somebody_elses_avatar_is_no_cursor(caller: Any) -> None:
    (ident,) = made(caller("usr_ben"), "Not hers")

    with pytest.raises(Refused) as refused:
        list_avatars(caller("usr_ana"), AvatarQuery(cursor=ident))

    assert refused.value.code == "unknown-cursor"


def test_an_avatar_is_shown_with_its_looks_and_times_in_utc(caller: Any) -> None:
    ana = caller("usr_ana")
    (ident,) = made(ana, "One")

    card = show_avatar(ana, ident)

    assert card.appearance == presets()["maya"].appearance
    assert card.preset == "maya"
    assert card.model_dump(mode="json")["created_at"].endswith("Z")


def test_a_change_sets_what_is_given_and_leaves_the_rest(caller: Any) -> None:
    ana = caller("usr_ana")
    (ident,) = made(ana, "One")
    before = show_avatar(ana, ident)

    change_avatar(ana, ident, AvatarChange.model_validate({"name": "Uno"}))

    after = show_avatar(ana, ident)
    assert after.name == "Uno"
    assert after.persona == before.persona
    assert after.updated_at > before.updated_at


def test_a_persona_can_be_told_anew(caller: Any) -> None:
    ana = caller("usr_ana")
    (ident,) = made(ana, "One")
    persona = {"age": 44, "personality": ["bold"], "background": "Climbs."}

    card = change_avatar(ana, ident, AvatarChange.model_validate({"persona": persona}))

    assert card.persona.model_dump(mode="json") == persona


def test_the_looks_belong_to_the_picture() -> None:
    with pytest.raises(ValidationError):
        AvatarChange.model_validate({"appearance": {}})


def test_a_forgotten_avatar_is_gone(caller: Any) -> None:
    ana = caller("usr_ana")
    (ident,) = made(ana, "One")

    delete_avatar(ana, ident)

    with pytest.raises(NotFound):
        show_avatar(ana, ident)
    with pytest.raises(NotFound):
        people.get(ana, ident)


@pytest.mark.parametrize(
    "attempt",
    [
        show_avatar,
        delete_avatar,
        lambda call, ident: change_avatar(call, ident, AvatarChange(name="Mine")),
        people.get,
    ],
)
def test_somebody_elses_avatar_is_not_found(caller: Any, attempt: Any) -> None:
    ana = caller("usr_ana")
    (ident,) = made(ana, "One")

    with pytest.raises(NotFound):
        attempt(caller("usr_ben"), ident)
    assert show_avatar(ana, ident).name == "One"


def test_a_preset_is_not_an_avatar_of_ones_own(caller: Any) -> None:
    with pytest.raises(NotFound):
        delete_avatar(caller("usr_ana"), "maya")


def test_everybody_is_the_presets_and_then_ones_own(caller: Any) -> None:
    ana = caller("usr_ana")
    idents = made(ana, "One", "Two")
    made(caller("usr_ben"), "Not hers")

    everybody = people.everybody(ana)

    assert [one.id for one in everybody] == [*presets(), *idents[::-1]]
