"""Accounts of the production set, made from its shell."""

from tests.deploy.stage import Stage

PASSWORD = "a long sentence of nobody's"  # noqa: S105


def grant(stage: Stage, email: str, *more: str, said: str = "") -> str:
    """An account made from the shell; the link that signs it in, or its id."""
    made = stage.run("server", "users", "create", email, *more, said=said)
    assert made.returncode == 0, made.stderr
    return made.stdout.split()[-1]


def grant_with_password(stage: Stage, email: str) -> None:
    """An account with the password of these tests."""
    grant(stage, email, "--password-stdin", said=f"{PASSWORD}\n")
