from pydantic import BaseModel, Field

from lumiku_contracts import Item, Model, Output, Plugin, Task, Tier, Worker, hookimpl


class Say(BaseModel):
    text: str = Field("Hello", max_length=200)


def run(task: Task[Say], item: Item) -> Output:
    task.progress(0.5, "listening")
    return Output(task.input.text.encode(), "text/plain", kind="export")


@hookimpl
def lumiku_plugin() -> Plugin:
    models = (Model("plain", price=1, tier=Tier.FREE),)
    workers = (Worker("say", accepts=Say, run="acme_echo:run"),)
    return Plugin(id="echo", name="Echo", color="teal", models=models, workers=workers)
