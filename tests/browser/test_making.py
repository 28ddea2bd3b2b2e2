"""Poses in words, finished pictures made over, and somebody new, by hand."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
Register = Callable[[Page, str], None]
LONG = 180_000


def newest(page: Page, worker: str) -> Locator:
    """The newest job of the page, once it is one of this worker's."""
    job = page.locator("[data-job]").first
    expect(job.locator("[data-job-worker]")).to_have_text(worker)
    return job


def test_words_become_a_skeleton_then_a_picture_then_another_shape(
    open_page: Open, register: Register
) -> None:
    page = open_page()
    register(page, "words")
    page.goto("/apps/pose-generator")
    page.get_by_label("Size", exact=True).select_option("preview")
    page.get_by_role("radio", name="In words").check()
    told = "sitting on a chair, looking left, blorgh"
    page.get_by_label("What the person does").fill(told)

    expect(page.locator("[data-bones] line")).to_have_count(17, timeout=LONG)
    expect(page.get_by_text("Not understood: blorgh")).to_be_visible()
    page.locator("form.studio [data-start]").click()
    job = newest(page, "Generate")
    job.get_by_role("button", name="Open picture 1").click(timeout=LONG)
    page.get_by_role("button", name="Other shapes").last.click()
    shapes = page.get_by_role("dialog", name="Other shapes")
    shapes.get_by_label("Instagram story").check()
    shapes.get_by_role("button", name="Make this file").click()

    made = newest(page, "Export").locator(".tile[data-state=done] img")
    expect(made).to_be_visible(timeout=LONG)
    size = made.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert size == [1080, 1920]
    expect(shapes).to_be_hidden()


def test_more_poses_are_shown_when_asked_for_and_favourites_stay(
    open_page: Open, register: Register
) -> None:
    page = open_page()
    register(page, "favourites")
    page.goto("/apps/pose-generator")
    poses = page.locator(".pick:visible [name=pose_ids]")
    before = poses.count()
    page.locator("[data-more-poses]").click()
    expect(poses.nth(before)).to_be_focused()

    page.get_by_role("checkbox", name="Waving", exact=True).focus()
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Favourites 1")).to_be_visible()
    with page.expect_response("**/favourite"):
        page.get_by_role("checkbox", name="Arms Up", exact=True).focus()
        page.keyboard.press("f")
    page.reload()
    page.get_by_role("button", name="Favourites 2").click()

    expect(poses).to_have_count(2)


def test_somebody_new_is_seen_before_they_cost_and_then_from_three_sides(
    open_page: Open, register: Register
) -> None:
    page = open_page()
    register(page, "maker")
    page.goto("/apps/avatar-creator")
    page.get_by_label("Name", exact=True).fill("Rina")
    page.get_by_label("In your words").fill("berhijab merah, dengan kucing")

    page.get_by_role("button", name="Preview, free").click()
    preview = page.get_by_alt_text("A small preview")
    expect(preview).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Not understood: kucing")).to_be_visible()
    expect(page.locator("[data-credits]")).to_have_text("100")
    page.get_by_role("button", name="Create avatar").click()
    page.get_by_role("button", name="Rina", exact=True).click(timeout=LONG)
    naming = page.get_by_role("dialog", name="Another name")
    naming.get_by_label("New name").fill("Rina Wijaya")
    naming.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("button", name="Delete Rina Wijaya")).to_be_visible()
    page.get_by_role("button", name="Sides").click()
    page.get_by_role("dialog").get_by_role("button", name="Make them").click()

    sheet = newest(page, "Sheet")
    expect(sheet.locator(".tile")).to_have_count(3)
    sheet.get_by_role("button", name="Cancel").click()
    over = re.compile("canceled|partial|succeeded")
    expect(sheet).to_have_attribute("data-state", over, timeout=LONG)
