"""What merchants keep: projects, stars, figures; and a photo of their own."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
Register = Callable[[Page, str], None]
LONG = 180_000
APP = "/apps/pose-generator"


def begin_project(page: Page, name: str) -> None:
    """By the button and the dialogue of whatever page this is."""
    page.get_by_role("button", name="New project").first.click()
    dialog = page.get_by_role("dialog", name="New project")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Begin it").click()


def test_pictures_made_in_a_project_stand_in_it_and_can_be_taken_out(
    open_page: Open, register: Register
) -> None:
    page = open_page()
    register(page, "binder")
    page.goto(APP)
    begin_project(page, "Lebaran")
    expect(page.get_by_label("Project", exact=True).first).to_have_value(
        re.compile("prj_")
    )
    page.get_by_role("checkbox", name="Waving", exact=True).check()
    page.get_by_label("Size", exact=True).select_option("preview")
    page.locator("form.studio [data-start]").click()
    job = page.locator("[data-job]").first
    expect(job.get_by_role("button", name="Lebaran")).to_be_visible(timeout=LONG)
    job.get_by_role("link", name="Open the project “Lebaran”").click()

    page.get_by_role("heading", level=1, name="Lebaran").wait_for()
    page.wait_for_load_state()
    page.get_by_role("button", name="Open picture 1").click()
    page.get_by_role("button", name="Rate the pose").click()
    about = page.get_by_role("dialog", name="Waving")
    with page.expect_response("**/rating"):
        about.get_by_role("radio", name="4 stars").check(force=True)
    expect(about.get_by_text("4 of 5 by 1 rating")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Take out").click()
    expect(page.get_by_text("Nothing in it yet")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_text("Put earlier pictures in").click()
    page.get_by_role("button", name="Put in").click()
    expect(page.get_by_role("button", name="Open picture 1")).to_be_visible()

    page.get_by_role("link", name="Statistics").click()
    used = page.get_by_role("listitem").filter(has_text="Waving")
    expect(used.get_by_label("You gave 4 of 5 stars")).to_be_visible()
    used.get_by_role("link", name="Make more of Waving").click()
    waving = page.get_by_role("checkbox", name="Waving", exact=True)
    expect(waving).to_be_checked()


def test_a_project_is_changed_archived_and_deleted_by_hand(
    open_page: Open, register: Register
) -> None:
    page = open_page()
    register(page, "archive")
    page.goto(f"{APP}/projects")
    begin_project(page, "Ramadan")
    page.get_by_role("heading", level=1, name="Ramadan").wait_for()
    page.wait_for_load_state()

    page.get_by_role("button", name="Change").click()
    page.get_by_label("Name").fill("Syawal")
    page.get_by_role("button", name="Keep it so").click()
    page.get_by_role("heading", level=1, name="Syawal").wait_for()
    page.wait_for_load_state()
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_role("button", name="Take up again")).to_be_visible()
    page.goto(APP)
    choices = page.get_by_label("Project", exact=True).first.locator("option")
    expect(choices).to_have_text(["None"])
    page.goto(f"{APP}/projects?status=archived")
    page.get_by_role("link", name="Syawal").click()
    page.get_by_role("button", name="Take up again").wait_for()
    page.wait_for_load_state()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No project yet")).to_be_visible()


def test_choices_outlast_a_reload_and_leave_with_who_made_them(
    open_page: Open, register: Register
) -> None:
    page = open_page()
    register(page, "choices")
    page.goto(APP)
    page.get_by_role("radio", name="Aisyah").check()
    page.get_by_role("checkbox", name="Waving", exact=True).check()
    page.get_by_label("Size", exact=True).select_option("square")
    page.get_by_role("radio", name="In words").check()
    page.get_by_label("What the person does").fill("standing, waving")

    page.reload()
    expect(page.get_by_label("What the person does")).to_have_value("standing, waving")
    expect(page.get_by_role("radio", name="Aisyah")).to_be_checked()
    expect(page.get_by_label("Size", exact=True)).to_have_value("square")
    page.get_by_role("radio", name="Gallery").check()
    expect(page.get_by_text("1 chosen")).to_be_visible()

    page.goto(f"{APP}?pose=sitting")
    expect(page.get_by_role("checkbox", name="Sitting", exact=True)).to_be_checked()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
    assert page.evaluate("sessionStorage.length") == 0


def test_a_photo_without_a_person_is_refused_in_words(
    open_page: Open, register: Register
) -> None:
    page = open_page()
    register(page, "photo")
    page.goto(f"{APP}/photo")
    start = page.get_by_role("button", name="Change the background")
    expect(page.get_by_text("Choose a photo.", exact=True)).to_be_visible()
    expect(start).to_be_disabled()

    sent = BytesIO()
    Image.new("RGB", (320, 420), "#7799aa").save(sent, "PNG")
    photo = {"name": "wall.png", "mimeType": "image/png", "buffer": sent.getvalue()}
    page.locator("[data-photo]").set_input_files(photo)  # type: ignore[arg-type]
    expect(page.get_by_text("Another photo")).to_be_visible()
    start.click()

    job = page.locator("[data-job]").first
    state = re.compile("failed|succeeded")
    expect(job).to_have_attribute("data-state", state, timeout=LONG)
    if job.get_attribute("data-state") == "failed":
        said = job.locator(".tile [data-says]").inner_text()
        page.reload()
        expect(job.locator(".tile [data-says]")).to_have_text(said)
