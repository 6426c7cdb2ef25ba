"""Catalogues of service items and of disclosures, as pages and as files."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from content.models import ItemCategory
from database import db
from publisher import office
from publisher.office import Table, docx, xlsx
from tests.publisher.conftest import PENALTY, PublishingHouse, SmallCounty

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def cells(workbook: bytes) -> list[list[str]]:
    """What a workbook says, row by row."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314  our own file
    return [["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{SHEET}row")]


def paragraphs(document: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return "\n".join(
            "".join(each.itertext())
            for each in ElementTree.fromstring(archive.read("word/document.xml")).iter(f"{WORD}p")  # noqa: S314
        )


@pytest.fixture
def stocked(small_county: SmallCounty) -> SmallCounty:
    small_county.service("餐饮备案", item_category=ItemCategory.OTHER)
    small_county.service("食品生产许可")
    small_county.service(
        "药品经营许可", is_charged=True, fee_basis_and_standard="依据发改价格〔2020〕1号，每件100元"
    )
    small_county.service("食品摊贩查询", item_category=ItemCategory.CONVENIENCE)
    small_county.service("对未经许可生产食品的处罚", base=PENALTY)
    return small_county


@pytest.mark.row("B-12", "B-21", "B-22", "B-23", "B-24", "A-32")
def test_the_catalogue_of_an_organ_has_title_counts_columns_and_numbers_from_one(
    stocked: SmallCounty, house: PublishingHouse, live
):
    house.build()
    text = live(f"zwfw/ml/o/{stocked.organ.id}/index.html")

    assert "<h1>青崖县市场监督管理局政务服务事项内容目录</h1>" in text
    head = "共5项；其中行政许可2项，行政征收0项，非行政许可的行政审批0项，行政确认0项，代理事项0项，其他1项，便民服务事项1项，行政处罚1项。"
    assert head in text
    for column in ("事项名称", "事项类型", "办理主体", "行使依据", "法定期限", "收费标准与依据"):
        assert f'<th scope="col">{column}</th>' in text
    rows = re.findall(r'data-label="序号">(\d+)</td>\s*<th scope="row"><a href="[^"]+">([^<]+)</a>', text)
    assert [number for number, _ in rows] == ["1", "2", "1", "1", "1"]
    assert [name for _, name in rows][2:] == ["餐饮备案", "食品摊贩查询", "对未经许可生产食品的处罚"]
    assert "《中华人民共和国食品安全法》第三十五条" in text
    assert "发改价格〔2020〕1号" in text


@pytest.mark.row("B-13", "B-20")
def test_there_is_a_catalogue_of_each_kind_and_one_of_convenience_services(
    stocked: SmallCounty, house: PublishingHouse, live
):
    house.build()

    index = live("zwfw/ml/index.html")
    address = next(
        url
        for url in re.findall(r'href="(/zwfw/ml/k/[a-z]+/)"', index)
        if "食品摊贩查询" in live(f"{url[1:]}index.html")
    )
    text = live(f"{address[1:]}index.html")
    assert "<h1>青崖县便民服务事项目录</h1>" in text
    assert "食品生产许可" not in text


@pytest.mark.row("A-33")
def test_the_files_say_what_the_page_says_and_follow_it(
    stocked: SmallCounty, house: PublishingHouse, settings
):
    house.build()
    folder = settings.live_tree / f"zwfw/ml/o/{stocked.organ.id}"

    found = cells((folder / "catalogue.xlsx").read_bytes())
    assert found[0] == ["青崖县市场监督管理局政务服务事项内容目录"]
    assert found[2][1:] == ["事项名称", "事项类型", "办理主体", "行使依据", "法定期限", "收费标准与依据"]
    assert [row[0] for row in found[3:]] == ["1", "2", "1", "1", "1"]
    assert "药品经营许可" in paragraphs((folder / "catalogue.docx").read_bytes())

    stocked.service("计量检定", item_category=ItemCategory.CONFIRMATION)
    house.publish()
    assert "计量检定" in [row[1] for row in cells((folder / "catalogue.xlsx").read_bytes())[3:]]
    assert "计量检定" in paragraphs((folder / "catalogue.docx").read_bytes())


@pytest.mark.row("A-33")
def test_the_volumes_of_the_disclosure_catalogue_hold_every_entry(
    county: SmallCounty, house: PublishingHouse, settings, monkeypatch
):
    monkeypatch.setattr("publisher.catalogues.IN_VOLUME", 20)
    house.build()
    files = sorted((settings.live_tree / "xxgk/ml").glob("volume-*.xlsx"))
    rows = [row for file in files for row in cells(file.read_bytes())[3:]]

    assert len(files) == 3
    assert len(rows) == 47
    assert {"第0号工作动态", "青崖县城区供水管网改造公告"} <= {row[2] for row in rows}


def test_an_unchanged_catalogue_is_not_written_again(stocked: SmallCounty, house: PublishingHouse, settings):
    house.build()
    file = settings.live_tree / f"zwfw/ml/o/{stocked.organ.id}/catalogue.xlsx"
    before = file.stat().st_ino

    report = house.build()

    assert report.changed == 0
    assert (settings.live_tree / f"zwfw/ml/o/{stocked.organ.id}/catalogue.xlsx").stat().st_ino == before


def test_what_looks_like_a_formula_is_text(monkeypatch):
    table = Table(
        "目录", "共1项。", ("名称",), (1,), [('=HYPERLINK("http://x")',), ("+1",), ("@a",), ("-2",)]
    )

    with zipfile.ZipFile(io.BytesIO(xlsx(table))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in sheet
    assert sheet.count(f's="{office.MARKED}" t="inlineStr"') == 4


def test_two_thousand_rows_long_titles_and_any_script_are_written(small_county: SmallCounty):
    odd = ("བོད་ཡིག་གི་མིང་", "ئۇيغۇرچە ئىسىم", "长" * 200, "A" * 500, "a\x00b<&>\ud800")
    table = Table("目录", "", ("名称", "代码"), (3, 1), [(odd[at % 5], str(at)) for at in range(2000)])

    rows, text = cells(xlsx(table)), paragraphs(docx(table))

    assert len(rows) == 2003
    assert rows[3][0] == odd[0]
    assert rows[7][0] == "ab<&>"
    assert odd[1] in text


def test_the_catalogue_of_many_items_is_cut_into_pages_and_counts_them_all(
    small_county: SmallCounty, house: PublishingHouse, live, monkeypatch
):
    monkeypatch.setattr("publisher.catalogues.PER_SHEET", 2)
    for number in range(5):
        small_county.service(f"第{number}号许可")
    house.build()

    address = f"zwfw/ml/o/{small_county.organ.id}"
    assert "共5项" in live(f"{address}/3.html")
    assert 'data-label="序号">5<' in live(f"{address}/3.html")
    db.session.commit()
