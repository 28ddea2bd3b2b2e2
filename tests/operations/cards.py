"""A new plugin, begun by `lumiku new` and made real: tables, a provider, a key."""

import subprocess
from pathlib import Path

from tests.operations.release import ROOT, Release

PACKAGE = "acme_cards"
DECLARED = '''"""Cards that a press prints."""

from acme_cards.card import Card, items
from acme_cards.press import Press
from lumiku_contracts import Model, Plugin, Provider, Tier, Worker, hookimpl


@hookimpl
def lumiku_plugin() -> Plugin:
    """What this plugin declares."""
    return Plugin(
        id="acme-cards",
        name="Acme Cards",
        summary="A card whose colour fades into another.",
        icon="image",
        color="teal",
        tables="acme_cards:migrations",
        providers=(
            Provider(
                "acme-press",
                open="acme_cards.press:open_press",
                settings=Press,
                offers=("text",),
            ),
        ),
        models=(
            Model("plain", provider="acme-press", price=1, tier=Tier.FREE),
        ),
        workers=(
            Worker("draw", accepts=Card, run="acme_cards.card:run", items=items),
        ),
    )
'''
PRESS = '''"""The press, and the key it asks for."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Press(BaseSettings):
    """What worker processes need."""

    key: SecretStr = Field(validation_alias="ACME_PRESS_KEY", min_length=1)


def open_press(settings: Press) -> object:
    """Something that prints."""
    return settings
'''
MIGRATION = '''"""A table of who has sent a card."""

import sqlalchemy as sa
from alembic import op

revision = "cards_0001"
release = "0.1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acme_cards__sent",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("user_id", sa.String(64), nullable=False),
    )
'''
ENV = '''"""On the kernel's connection."""

from lumiku_contracts.tables import migrate

migrate()
'''


def wheel(release: Release, folder: Path) -> Path:
    """Build it with the tools of a release; the folder where its wheel is."""
    project = folder / PACKAGE
    lumiku = str(release.folder / "bin" / "lumiku")
    subprocess.run([lumiku, "new", str(project)], check=True, capture_output=True)
    inside = project / PACKAGE
    (inside / "__init__.py").write_text(DECLARED)
    (inside / "press.py").write_text(PRESS)
    versions = inside / "migrations" / "versions"
    versions.mkdir(parents=True)
    (inside / "migrations" / "env.py").write_text(ENV)
    source = ROOT / "kernel" / "lumiku_kernel" / "store" / "migrations"
    mako = (source / "script.py.mako").read_text()
    (inside / "migrations" / "script.py.mako").write_text(mako)
    (versions / "cards_0001.py").write_text(MIGRATION)
    wheels = folder / "wheels"
    built = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    words = [str(release.python), *built, "--wheel-dir", str(wheels), str(project)]
    subprocess.run(words, check=True, capture_output=True)
    return wheels
