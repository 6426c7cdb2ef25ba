"""The diagram of docs/architecture.md as a test: imports point down, siblings do not meet."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = [
    {"wsgi", "demo", "bench"},
    {"app"},
    {"admin", "endpoint", "commands", "site_server"},
    {"installation"},
    {"publisher", "search", "exchange"},
    {"content", "cases"},
    {"county", "procedure", "extraction"},
    {"database", "config"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in sorted(names)}
WITHOUT_CODE = {
    "gunicorn.conf",
    "docs",
    "migrations",
    "sample_county",
    "site_templates",
    "tests",
    "build",
    "var",
}
REFUSED_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "lib",
    "core",
    "misc",
    "base",
    "services",
    "managers",
}
MODULES = sorted(file for name in LEVEL for file in [*ROOT.glob(f"{name}.py"), *ROOT.glob(f"{name}/**/*.py")])


def imports(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0], node
        elif isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node) for alias in node.names)


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("package", LEVEL)
def test_imports_point_down(package):
    files = [*ROOT.glob(f"{package}.py"), *ROOT.glob(f"{package}/**/*.py")]
    imported = {name for file in files for name, _ in imports(parsed(file))} - {package}

    assert files
    # `commands` may not reach a door, and a door not another: the level of both is the same.
    allowed_late = {"commands"} if package == "app" else set()
    assert not {name for name in (imported - allowed_late) & LEVEL.keys() if LEVEL[name] <= LEVEL[package]}


def test_every_top_level_package_has_its_place():
    packages = {file.parent.name for file in ROOT.glob("*/__init__.py")} | {
        file.stem for file in ROOT.glob("*.py")
    }

    assert packages - WITHOUT_CODE <= LEVEL.keys()


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_is_small_and_imports_at_its_top(file):
    tree = parsed(file)
    late = [
        node.lineno
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for _, node in imports(function)
    ]

    assert len(file.read_text(encoding="utf-8").splitlines()) <= 500
    assert not late
    assert file.stem not in REFUSED_NAMES


def test_only_edges_commit():
    below = [file for file in MODULES if LEVEL[file.relative_to(ROOT).parts[0].removesuffix(".py")] > 3]

    assert not [
        str(file) for file in below if re.search(r"session\.(commit|rollback)\(", file.read_text("utf-8"))
    ]


@pytest.mark.parametrize("file", sorted([*ROOT.glob("*/rules.py"), *ROOT.glob("*/rules/*.py")]), ids=str)
def test_every_rule_names_its_source(file):
    public = [
        node
        for node in parsed(file).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name != "label"
    ]

    assert not [node.name for node in public if "Source:" not in (ast.get_docstring(node) or "")]
