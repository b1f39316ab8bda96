"""Moving through a page with the keyboard alone."""

from playwright.sync_api import Locator, Page


def tab_to(page: Page, target: Locator, *, at_most: int = 60) -> None:
    """Press Tab until `target` has the focus; raise AssertionError when it never gets it."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if has_focus(target):
            return
    raise AssertionError(f"{target} is not reached with {at_most} presses of Tab")


def has_focus(target: Locator) -> bool:
    """Whether the keyboard acts on `target`."""
    return bool(target.evaluate("element => element === document.activeElement"))
