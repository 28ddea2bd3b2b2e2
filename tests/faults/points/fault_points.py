"""Places in the product where a process can be made to fail: `name: (where, when)`.

`where` is `module:attribute`. `before` and `after` are said of each call; `after-some`
of calls that return something, as a claim that found a job.
"""

ORACLE = "lumiku_oracle:Remote"
JOBS = "lumiku_kernel.jobs"
FATE = f"{JOBS}.fate:Fate"
SUPERVISOR = f"{JOBS}.supervise:Supervisor"

POINTS = {
    "submit.before": (f"{JOBS}.submit:submit", "before"),
    "submit.after_insert": (f"{JOBS}.submit:_insert", "after"),
    "submit.after_reserve": (f"{JOBS}.funding:reserve", "after"),
    "submit.after_commit": (f"{JOBS}.submit:submit", "after"),
    "claim.before": (f"{JOBS}.claim:claim", "before"),
    "claim.after_commit": (f"{JOBS}.claim:claim", "after-some"),
    "supervise.before": (f"{SUPERVISOR}.run", "before"),
    "runner.ready": (f"{SUPERVISOR}._start", "after"),
    "order.made": (f"{JOBS}.supervise:order", "after"),
    "provider.before": (f"{ORACLE}.generate", "before"),
    "provider.after": (f"{ORACLE}.generate", "after"),
    "runner.before_lay_down": (f"{JOBS}.outputs:lay_down", "before"),
    "runner.after_lay_down": (f"{JOBS}.outputs:lay_down", "after"),
    "deliver.before": (f"{FATE}.deliver", "before"),
    "artifact.before_put": (f"{JOBS}.fate:kept", "before"),
    "artifact.after_put": (f"{JOBS}.fate:kept", "after"),
    "item_done.before_commit": (f"{JOBS}.finish:item_done", "after"),
    "item_done.after_commit": (f"{FATE}.deliver", "after"),
    "end.before": (f"{FATE}.end", "before"),
    "finish.before_ledger": (f"{JOBS}.finish:finalize", "before"),
    "finish.after_ledger": (f"{JOBS}.finish:finalize", "after"),
    "finish.before_commit": (f"{JOBS}.finish:end", "after"),
    "finish.after_commit": (f"{FATE}.end", "after"),
    "event.written": (f"{JOBS}.events:append", "after"),
    "renew.before": (f"{JOBS}.claim:renew", "before"),
    "renew.after": (f"{JOBS}.claim:renew", "after-some"),
    "wait.before": (f"{JOBS}.claim:give_back", "before"),
    "wait.after": (f"{JOBS}.claim:give_back", "after"),
    "due.after": (f"{JOBS}.claim:due", "after-some"),
    "sweep.before": (f"{JOBS}.sweep:sweep", "before"),
}
ACTIONS = ("kill", "raise", "hang")
