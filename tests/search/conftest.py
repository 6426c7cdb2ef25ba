"""An index of a few invented documents in a folder of its own."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from search import Entry, WhooshIndex

KEY = bytes(range(32))
NOTICE = """第一条 为了方便群众办事，县政务服务中心设综合窗口，实行一窗受理。
第二条 申请人可以就近在乡镇便民服务中心提交材料，由工作人员当场核对并出具受理单。
第三条 对不能当场办结的事项，自受理之日起五个工作日内办结；需要延长的，应当说明理由。"""
RULES = """第一条 为了加强水库管理，保障下游群众生命财产安全，制定本办法。
第二条 水库管理单位应当在每年汛期到来之前完成大坝检查，并把检查结果报水利局。"""


def make_entry(serial: int, title: str, body: str = "", **fields: Any) -> Entry:
    kind = fields.pop("kind", "disclosure")
    return Entry(id=f"{kind}-{serial}", kind=kind, title=title, url=f"/xxgk/{serial}/", body=body, **fields)


def sample() -> Iterator[Entry]:
    office = {"organ_code": "zwb", "organ_name": "县政务服务办公室", "channel_codes": ("zc", "zc-gf")}
    water = {"organ_code": "slj", "organ_name": "县水利局", "channel_codes": ("zc", "zc-jd")}
    yield make_entry(1, "综合窗口受理办法", NOTICE, document_no="云政办发〔2024〕7号", number="11530-2024-00001",
                     year=2024, published_on=date(2024, 3, 5), validity="有效", **office)  # fmt: skip
    yield make_entry(2, "水库大坝安全管理办法", RULES, document_no="云政发〔2023〕17号", number="11530-2023-00017",
                     year=2023, published_on=date(2023, 5, 1), validity="有效", **water)  # fmt: skip
    yield make_entry(3, "取水许可", "在河流、湖泊取水的单位和个人应当申请取水许可证。", kind="service",
                     number="53010000SL-XK-0003", year=2025, published_on=date(2025, 1, 2), **water)  # fmt: skip
    yield make_entry(4, "办理取水许可要带哪些材料？", "带申请表和水资源论证材料。", kind="question",
                     year=2025, published_on=date(2025, 2, 2), **water)  # fmt: skip


@pytest.fixture
def index(tmp_path: Path) -> WhooshIndex:
    """An index with the sample."""
    index = WhooshIndex(tmp_path / "index", KEY)
    index.rebuild(sample())
    return index


@pytest.fixture
def index_of(tmp_path: Path) -> Callable[..., WhooshIndex]:
    """Makes an index of the entries given."""

    def make(*entries: Entry) -> WhooshIndex:
        index = WhooshIndex(tmp_path / "index", KEY)
        index.rebuild(entries)
        return index

    return make
