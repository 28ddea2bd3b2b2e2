"""The dashboard: the viewer's apps, and for operators also those that are hidden."""

from typing import Any

from starlette.responses import Response

from lumiku_kernel.visibility.verdict import Verdict, evaluate
from lumiku_kernel.web.api.apps import cards
from lumiku_kernel.web.pages.jobs import recent
from lumiku_kernel.web.pages.visit import Visit


def show(visit: Visit) -> Response:
    """Cards in their order; an empty dashboard says why."""
    context = visit.context
    verdicts = evaluate(context.snapshot, context.viewer)
    shown = cards(context.snapshot, verdicts, locked=True)
    operator = context.viewer.is_operator
    return visit.show(
        "dashboard.html",
        apps=[card for card in shown if not card.locked],
        locked=[card for card in shown if card.locked],
        prices={app: _cheapest(verdict) for app, verdict in verdicts.items()},
        hidden=[_why(one) for one in verdicts.values() if not one.visible]
        if operator
        else [],
        ailing=[_why(one) for one in verdicts.values() if one.visible and _ill(one)]
        if operator
        else [],
        jobs=recent(context, limit=3),
    )


def _cheapest(verdict: Verdict) -> int | None:
    return min((model.price for model in verdict.usable), default=None)


def _ill(verdict: Verdict) -> bool:
    return bool(verdict.degraded or verdict.dead)


def _why(verdict: Verdict) -> dict[str, Any]:
    """What an operator reads of an app: a sentence, and the commands that mend it."""
    gates = [*verdict.blocking, *verdict.degraded]
    gates += [one.gate for one in verdict.dead if one.gate is not None]
    fixes = [gate.fix for gate in gates if gate.fix is not None]
    return {
        "app": verdict.app,
        "summary": verdict.summary,
        "ill": bool(verdict.degraded or verdict.broken),
        "fixes": list({fix.command: fix for fix in fixes}.values()),
    }
