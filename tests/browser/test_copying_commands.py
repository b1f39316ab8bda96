"""The copy buttons, which a script puts beside the commands."""

import pytest
from playwright.sync_api import expect

from ports.check_commands import commands_for
from tests.browser.conftest import NewReader
from tests.browser.keyboard import tab_to

pytestmark = pytest.mark.any_database


def test_each_button_copies_exactly_its_command(new_reader: NewReader) -> None:
    page = new_reader(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/en/ports/443/")
    expected = [line for lines in commands_for(443, speaks_tls=True) for line in lines]
    blocks = page.locator("pre.command")
    expect(blocks).to_have_count(len(expected))

    copied = []
    for block in blocks.all():
        page.evaluate("navigator.clipboard.writeText('nothing was copied')")
        button = block.get_by_role("button", name="Copy")
        button.click()
        expect(block.get_by_role("button")).to_have_text("Copied")
        copied.append(page.evaluate("navigator.clipboard.readText()"))
        assert copied[-1] == block.locator("code").text_content()
    assert sorted(copied) == sorted(expected)
    expect(blocks.last.get_by_role("button")).to_have_text("Copy")


def test_a_button_works_from_the_keyboard_in_arabic(new_reader: NewReader) -> None:
    page = new_reader(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/ar/ports/3440/")
    button = page.locator("pre.command button").first
    label = button.text_content()
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(button).not_to_have_text(label or "")
    assert page.evaluate("navigator.clipboard.readText()") == commands_for(3440).linux[0]


def test_without_javascript_the_commands_stand_alone(new_reader: NewReader) -> None:
    page = new_reader(java_script_enabled=False)
    page.goto("/en/ports/3440/")
    expect(page.locator("pre.command").first).to_have_text(commands_for(3440).linux[0])
    expect(page.locator("pre.command button")).to_have_count(0)
