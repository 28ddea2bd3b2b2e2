"""A real server and worker, and browsers that look at them."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    sync_playwright,
)

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 90.0
"""Seconds a busy machine is given for one start."""
LAPTOP = {"width": 1280, "height": 800}

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What `lumiku up` says, with a fresh data folder on a free port, until ready."""
    home = tmp_path_factory.mktemp("site")
    process = subprocess.Popen(
        [sys.executable, "-m", "lumiku_kernel.cli", "up", "--port", "0"],
        env={"PATH": os.environ["PATH"], "LUMIKU_DATA_DIR": str(home / "data")},
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield _ready(process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


@pytest.fixture(scope="session")
def address(begun: str) -> str:
    """Where the server is."""
    return found_in(begun, r"^ready (http\S+)")


@pytest.fixture(scope="session")
def sign_in(begun: str) -> str:
    """The link that signs the operator in, once."""
    return found_in(begun, r"^operator sign-in, once: (http\S+)")


def found_in(said: str, pattern: str) -> str:
    """The first group of the first line that begins like this."""
    found = re.search(pattern, said, re.MULTILINE)
    assert found, said
    return found[1]


def _ready(process: "subprocess.Popen[str]") -> str:
    """What is printed until all is up; its output is read on, so that it flows."""
    lines: Queue[str] = Queue()
    output = process.stdout
    assert output is not None

    def follow() -> None:
        for line in output:
            lines.put(line)

    Thread(target=follow, daemon=True).start()
    said = ""
    try:
        while True:
            line = lines.get(timeout=PATIENCE)
            said += line
            if line.startswith("ready http"):
                return said
    except Empty:
        pytest.fail(f"lumiku up was not ready in {PATIENCE:.0f} s:\n{said}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; its absence skips here and fails in CI."""
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is not installed (apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(ARGUMENTS)
        )
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the consoles said; a test fails for what it leaves in there."""
    heard: list[str] = []
    yield heard
    assert heard == []


def _listen(page: Page, heard: list[str]) -> None:
    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            heard.append(message.text)

    def fault(error: Error) -> None:
        heard.append(str(error))

    page.on("console", console)
    page.on("pageerror", fault)


@pytest.fixture
def open_page(chromium: Browser, address: str, complaints: list[str]) -> Iterator[Open]:
    """Opens pages, each in a browser profile of its own unless `beside` another."""
    contexts: list[BrowserContext] = []

    def opened(*, beside: Page | None = None, **options: object) -> Page:
        if beside is not None:
            options["storage_state"] = beside.context.storage_state()
        settings = {"base_url": address, "viewport": LAPTOP, **options}
        context = chromium.new_context(**settings)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        _listen(page, complaints)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def password() -> str:
    """Of the accounts that `register` makes."""
    return "a long enough password"


@pytest.fixture
def register(password: str) -> Callable[[Page, str], None]:
    """Makes an account through the form, and arrives at the dashboard."""

    def registered(page: Page, name: str) -> None:
        page.goto("/register")
        page.get_by_label("Your name or shop").fill("Toko Melati")
        page.get_by_label("E-mail").fill(f"{name}@example.org")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Make an account").click()
        page.get_by_role("heading", level=1, name="Toko Melati").wait_for()

    return registered


@pytest.fixture
def keep_screenshot() -> Callable[[Page, str], None]:
    """Saves a picture for the documentation, if SCREENSHOTS is set."""
    folder = Path(__file__).parent.parent.parent / "docs"

    def keep(page: Page, name: str) -> None:
        if os.environ.get("SCREENSHOTS"):
            whole = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": 1280, "height": whole})
            page.wait_for_timeout(600)
            page.screenshot(path=folder / f"{name}.png")
            page.set_viewport_size({"width": 1280, "height": 800})

    return keep
