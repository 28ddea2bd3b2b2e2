"""From a new account to a picture, without a reload."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
Register = Callable[[Page, str], None]
LONG = 180_000


def choose(page: Page, *poses: str) -> None:
    """Open the app, take these poses, small pictures."""
    page.goto("/apps/pose-generator")
    search = page.get_by_label("Search poses, in English or Indonesian")
    for pose in poses:
        search.fill(pose)
        page.get_by_role("checkbox", name=pose, exact=True).check()
    page.get_by_label("Size").select_option("preview")


def test_a_new_merchant_gets_pictures_without_a_reload(
    open_page: Open, register: Register, keep_screenshot: Callable[[Page, str], None]
) -> None:
    page = open_page()
    register(page, "journey")
    page.get_by_role("link", name="Pose Generator").click()
    page.evaluate("window.here = true")

    choose_here = page.get_by_role("checkbox", name="Arms Crossed", exact=True)
    choose_here.check()
    page.get_by_role("checkbox", name="Product at Chest", exact=True).check()
    expect(page.locator("form.studio [data-price]")).to_have_text("10")
    page.get_by_role("button", name="Chosen 2").click()
    page.get_by_label("Background", exact=True).select_option("scene")
    page.get_by_label("Place", exact=True).first.select_option("shop")
    page.get_by_role("button", name="Generate 2 pictures").click()

    job = page.locator("[data-job]").first
    expect(job.locator(".tile[data-state=done] img")).to_have_count(2, timeout=LONG)
    expect(job.get_by_text("Done", exact=True)).to_be_visible(timeout=LONG)
    expect(page.locator("[data-credits]")).to_have_text("90")
    width = job.locator("img").first.evaluate("image => image.naturalWidth")
    assert width == 768
    assert page.evaluate("window.here") is True
    keep_screenshot(page, "pose-generator")

    job.get_by_role("button", name="Maps of picture 1").click()
    shown = page.get_by_role("dialog")
    expect(shown.get_by_role("button", name="Pose", exact=True)).to_be_visible()
    shown.get_by_role("button", name="Depth").click()
    expect(shown.locator("img")).to_have_attribute("alt", "Depth 1")
    with page.expect_download() as download:
        shown.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.startswith("map-depth-1")
    shown.get_by_role("button", name="Close").click()
    with page.expect_download() as packed:
        job.get_by_role("link", name="All as ZIP").click()
    assert re.fullmatch(
        r"pose-generator-[\d-]+-\w+\.zip", packed.value.suggested_filename
    )


def test_two_browsers_see_the_same_events_in_order(
    open_page: Open, register: Register
) -> None:
    first = open_page()
    register(first, "followers")
    frames: dict[str, list[tuple[int, str]]] = {"first": [], "second": []}
    listen(first, frames["first"])
    choose(first, "Walking", "Waving", "Sitting")
    first.get_by_role("button", name="Generate 3 pictures").click()
    link = first.locator("[data-job-link]").first.get_attribute("href") or ""

    second = open_page(beside=first)
    listen(second, frames["second"])
    second.goto(link)
    for page in (first, second):
        done = page.locator(".tile[data-state=done] img")
        expect(done).to_have_count(3, timeout=LONG)
        expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=LONG)

    told = first.request.get(f"/api{link}/events").json()["items"]
    everything = [(event["seq"], event["type"]) for event in told]
    assert [seq for seq, _ in everything] == list(range(1, len(everything) + 1))
    assert frames["first"] == everything
    assert frames["second"] == everything[-len(frames["second"]) :]
    assert frames["second"][-1][1] == "succeeded"


def listen(page: Page, heard: list[tuple[int, str]]) -> None:
    """Write down every event that comes over a WebSocket of the page."""
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda text: heard.append(_event(str(text)))
        ),
    )


def _event(text: str) -> tuple[int, str]:
    event = json.loads(text)
    return event["seq"], event["type"]


def test_a_cut_connection_is_resumed_without_a_gap(
    open_page: Open, register: Register
) -> None:
    page = open_page()
    register(page, "resume")
    seen: list[tuple[int, str]] = []
    opened = 0

    def cut_first(route: WebSocketRoute) -> None:
        nonlocal opened
        opened += 1
        number, server = opened, route.connect_to_server()

        def relay(message: str | bytes) -> None:
            if number == 1 and len(seen) >= 3:
                route.close()
                return
            seen.append(_event(str(message)))
            route.send(message)

        server.on_message(relay)

    page.route_web_socket("**/api/events/ws", cut_first)
    choose(page, "Thinking", "Lunge")
    page.get_by_role("button", name="Generate 2 pictures").click()

    done = page.locator(".tile[data-state=done] img")
    expect(done).to_have_count(2, timeout=LONG)
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=LONG)
    assert opened >= 2
    numbers = [seq for seq, _ in seen]
    assert numbers == list(range(1, len(numbers) + 1))
