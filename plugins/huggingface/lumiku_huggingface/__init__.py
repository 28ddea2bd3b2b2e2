"""The provider `huggingface`: declared here, its calls are not in this version.

The module that `open` names does not exist yet. Until it does, a worker process
attests the provider as not configured (no key) or not installed (with a key), and
its models are usable by nobody.
"""

from lumiku_contracts import Plugin, Provider, hookimpl
from lumiku_huggingface.settings import HuggingFaceSettings


@hookimpl
def lumiku_plugin() -> Plugin:
    """What this extension declares."""
    return Plugin(
        id="huggingface",
        name="Hugging Face",
        summary="Remote image models, for operators with a key.",
        icon="cloud",
        color="amber",
        kind="extension",
        providers=(
            Provider(
                name="huggingface",
                open="lumiku_huggingface.provider:open_huggingface",
                offers=("images",),
                settings=HuggingFaceSettings,
                cost="io",
            ),
        ),
    )
