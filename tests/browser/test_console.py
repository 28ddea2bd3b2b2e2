"""An operator reads why, switches with a reason, and finds it in the audit."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
HOME = "/apps/operator-console"
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def cookies() -> list[object]:
    """The operator's, once signed in."""
    return []


@pytest.fixture
def operator(open_page: Open, sign_in: str, cookies: list[object]) -> Open:
    """Opens pages as the operator."""

    def opened(**options: object) -> Page:
        if cookies:
            return open_page(storage_state=cookies[0], **options)
        page = open_page(**options)
        page.goto(sign_in)
        page.get_by_role("button", name="Sign in").click()
        cookies.append(page.context.storage_state())
        return page

    return opened


def give_reason(page: Page, reason: str, button: str) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill(reason)
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_be_hidden()


def test_a_switch_asks_for_its_reason_and_is_audited(operator: Open) -> None:
    page = operator()
    page.get_by_role("link", name="Console").click()
    expect(page.get_by_role("heading", level=1, name="Health")).to_be_visible()
    page.get_by_role("link", name="Plugins").click()

    page.get_by_role("button", name="Switch off avatar-creator").click()
    page.get_by_role("dialog").get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("Say why.")).to_be_visible()
    give_reason(page, "a test of the switch", "Switch off")

    page.get_by_role("button", name="Switch on avatar-creator").click()
    give_reason(page, "the test is over", "Switch on")
    expect(page.get_by_role("button", name="Switch off avatar-creator")).to_be_visible()
    page.get_by_role("link", name="Audit").click()
    expect(page.get_by_text("a test of the switch")).to_be_visible()
    expect(page.get_by_text("the test is over")).to_be_visible()


def test_the_matrix_says_why(operator: Open) -> None:
    page = operator()
    page.goto(f"{HOME}/visibility")

    page.get_by_role("button", name="pose-generator, tier free: visible").click()

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("pose-generator is visible", exact=False)).to_be_visible()
    expect(dialog.get_by_text("pose-generator:studio")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_flag_is_previewed_changed_and_taken_back(operator: Open) -> None:
    page = operator()
    page.goto(f"{HOME}/flags")

    page.get_by_role("button", name="Change pose-generator.enabled").click()
    page.get_by_label("State").select_option("off")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("table", name="By tier")).to_be_visible()
    give_reason(page, "a test of flags", "Change")
    row = page.get_by_role("row").filter(has_text="pose-generator.enabled")
    expect(row.get_by_text("off", exact=True).first).to_be_visible()

    page.get_by_role(
        "button", name="Take the last change of pose-generator.enabled back"
    ).click()
    give_reason(page, "it was a test", "Take back")
    page.get_by_role("button", name="History of pose-generator.enabled").click()
    expect(page.get_by_role("dialog").get_by_text("it was a test")).to_be_visible()


def test_a_models_price_is_changed(operator: Open) -> None:
    page = operator()
    page.goto(f"{HOME}/models")

    for price, before in (("7", "3"), ("3", "7")):
        page.get_by_role("button", name="Change avatar-creator:studio").click()
        expect(page.get_by_label("Credits an item")).to_have_value(before)
        page.get_by_label("Credits an item").fill(price)
        give_reason(page, f"a test: {price}", "Change")
        row = page.get_by_role("row").filter(has_text="avatar-creator:studio")
        expect(row.get_by_role("cell", name=price, exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_section_scrolls_sideways_on_a_phone(operator: Open, scheme: str) -> None:
    page = operator(viewport=PHONE, color_scheme=scheme, has_touch=True)
    page.goto(HOME)
    chips = page.get_by_role("navigation", name="Console").get_by_role("link")
    for address in [one.get_attribute("href") for one in chips.all()]:
        page.goto(str(address))
        page.locator("[data-place][aria-busy=false]").wait_for()

        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, address
