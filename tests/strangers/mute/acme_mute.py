"""An app that is finished but for its models."""

from pydantic import BaseModel, Field

from lumiku_contracts import (
    Call,
    Item,
    Model,
    Output,
    Plugin,
    Route,
    Task,
    Worker,
    hookimpl,
)

MODELS: tuple[Model, ...] = ()


class Hum(BaseModel):
    text: str = "Hm"


class Song(BaseModel):
    number: int = Field(ge=1)


def run(task: Task[Hum], item: Item) -> Output:
    return Output(task.input.text.encode(), "text/plain", kind="export")


def sing(call: Call, query: Song) -> Song:
    return query


def sings(call: Call) -> Song:
    return Song(number=1)


@hookimpl
def lumiku_plugin() -> Plugin:
    return Plugin(
        id="mute",
        name="Mute",
        models=MODELS,
        workers=(Worker("hum", accepts=Hum, run="acme_mute:run"),),
        routes=(
            Route("GET", "/songs", sing),
            Route("GET", "/radio", sings, auth="public"),
        ),
    )
