"""The table of pages read both ways: what stands at an address, and which pages a record touches."""

import gzip
from datetime import timedelta
from pathlib import Path

import brotli
import pytest

from content import operations, queries
from content.models import Edition, ItemCategory, Question
from county import ledger
from county.officers import Officer
from county.organs import Organ, OrganKind
from database import db
from publisher.draft import draft_of
from publisher.lists import LOOKED_AT
from publisher.models import LiveFile
from publisher.page import file_of
from publisher.pages import TABLE, every_address, exists, page_at
from publisher.source import Source
from publisher.touching import Changes
from tests.publisher.conftest import PublishingHouse, SmallCounty

NOWHERE = (
    "", "xxgk/", "//", "//xxgk/ml/", "/xxgk//ml/", "/xxgk/ml//", "/zwfw/k/xk//", "/xxgk/c/ghjh//1.html", "/xxgk", "/xxgk/9999/", "/xxgk/48/", "/zwfw/1/", "/xxgk/0/", "/xxgk/01/", "/xxgk/１/", "/xxgk/1",
    "/xxgk/1/1.html", "/xxgk/99999999999/", "/xxgk/9999999999/", "/hudong/99/", "/hudong/01/", "/hudong/1.html",
    "/hudong/0.html", "/xxgk/ml/2.html", "/xxgk/ml/0.html", "/xxgk/ml/01.html", "/xxgk/ml/１.html", "/xxgk/ml/1", "/xxgk/c/",
    "/xxgk/c/xxgk/", "/xxgk/c/nothing/", "/xxgk/c/GHJH/", "/xxgk/c/ghjh/2.html", "/xxgk/c/ghjh/x/", "/xxgk/c/../",
    "/xxgk/o/", "/xxgk/o/99/", "/xxgk/o/01/", "/xxgk/o/１/", "/xxgk/o/1/2.html/", "/xxgk/o/1/9.html", "/zwfw/o/01/",
    "/zwfw/o/2/1.html", "/zwfw/all/1.html", "/zwfw/all/2.html", "/zwfw/k/", "/zwfw/k/zz/", "/zwfw/k/xk/2.html",
    "/zwfw/a/qy/1.html", "/zwfw/a/gr/", "/zwfw/e/00000000/", "/zwfw/e/qy/", "/sitemap-xxgk-2.xml", "/sitemap-xxgk-0.xml",
    "/sitemap-xxgk-01.xml", "/sitemap-xxgk-１.xml", "/sitemap-nothing-1.xml", "/sitemap-.xml", "/index.html", "/xxgk/index.html",
    "/files/x.pdf", "/old/none.html", "/\n", "/xxgk/\n", "/xxgk/1/\n", "/xxgk/ml/1.html\n", "/feed.xml/", "/404.html/",
)  # fmt: skip


@pytest.fixture
def whole_county(county: SmallCounty) -> SmallCounty:
    """The small county with what leads elsewhere as well: an old address, a merged and a withdrawn document."""
    old = county.disclosure("有原网址的公告")
    operations.keep_old_addresses(old.document, ["/old/show.asp", "/2019/folder"], by=None, at=county.now)
    merged, withdrawn = county.disclosure("并入的公告"), county.service("撤回的事项")
    operations.merge(merged, old.document, by=officer(county), at=county.now)
    operations.withdraw(withdrawn, reason="error", by=None, at=county.now)
    db.session.commit()
    return county


def officer(county: SmallCounty) -> int:
    found = Officer(name="裴青", login="pei", organ=county.organ, created_at=county.now)
    db.session.add(found)
    db.session.flush()
    return found.id


@pytest.mark.parametrize("whole", [True, False])
def test_an_address_exists_if_and_only_if_a_page_stands_there(whole_county, house, whole):
    house.build()
    source = Source(whole=True)
    addresses = list(every_address(source))
    assert len(addresses) == len(set(addresses)) > 100
    documents = {head.id for head in source.documents()} | {item.id for item in source.all_withdrawn()}

    asked = source if whole else Source()
    for address in (*addresses, *NOWHERE):
        page = page_at(asked, address)
        assert exists(asked, address) == (page is not None) == (address in addresses), address
        assert page is None or page.url == address
    assert {
        int(url.split("/")[2]) for url in addresses if url[1:5] in ("xxgk", "zwfw") and url[6:-1].isdigit()
    } == documents


def test_no_two_addresses_share_a_file(whole_county, house):
    house.build()
    files = [file_of(url) for url in every_address(Source(whole=True))]

    assert len(files) == len(set(files))


def test_every_kind_of_page_is_in_the_table_once(whole_county, house):
    """Of two patterns for one address the second would never be asked."""
    house.build()
    for address in every_address(Source(whole=True)):
        assert sum(pattern.fullmatch(address) is not None for pattern, _ in TABLE) == (
            not address.startswith(("/old/", "/2019/"))
        )


def tree_of(folder: Path) -> dict[str, bytes]:
    """Every file of a tree but the compressed twins, which must be those of their files."""
    found = {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }
    for path in [path for path in found if path.endswith((".gz", ".br"))]:
        unpack = gzip.decompress if path.endswith(".gz") else brotli.decompress
        assert unpack(found.pop(path)) == found.get(path[:-3]), f"{path} is the twin of another text"
    return found


class Walk:
    """Somebody who changes a county step by step and looks, after each, whether the site became what a build makes."""

    def __init__(self, county: SmallCounty, house: PublishingHouse, folder: Path):
        self.county, self.house, self.folder = county, house, folder
        self.live = house.place.site_folder / "current"
        self.officer = officer(county)
        db.session.commit()
        house.build()
        self.pages = tree_of(self.live)
        self.count = 0

    def changed(self, what: str) -> set[str]:
        """Publish what is owed; which files that added, changed or removed."""
        db.session.commit()
        self.count += 1
        report = self.house.publish()
        before, self.pages = self.pages, tree_of(self.live)
        built = self.folder / str(self.count)
        self.house.build(out=built)
        assert differing(self.pages, tree_of(built)) == set(), what
        found = differing(before, self.pages)
        assert report is not None, what
        assert report.added + report.changed + report.removed == len(found), what
        rows = db.session.scalars(db.select(LiveFile.path))
        assert set(rows) == self.pages.keys(), what
        return found

    def edit(self, edition: Edition, **values: object) -> Edition:
        """A new edition of a document goes live."""
        newer = operations.revise(edition.document, by=None, at=self.county.now)
        operations.save_draft(newer, values, by=None, at=self.county.now)
        return self.county._live(newer)

    def file(self, edition: Edition, *, organ: Organ | None = None, channel: str | None = None) -> None:
        """Move a document to another organ or channel."""
        document = edition.document
        operations.file_document(
            document, organ=organ or document.organ,
            channel=queries.channel_by_code(channel) if channel else document.channel, by=None, at=self.county.now,
        )  # fmt: skip

    def withdraw(self, edition: Edition) -> None:
        operations.withdraw(edition, reason="error", by=None, at=self.county.now)


def pages(paths: set[str]) -> set[str]:
    """Without catalogues as files, which are generated beside the pages and not counted."""
    return {path for path in paths if not path.endswith((".xlsx", ".docx"))}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


@pytest.fixture
def walk(county: SmallCounty, house: PublishingHouse, tmp_path: Path) -> Walk:
    return Walk(county, house, tmp_path)


def titled(title: str) -> Edition:
    return db.session.scalars(
        db.select(Edition).where(Edition.title == title).order_by(Edition.id.desc())
    ).first()  # type: ignore[return-value]


def test_a_disclosure_that_changes_moves_leaves_or_returns_changes_every_page_it_is_on(walk):
    newest, oldest = titled("第0号工作动态"), titled("第44号工作动态")
    walk.edit(newest, title="改过的动态")
    assert f"xxgk/{titled('第1号工作动态').document_id}/index.html" in walk.changed(
        "a title, which its neighbour names"
    )
    walk.edit(titled("改过的动态"), body="只有正文改了。")
    assert walk.changed("a text") == {f"xxgk/{newest.document_id}/index.html"}
    walk.edit(oldest, title="改过的旧动态")
    assert "xxgk/c/ghjh/1.html" in walk.changed("a title on a numbered page")
    walk.county.disclosure("新公告", channel="ghjh")
    assert len(pages(walk.changed("a new one"))) <= 11
    walk.county.disclosure("新栏目里的公告", channel="czxx")
    walk.changed("a new one in an empty channel")
    walk.file(newest, channel="tjxx")
    walk.changed("moved to another channel")
    walk.file(oldest, channel="tjxx")
    assert "xxgk/c/fdzdgk/index.html" in walk.changed(
        "moved, standing on a numbered page of the channel above"
    )
    walk.file(oldest, organ=walk.county.township)
    walk.changed("moved to another organ")
    walk.file(oldest, organ=section(walk.county))
    walk.changed("moved to an organ that had no pages")
    walk.withdraw(titled("新公告"))
    assert f"xxgk/{titled('新公告').document_id}/gone" in walk.changed("withdrawn")
    walk.edit(titled("新公告"), title="重新公开的公告")
    assert f"xxgk/{titled('新公告').document_id}/gone" in walk.changed("returned")
    walk.withdraw(titled("重新公开的公告"))
    walk.edit(titled("重新公开的公告"), title="当天又公开的公告")
    walk.changed("withdrawn and returned between two publications")


def section(county: SmallCounty) -> Organ:
    """An organ that has no pages until it publishes."""
    organ = Organ(
        code="990123-SC-1", name="县市场监管局登记股", short_name="登记股", kind=OrganKind.SECTION, letters="DJ",
        region=county.site.region, parent=county.organ,
    )  # fmt: skip
    db.session.add(organ)
    db.session.flush()
    return organ


def test_a_list_that_grows_over_a_boundary_changes_the_pages_that_lead_to_the_new_one(walk):
    for number in range(40):
        walk.county.disclosure(f"第{number}号统计公报", channel="tjxx")
        if number in (0, 18, 19, 20, 38, 39):
            walk.changed(f"{number + 1} entries")
    for number in range(43):
        walk.county.service(f"第{number}号事项", audience=["个人"])
        if number in (0, 18, 19, 20, 39, 40, 42):
            walk.changed(f"{number + 1} more items")


def test_documents_that_are_merged_or_had_other_addresses_change_every_page_that_leads_to_them(walk):
    one, two, three = (walk.county.disclosure(f"第{number}件公告") for number in range(3))
    operations.keep_old_addresses(one.document, ["/old/1.html", "/old/folder"], by=None, at=walk.county.now)
    walk.changed("new with old addresses")
    operations.merge(one, two.document, by=walk.officer, at=walk.county.now)
    assert {"old/1.html", "old/folder/index.html", f"xxgk/{one.document_id}/index.html"} <= walk.changed(
        "merged"
    )
    operations.merge(two, three.document, by=walk.officer, at=walk.county.now)
    assert f"xxgk/{one.document_id}/index.html" in walk.changed("merged further")
    walk.withdraw(three)
    walk.changed("what they were merged into is withdrawn")
    walk.edit(three, title="恢复的公告")
    walk.changed("and returns")
    walk.edit(two, title="独立的公告")
    walk.changed("one is a document of its own again")
    walk.withdraw(titled("独立的公告"))
    walk.changed("and is withdrawn")
    walk.edit(titled("独立的公告"), title="又公开的公告")
    operations.merge(titled("又公开的公告"), three.document, by=walk.officer, at=walk.county.now)
    assert f"xxgk/{two.document_id}/gone" in walk.changed("returned and merged between two publications")
    operations.keep_old_addresses(one.document, ["/old/2.html"], by=None, at=walk.county.now)
    assert "old/1.html" in walk.changed("other old addresses")


def test_an_item_that_changes_changes_every_list_and_every_question_about_it(walk):
    item = titled("食品生产许可")
    walk.edit(item, title="食品生产许可（新办）")
    assert "hudong/1/index.html" in walk.changed("a title")
    walk.edit(titled("食品生产许可（新办）"), life_events=["退休"], audience=["个人", "企业"])
    assert "map.html" in walk.changed("another event and audience")
    walk.county.service("残疾人证办理", item_category=ItemCategory.CONFIRMATION)
    assert "zwfw/online/index.html" in walk.changed(
        "the first of its category, which every list of items names"
    )
    walk.edit(titled("残疾人证办理"), published_only=True)
    walk.changed("no application any more")
    walk.file(titled("残疾人证办理"), organ=walk.county.township)
    walk.changed("another organ")
    walk.withdraw(titled("食品生产许可（新办）"))
    assert {"hudong/1/index.html", "hudong/index.html"} <= walk.changed("withdrawn")
    walk.edit(titled("食品生产许可（新办）"), title="食品生产许可")
    walk.changed("returned")
    walk.withdraw(titled("对未经许可生产食品的处罚"))
    assert "zwfw/all/index.html" in walk.changed("the last of its category, which every list of items names")


def test_a_question_changes_its_page_the_lists_and_the_item_it_is_about(walk):
    item = titled("食品生产许可").document
    other = walk.county.service("小餐饮登记").document
    walk.changed("another item")
    key = walk.county.question("需要带什么？", "带身份证原件。", document=item)
    assert f"zwfw/{item.id}/index.html" in walk.changed("a new one")
    question = db.session.get_one(Question, key)
    operations.save_question(question, {"answer": "带营业执照。"}, publish=True, by=None, at=walk.county.now)
    walk.changed("another answer")
    operations.save_question(question, {"document": other}, publish=True, by=None, at=walk.county.now)
    assert {f"zwfw/{item.id}/index.html", f"zwfw/{other.id}/index.html"} <= walk.changed("about another item")
    operations.save_question(question, {"document": None}, publish=True, by=None, at=walk.county.now)
    walk.changed("about no item")
    operations.save_question(
        question, {"organ": walk.county.township}, publish=True, by=None, at=walk.county.now
    )
    walk.changed("answered by another organ")
    for number in range(40):
        walk.county.question(f"第{number}个问题", answered_on=walk.county.now.date() - timedelta(days=number))
    walk.changed("many")
    operations.save_question(
        question, {"question": "还要带什么？"}, publish=True, by=None, at=walk.county.now
    )
    walk.changed("one on a numbered page")


def test_an_organ_or_channel_with_another_name_changes_every_page_that_names_it(walk):
    walk.county.question("谁来答复？", organ=walk.county.township)
    walk.withdraw(titled("第3号工作动态"))
    walk.changed("a withdrawn page and a question of the organ")
    for organ in (walk.county.organ, walk.county.township):
        organ.name, organ.short_name, organ.phone = (
            f"{organ.name}（新）",
            f"{organ.short_name}（新）",
            "0990-4629999",
        )
        ledger.owe("publish_organ", organ.id, at=walk.county.now)
        assert "xxgk/ml/index.html" in walk.changed(f"{organ.name} renamed")
    walk.county.township.is_active = False
    ledger.owe("publish_organ", walk.county.township.id, at=walk.county.now)
    walk.changed("an organ that is no more")
    empty = section(walk.county)
    empty.kind = OrganKind.TOWNSHIP
    ledger.owe("publish_organ", empty.id, at=walk.county.now)
    assert f"xxgk/o/{empty.id}/index.html" in walk.changed("an organ that has pages from now on")
    channel = queries.channel_by_code("ghjh")
    assert channel is not None
    channel.name = "规划"
    ledger.owe("publish_site", "all", at=walk.county.now)
    assert "xxgk/c/ghjh/1.html" in walk.changed("a channel renamed")


def test_files_to_download_come_with_the_first_page_that_has_them_and_leave_with_the_last(walk):
    table, other = walk.county.attach("表.txt", b"one"), walk.county.attach("图.txt", b"two")
    path = f"files/{table.stored_name}"
    first = walk.county.disclosure("第一件", files={"表.txt": b"one"})
    assert path in walk.changed("new")
    walk.county.disclosure("其间的公告", channel="tjxx")  # the neighbours of what leaves are rendered anyway
    walk.changed("between the two")
    second = walk.county.disclosure("第二件", files={"表格.txt": b"one", "图.txt": b"two"}, channel="szjs")
    assert {name for name in walk.changed("the same file again") if name.startswith("files/")} == {
        f"files/{other.stored_name}"
    }
    walk.withdraw(first)
    assert path not in walk.changed("one of two withdrawn")
    newer = operations.revise(second.document, by=None, at=walk.county.now)
    newer.attachments[:] = [file for file in newer.attachments if file.display_name != "表格.txt"]
    walk.county._live(newer)
    assert path in walk.changed("gone from the last that had it")
    third = walk.county.disclosure("第三件", files={"表.txt": b"one"})
    walk.withdraw(newer)
    walk.changed("one takes it while another leaves")
    walk.withdraw(third)
    walk.county.disclosure("第四件", files={"表.txt": b"one"})
    assert path not in walk.changed("handed from one to another")


def test_a_page_that_is_kept_back_or_cured_changes_what_leads_to_it(walk):
    bad = walk.county.disclosure("名单", body="身份证号11010519491231002X", channel="tjxx")
    assert walk.changed("never shown") == set()
    walk.edit(bad, body="名单已公布。")
    assert f"xxgk/{bad.document_id}/index.html" in walk.changed("cured")
    walk.edit(titled("名单"), title="改名的名单", body="身份证号11010519491231002X")
    assert walk.changed("kept back, its last edition shown") == set()
    walk.county.disclosure("旁边的公告", channel="tjxx")
    walk.changed("beside one of which an earlier edition is shown")


def test_a_disclosure_edited_touches_at_most_ten_files(walk):
    """Issue "Publishing", goals: its compressed twins are part of a file; catalogues for machines are not counted."""
    edited = walk.edit(titled("第5号工作动态"), title="改过的标题", summary="改过的概述", body="改过的正文。")
    assert len(pages(walk.changed("title, summary and text"))) <= 10
    walk.edit(edited, title="又改过的标题", published_on=walk.county.now.date() - timedelta(days=1))
    found = pages(walk.changed("its day as well"))
    assert len([path for path in found if not path.endswith(".xml")]) <= 10
    assert len(found) <= 11


def test_pages_that_show_what_is_new_are_left_alone_by_an_edit_of_what_is_old(walk):
    """Issue "Publishing", goals: cost in proportion to what changed. They are looked at again when it leaves."""
    old = titled("第40号工作动态")
    for number in range(LOOKED_AT):
        walk.county.disclosure(f"后来的公告第{number}件", channel="tjxx")
    walk.changed("sixty newer ones")
    newest = {"/", "/feed.xml", "/xxgk/c/fdzdgk/feed.xml", "/sitemap-lists.xml"}

    changes = Changes(documents=frozenset({old.document_id}))
    old = walk.edit(old, title="改过的旧标题")
    touched = draft_of(walk.house.place, changes, lambda _path, _content: None).touched.pages
    assert f"/xxgk/{old.document_id}/" in touched
    assert not newest & touched.keys()
    walk.changed("an old one edited")

    walk.withdraw(old)
    touched = draft_of(walk.house.place, changes, lambda _path, _content: None).touched.pages
    assert {"/", "/xxgk/"} <= touched.keys()
    walk.changed("an old one withdrawn")


def test_what_is_touched_says_why(walk):
    edition = walk.edit(titled("第5号工作动态"), title="改过的标题")

    draft = draft_of(
        walk.house.place, Changes(documents=frozenset({edition.document_id})), lambda _path, _content: None
    )

    assert f"document {edition.document_id}" in draft.touched.pages[f"/xxgk/{edition.document_id}/"]
    assert all(draft.touched.pages.values())
