"""Who may open plugins' pages, and which of them the header links to."""

from dataclasses import dataclass

from lumiku_contracts import Page, Plugin
from lumiku_kernel.errors import Problem
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.plugin_routes import reach


@dataclass(frozen=True, slots=True)
class Link:
    """A page in the header; `here` when the visitor is on it or below it."""

    word: str
    url: str
    icon: str
    here: bool


def address(plugin: Plugin, page: Page) -> str:
    """The path of a page."""
    return f"/apps/{plugin.id}{page.path.rstrip('/')}"


def admit(context: Context, plugin: Plugin, page: Page) -> None:
    """Raise 404 unless this visitor may open the page."""
    if page.auth == "operator" and not _operates(context):
        raise Problem(404, "not-found", "There is nothing here.")
    reach(context, plugin, public=page.auth == "public")


def menu(context: Context) -> list[Link]:
    """The links that this visitor is shown, in the order of the plugins' ids."""
    found = [
        (page.menu, address(plugin, page), plugin.icon)
        for plugin in context.site.host.registry.ready.values()
        for page in plugin.pages
        if page.menu and _open(context, plugin, page)
    ]
    path = context.connection.scope["path"] + "/"
    above = [url for _, url, _ in found if path.startswith(f"{url}/")]
    nearest = max(above, key=len, default=None)
    return [Link(word, url, icon, url == nearest) for word, url, icon in found]


def _open(context: Context, plugin: Plugin, page: Page) -> bool:
    if page.auth == "user" and not context.viewer.signed_in:
        return False
    try:
        admit(context, plugin, page)
    except Problem:
        return False
    return True


def _operates(context: Context) -> bool:
    scopes = context.identity.scopes
    return context.viewer.is_operator and (scopes is None or "operator" in scopes)
