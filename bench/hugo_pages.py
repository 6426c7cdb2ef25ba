"""Columns, catalogues of service items and what stands around every page, as content and data of a site of Hugo."""

from pathlib import Path
from typing import Any

from bench.hugo_lists import ROOT, Front, path_of, write_page
from content.models import Channel
from installation import settings
from publisher import consultation_pages, disclosure_pages, duty_pages, report_pages
from publisher.catalogues import HEAD_NAMES, INDEX, PER_SHEET, index_page
from publisher.categories import CATEGORIES
from publisher.page import Column
from publisher.site import templates
from publisher.source import Source

HOME = {"name": "首页", "url": "/"}
COLUMNS = {"xxgk": "政府信息公开", "zwfw": "政务服务", "hudong": "政民互动"}


def write_front_pages(folder: Path, source: Source) -> None:
    """The homes of columns and the pages of which there is one; those that no corpus fills say that."""
    region = source.surroundings.site.region
    pages = {  # address, template, title, and what else the page needs
        "xxgk": ("/xxgk/", "xxgk", "政府信息公开专栏", {"section": "xxgk", "trail": "home"}),
        "zwfw": ("/zwfw/", "zwfw", f"{region}政务服务专栏", {"section": "zwfw", "trail": "home"}),
        "hudong": ("/hudong/", "hudong", "政民互动", {"section": "hudong", "trail": "home"}),
        "map": ("/map.html", "map", "网站地图", {"trail": "home"}),
        "404": ("/404.html", "404", "没有找到您要的页面", {"noindex": True}),
        "notice": ("/notice.html", "notice", "紧急通知", {"trail": "home", "noindex": True}),
    }
    for name, (url, layout, title, more) in pages.items():
        write_page(folder / f"{name}.md", {"title": title, "url": url, "layout": layout, **more})
    meta = dict(index_page(source).meta)
    column = Column(meta["ColumnName"], meta["ColumnDescription"], meta["ColumnKeywords"], meta["ColumnType"])
    write_page(folder / "items.md", _column_page(INDEX, "items", "zwfw", column))
    for name, front in _empty_pages().items():
        write_page(folder / f"{name}.md", front | {"noindex": True})


def _empty_pages() -> dict[str, Front]:
    """Kinds of pages that the county of the benchmark has nothing for."""
    back = {"name": "返回政民互动", "url": "/hudong/"}
    return {
        "yjzj": _column_page("/hudong/yjzj/", "empty", "hudong", consultation_pages.COLUMN)
        | {"said": "，共0件。", "empty": "目前没有意见征集。", "back": back},
        "nb": _column_page("/xxgk/nb/", "empty", "xxgk", report_pages.COLUMN) | {"empty": "暂无年度报告。"},
        "sx": _column_page("/xxgk/sx/", "empty", "xxgk", duty_pages.COLUMN)
        | {"empty": "公开事项目录尚未公布。"},
    }


def _column_page(url: str, layout: str, section: str, column: Column) -> Front:
    said = {
        "name": column.name,
        "description": column.description,
        "words": column.keywords,
        "kind": column.kind,
    }
    return {
        "title": column.name, "url": url, "layout": layout, "section": section, "trail": section, "column": said,
    }  # fmt: skip


def write_catalogues(folder: Path, source: Source, counts: dict[str, int]) -> None:
    """One file for each page of a catalogue of items, by organ and by kind."""
    region = source.surroundings.site.region
    headings = {f"o/{organ.id}": f"{organ.name}政务服务事项内容目录" for organ in source.organs.values()} | {
        f"k/{one.code}": f"{region}{HEAD_NAMES.get(one.name, one.name)}目录" for one in CATEGORIES.values()
    }
    for place, heading in headings.items():
        key, base = f"z-{place.replace('/', '-')}", f"{INDEX}{place}/"
        for number in range(1, -(-counts.get(key, 0) // PER_SHEET) + 1):
            front: Front = {
                "title": heading + (f"（第{number}页）" if number > 1 else ""),
                "url": f"{base}{number}.html" if number > 1 else base,
                "base": base, "key": key, "heading": heading, "section": "zwfw", "trail": "items",
                "list": f"/zwfw/{place}/",
            }  # fmt: skip
            write_page(folder / f"{key}-{number}.md", front | ({"number": number} if number > 1 else {}))


def frame_files(source: Source, channels: dict[str, Channel]) -> dict[str, Any]:
    """The files of `data/` for the frame: ways to a page, icons, categories, the parts of the disclosure column."""
    icons: Any = templates().get_template("partials/icons.html").module
    home = disclosure_pages.column_page(source).view
    categories = [
        {"code": one.code, "name": one.name, "head": HEAD_NAMES.get(one.name, one.name)}
        for one in CATEGORIES.values()
    ]
    return {
        "trails": _trails(channels),
        "icons": icons.DRAWN,
        "categories": categories,
        "blocks": [_block(block, channels) for block in home.blocks],
        "others": [{"name": link.name, "url": link.url} for link in home.others],
    }


def _trails(channels: dict[str, Channel]) -> dict[str, list[dict[str, str]]]:
    """What is above a page, by a key: of a column, a channel or a category."""
    trails = {"home": [HOME]} | {
        key: [HOME, {"name": name, "url": f"/{key}/"}] for key, name in COLUMNS.items()
    }
    for code, channel in channels.items():
        path = [one for one in path_of(channel) if one.code != ROOT]
        trails[f"c-{code}"] = [
            *trails["xxgk"],
            *({"name": one.name, "url": f"/xxgk/c/{one.code}/"} for one in path),
        ]
    for one in CATEGORIES.values():
        trails[f"k-{one.code}"] = [*trails["zwfw"], {"name": one.name, "url": one.url}]
    return trails | {"items": [*trails["zwfw"], {"name": "政务服务事项目录", "url": INDEX}]}


def _block(block: disclosure_pages.Block, channels: dict[str, Channel]) -> Front:
    is_list = block.url.startswith("/xxgk/c/")
    below = [one.code for one in channels.values() if is_list and one.parent and one.parent.code == block.key]
    return {
        "key": block.key, "name": block.name, "url": block.url, "description": block.description, "icon": block.icon,
        "channel": block.key if is_list else "", "below": below, "is_catalogue": block.key == "ml",
    }  # fmt: skip


def public_url() -> str:
    """The address of the site, without a slash at its end."""
    return settings().public_url
