"""Accounts and how they come in."""

from sqlmodel import Field

from lumiku_kernel.store.tables.row import Row, json_column


class Account(Row, table=True):
    """A user; `password` is an argon2 hash, or absent until one is chosen."""

    __tablename__ = "account"
    id: str = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str
    password: str | None = None
    tier: str = "free"
    role: str = "user"
    disabled_at: float | None = None
    created_at: float


class SessionRow(Row, table=True):
    """A signed-in browser; only the token's hash is kept."""

    __tablename__ = "session"
    token_hash: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    created_at: float
    expires_at: float


class ApiKey(Row, table=True):
    """A program's key; only the secret's hash is kept."""

    __tablename__ = "api_key"
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    name: str
    hint: str
    secret_hash: str = Field(unique=True)
    scopes: list[str] = json_column()
    expires_at: float | None = None
    revoked_at: float | None = None
    created_at: float


class SignIn(Row, table=True):
    """A one-time sign-in link."""

    __tablename__ = "sign_in"
    token_hash: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    expires_at: float
