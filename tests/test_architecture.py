"""The arrows between the packages point one way, and nothing climbs them back."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.any_database

# What each part may not import, longest prefix first. Written out by hand: this is the rule.
FORBIDDEN = {
    "ports.registry.records": ("django", "ports.models", "portsite", "feedback"),
    "ports.registry.parse": ("django", "ports.models", "portsite", "feedback"),
    "ports.registry.diff": ("django", "ports.models", "portsite", "feedback"),
    "ports.registry.status": ("django", "ports.models", "portsite", "feedback"),
    "ports.registry.cells": ("django", "ports.models", "portsite", "feedback"),
    "ports.registry.claims": ("django", "ports.models", "portsite", "feedback"),
    "ports.registry.raw_rows": ("django", "ports.models", "portsite", "feedback"),
    "ports.registry.statistics": ("django", "ports.models", "portsite", "feedback"),
    "ports.registry.changes": ("django", "ports.models", "portsite", "feedback"),
    "ports.registry.overlaps": ("django", "ports.models", "portsite", "feedback"),
    "ports.dumps.spreadsheets": ("django", "ports.models", "portsite", "feedback"),
    "ports.tokens": ("django", "ports.models", "portsite", "feedback"),
    "ports.check_commands": ("django", "ports.models", "portsite", "feedback"),
    "ports.languages": ("django", "ports.models", "portsite", "feedback"),
    "ports.pasted": ("django", "ports.models", "portsite", "feedback"),
    "ports.browser_ports": ("django", "ports.models", "portsite", "feedback"),
    "ports.free_ports": ("ports.web", "ports.api", "ports.admin", "ports.tasks",
                         "ports.publishing", "ports.editorial", "portsite", "feedback"),
    "ports.explanations": ("ports.web", "ports.api", "ports.admin", "ports.tasks",
                           "ports.publishing", "ports.editorial.working", "portsite", "feedback"),
    "ports.models": ("ports.web", "ports.admin", "ports.tasks", "ports.search", "ports.sentences",
                     "ports.editorial", "ports.publishing", "portsite", "feedback"),
    "ports.registry": ("ports.web", "ports.admin", "ports.tasks", "ports.management",
                       "ports.sentences", "ports.editorial", "ports.publishing", "portsite",
                       "feedback"),
    "ports.registry_excerpt": ("ports.web", "ports.admin", "ports.editorial", "ports.publishing",
                               "portsite", "feedback"),
    "ports.generation": ("ports.web", "ports.admin", "ports.tasks", "ports.management",
                         "ports.editorial", "ports.publishing", "portsite", "feedback"),
    "ports.clients": ("ports.web", "ports.api", "ports.admin", "ports.tasks", "ports.management",
                      "ports.models", "portsite", "feedback"),
    "ports.token_values": ("ports.web", "ports.admin", "ports.editorial", "ports.publishing",
                           "portsite", "feedback"),
    "ports.editorial": ("ports.web", "ports.admin", "ports.tasks", "ports.management",
                        "ports.publishing", "portsite", "feedback"),
    "ports.publishing": ("ports.web", "ports.admin", "ports.tasks", "ports.management",
                         "portsite", "feedback"),
    "ports.roles": ("ports.web", "ports.admin", "ports.tasks", "ports.management",
                    "ports.editorial", "ports.publishing", "portsite", "feedback"),
    "ports.comments": ("ports.web", "ports.admin", "ports.tasks", "ports.management",
                       "portsite", "feedback"),
    "ports.work_items": ("ports.web", "ports.admin", "ports.tasks", "ports.management",
                         "ports.publishing", "portsite", "feedback"),
    "ports.desk": ("ports.web", "ports.admin", "ports.tasks", "ports.management",
                   "ports.publishing", "portsite", "feedback"),
    "ports.source_links": ("ports.web", "ports.admin", "ports.tasks", "ports.management",
                           "ports.editorial", "ports.publishing", "portsite", "feedback"),
    "ports.reads": ("ports.web", "ports.admin", "ports.tasks", "ports.management",
                    "ports.editorial", "ports.publishing", "portsite", "feedback"),
    "ports.notices": ("ports.web", "ports.admin", "ports.tasks", "ports.management",
                      "ports.publishing", "ports.desk", "portsite", "feedback"),
    "ports.demo": ("ports.web", "ports.admin", "ports.tasks", "ports.management", "portsite",
                   "feedback"),
    "ports.search": ("ports.web", "ports.admin", "ports.tasks", "portsite", "feedback"),
    "ports.sentences": ("ports.web", "ports.admin", "ports.tasks", "portsite", "feedback"),
    "ports.port_facts": ("ports.web", "ports.admin", "ports.tasks", "portsite", "feedback"),
    "ports.change_facts": ("ports.web", "ports.admin", "ports.tasks", "ports.editorial",
                           "ports.publishing", "portsite", "feedback"),
    "ports.change_sentences": ("ports.web", "ports.admin", "ports.tasks", "ports.editorial",
                               "ports.publishing", "portsite", "feedback"),
    # Readers are shown live revisions: never the working rows, nor what changes them, nor what
    # editors say of them.
    "ports.web": ("ports.api", "ports.dumps", "ports.admin", "ports.tasks", "ports.management",
                  "ports.publishing", "ports.editorial.working", "ports.comments", "portsite",
                  "feedback"),
    "ports.api": ("ports.dumps", "ports.admin", "ports.tasks", "ports.management",
                  "ports.publishing", "ports.editorial.working", "ports.comments", "portsite",
                  "feedback"),
    "ports.dumps": ("ports.admin", "ports.tasks", "ports.management", "ports.publishing",
                    "ports.editorial.working", "ports.comments", "portsite", "feedback"),
    "ports.admin": ("ports.web.views", "ports.api", "ports.management", "portsite", "feedback"),
    "ports": ("portsite", "feedback"),
    "feedback": ("ports.publishing", "ports.editorial.working", "portsite"),
}  # fmt: skip
STANDARD_LIBRARY_ONLY = (
    "ports.registry.records",
    "ports.registry.parse",
    "ports.registry.diff",
    "ports.registry.status",
    "ports.registry.cells",
    "ports.registry.claims",
    "ports.registry.raw_rows",
    "ports.registry.statistics",
    "ports.registry.changes",
    "ports.registry.overlaps",
    "ports.dumps.spreadsheets",
    "ports.tokens",
    "ports.check_commands",
    "ports.languages",
    "ports.browser_ports",
    "ports.pasted",
    "ports.pasted.endpoints",
    "ports.pasted.headings",
    "ports.pasted.mentions",
    "ports.pasted.reports",
    "ports.pasted.rows",
    "ports.pasted.text",
)


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("portsite", "ports", "feedback"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative imports hide the arrow"
            yield node.module or "", node.lineno
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def violations(module: str, found: list[tuple[str, int]]) -> list[str]:
    return [
        f"{module} (line {line}) imports {imported}"
        for prefix, forbidden in FORBIDDEN.items()
        if within(module, prefix)
        for imported, line in found
        if any(within(imported, package) for package in forbidden)
    ]


def test_no_import_runs_against_the_arrows() -> None:
    found = [line for module, path in modules() for line in violations(module, [*imports(path)])]
    assert found == []


def test_an_import_against_the_arrows_would_be_found() -> None:
    assert violations("ports.web.page", [("feedback.models", 3)])
    assert violations("ports.registry.parse", [("django.conf", 1)])
    assert not violations("feedback.views", [("ports.web.page", 1)])


@pytest.mark.parametrize("module", STANDARD_LIBRARY_ONLY)
def test_the_pure_modules_use_the_standard_library_and_each_other_only(module: str) -> None:
    import sys

    path = dict(modules())[module]
    outside = {
        name
        for name, _line in imports(path)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(within(name, pure) for pure in STANDARD_LIBRARY_ONLY)
    }
    assert outside == set()


def test_imports_inside_functions_stand_only_where_apps_get_ready() -> None:
    inside = []
    for module, path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside += [
            f"{module}: {function.name}"
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
    assert set(inside) == {"ports.apps: ready"}


def test_every_file_that_is_long_holds_one_idea() -> None:
    """Near 300 lines, look for the second idea in the file."""
    long = {
        str(path.relative_to(ROOT)): lines
        for _module, path in modules()
        if "migrations" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 350
    }
    assert long == {}
