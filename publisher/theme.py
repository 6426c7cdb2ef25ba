"""The look of a site beside the database: a folder of templates and assets that stand before ours."""

from pathlib import Path

from county.colours import palette

TEMPLATES = Path(__file__).parent.parent / "site_templates"
SHEET = "theme.css"
_folders: list[Path] = []


def use_theme(folder: Path | None) -> None:
    """Have templates and assets of this folder stand before ours, for all that this process makes from now on."""
    _folders[:] = [folder.resolve()] if folder is not None and folder.is_dir() else []


def template_folders() -> tuple[Path, ...]:
    """Where templates are looked for, one after the other."""
    return (*_folders, TEMPLATES)


def theme_files() -> list[Path]:
    """Every file of the theme: the look of every page hangs on them."""
    return sorted(file for folder in _folders for file in folder.rglob("*") if file.is_file())


def static_files() -> dict[str, Path]:
    """Assets by name; those of the theme's folder static/ stand before ours, its theme.css goes into site.css."""
    folders = [folder / "static" for folder in reversed(template_folders())]
    found = {file.name: file for folder in folders if folder.is_dir() for file in folder.iterdir()}
    return {name: found[name] for name in sorted(found) if name != SHEET}


def theme_sheet(colour: str) -> str:
    """What is added to the style sheet: the county's main colour, then the theme's own rules."""
    sheet = ""
    if colour:
        on_white, on_dark = palette(colour)
        sheet += f":root {{ {_properties(on_white)} }}\n"
        sheet += f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_properties(on_dark)} }} }}\n"
        sheet += "@media print { :root { --link: #000; --deep: #000; --soft: #fff; --band: #fff; --line: #999 } }\n"
    own = [folder / "static" / SHEET for folder in _folders]
    return sheet + "".join(file.read_text(encoding="utf-8") for file in own if file.is_file())


def _properties(values: dict[str, str]) -> str:
    return "; ".join(f"--{name}: {value}" for name, value in values.items())
