"""Every page fits a phone, complains of nothing and can be used by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
Register = Callable[[Page, str], None]
PHONE = {"width": 360, "height": 740}
PAGES = (
    "/",
    "/jobs",
    "/apps/pose-generator",
    "/apps/pose-generator/photo",
    "/apps/pose-generator/projects",
    "/apps/pose-generator/statistics",
    "/apps/avatar-creator",
)


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_on_a_phone(
    open_page: Open, register: Register, scheme: str
) -> None:
    page = open_page(viewport=PHONE, color_scheme=scheme, has_touch=True)
    register(page, f"phone-{scheme}")
    for path in PAGES:
        page.goto(path)
        page.wait_for_load_state("networkidle")

        assert overflow(page) <= 0, path


NAMELESS = """() => {
  const says = (one) => one.textContent.trim();
  const named = (one) => one.ariaLabel || one.title || says(one) ||
    one.getAttribute("aria-labelledby") || [...(one.labels ?? [])].some(says);
  const asked = "a, button, select, textarea, summary, input:not([type=hidden])";
  const nameless = [...document.querySelectorAll(asked)].filter((one) => !named(one));
  const blind = [...document.querySelectorAll("img:not([alt])")];
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  const lacking = [...nameless, ...blind].map((one) => one.outerHTML.slice(0, 120));
  return [...lacking, ...twice];
}"""


def test_everything_that_can_be_used_has_a_name_and_no_two_share_an_id(
    open_page: Open, register: Register
) -> None:
    page = open_page()
    register(page, "names")
    for path in (*PAGES, "/account", "/account/keys", "/account/webhooks"):
        page.goto(path)

        assert page.evaluate(NAMELESS) == [], path


def test_poses_are_chosen_by_keyboard_alone(
    open_page: Open, register: Register
) -> None:
    page = open_page()
    register(page, "keyboard")
    page.goto("/apps/pose-generator")
    expect(page.get_by_text("Choose at least one pose.")).to_be_visible()
    poses = page.get_by_role("checkbox").and_(page.locator("[name=pose_ids]"))

    page.get_by_label("Search poses, in English or Indonesian").focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        if poses.first.evaluate("input => input === document.activeElement"):
            break
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")

    expect(poses.nth(0)).to_be_checked()
    expect(poses.nth(1)).to_be_checked()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    expect(page.locator("form.studio [data-price]")).to_have_text("10")


def test_search_knows_indonesian(open_page: Open, register: Register) -> None:
    page = open_page()
    register(page, "search")
    page.goto("/apps/pose-generator")

    page.get_by_label("Search poses, in English or Indonesian").fill("bersedekap")
    found = page.get_by_role("checkbox", name="Arms Crossed", exact=True)
    expect(found).to_be_visible()
    expect(page.get_by_role("checkbox", name="Walking", exact=True)).to_be_hidden()

    page.get_by_label("Search poses, in English or Indonesian").fill("xylophone")
    expect(page.get_by_text("No pose answers that")).to_be_visible()


def test_faults_stand_beside_their_field_without_scripts(
    open_page: Open, register: Register, password: str, complaints: list[str]
) -> None:
    page = open_page(java_script_enabled=False)
    register(page, "plain")
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/register")
    page.get_by_label("E-mail").fill("plain@example.org")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Make an account").click()

    field = page.get_by_label("E-mail")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("plain@example.org")
    expect(page.locator("#email-fault")).to_have_text(
        "There is an account with this address."
    )
    complaints.clear()  # the browser notes the 409


def test_after_signing_in_one_stays_on_this_site(
    open_page: Open, register: Register, password: str
) -> None:
    page = open_page()
    register(page, "next")
    page.context.clear_cookies()

    page.goto("/login?next=//elsewhere.example/trap")
    page.get_by_label("E-mail").fill("next@example.org")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("heading", level=1, name="Toko Melati").wait_for()
    assert page.url.endswith("/")


def test_a_page_that_is_not_there_says_so(
    open_page: Open, register: Register, complaints: list[str]
) -> None:
    page = open_page()
    register(page, "lost")

    answer = page.goto("/apps/no-such-app")

    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    assert page.request.get("/api/no-such-thing").json()["code"] == "not-found"
    complaints.clear()  # the browser notes the 404
