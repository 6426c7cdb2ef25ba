"""The screens in a real Chromium: accessible, no sideways scroll, no breach of the strict policy; a walk by keyboard and mouse."""

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ConsoleMessage, Page
from werkzeug.serving import make_server

import publisher
from content import operations
from content.models import (
    ChainStep,
    DisclosureMode,
    Document,
    DocumentKind,
    ItemCategory,
    LawRank,
    StepKind,
    SubjectNature,
)
from county import deputies, sign_in
from county.calendar import COUNTY_ZONE, county_day
from county.officers import Role
from database import db
from tests.admin.conftest import PASSWORD, Office
from tests.conftest import PATIENCE_MS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.sqlite,
]  # the views and their rows are tested in both rounds; here it is what a browser makes of them
WIDTHS = {"wide": 1280, "tablet": 768, "phone": 360}


@pytest.fixture
def chromium(browser: Chromium) -> Iterator[Chromium]:
    """The browser of the process; what a test opened is closed after it."""
    yield browser
    for context in browser.contexts:
        context.close()


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Walk:
    """A page that remembers every breach of the policy and every error of a script."""

    def __init__(self, chromium: Chromium, address: str, *, script: bool = True):
        self.context = chromium.new_context(
            base_url=address,
            viewport={"width": WIDTHS["wide"], "height": 900},
            java_script_enabled=script,
            locale="zh-CN",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        """Styles of the public site, which a preview asks for, are not served by the back office alone; a preview that
        is refused answers 422, and says why.
        """
        is_of_the_site = re.search(
            r"/(?:assets/|notice\.css)", f"{message.text} {message.location.get('url', '')}"
        )
        is_refusal = "the server responded with a status of 422" in message.text
        if message.type == "error" and not (is_of_the_site or is_refusal):
            self.complaints.append(message.text)

    def sign_in(self, login: str) -> None:
        self.page.goto("/admin/sign-in")
        self.page.get_by_label("登录名").fill(login)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url("**/admin/")


def furnish(office: Office) -> dict[str, str]:
    """Something on every screen; returns the addresses of the screens."""
    draft = office.disclosure(
        "关于公布2026年度县级财政专项资金目录的通知",
        document_no="青财发〔2026〕8号",
        summary="列出本年度27项专项资金。",
        body="各乡镇人民政府、各部门：\n\n## 一、目录\n\n| 名称 | 金额 |\n|---|---|\n| 春耕补助 | 120万元 |\n\n现予公布。",
    )
    office.disclosure("关于征求预算绩效管理办法意见的公告", body="")
    office.submitted("青崖县2025年财政决算公开说明")
    office.approved("关于调整不动产登记收费标准的通知")
    live = office.published("青崖县2026年政府预算公开", expires_at=datetime.now(UTC) + timedelta(days=90))
    clocked = _clocked(office, live.document)
    waits = office.submitted("关于城区供水管网改造临时停水的通告", body="## 一、时间\n\n停水八小时。")
    kept = office.published("有问题的公告")
    kept.body_html = "<p>申请人身份证号11010519491231002X</p>"
    db.session.commit()
    office.bring_live()
    application = office.application()
    newer = operations.revise(live.document, by=office.people["editor"].id, at=datetime.now(UTC))
    operations.save_draft(
        newer,
        {"body": "停水六小时。\n\n新增一段。", "mode": DisclosureMode.ON_REQUEST},
        by=office.people["editor"].id,
        at=datetime.now(UTC),
    )
    item = _service(office)
    return {
        "desk": "/admin/",
        "list": "/admin/disclosures/",
        "form": f"/admin/disclosures/edit/?id={draft.id}",
        "page": f"/admin/disclosures/details/?id={draft.id}",
        "live": f"/admin/disclosures/details/?id={live.id}",
        "kept": f"/admin/disclosures/details/?id={kept.id}",
        "versions": f"/admin/disclosures/versions/?id={live.id}",
        "compare": f"/admin/disclosures/compare/?id={newer.id}",
        "plan": f"/admin/disclosures/plan/?id={waits.id}",
        "releases": "/admin/releases/",
        "release": f"/admin/releases/details/?release={publisher.publications(1)[0].name}",
        "review": "/admin/review/",
        "publish": "/admin/publish/",
        **{name: f"/admin/disclosures/details/?id={key}" for name, key in clocked.items()},
        "services": "/admin/services/",
        "service-form": f"/admin/services/edit/?id={item.id}",
        "service-page": f"/admin/services/details/?id={item.id}",
        "applications": "/admin/applications/",
        "application": f"/admin/applications/details/?id={application.id}",
        "organs": "/admin/organs/",
        "organ": f"/admin/organs/edit/?id={office.finance.id}",
        "channels": "/admin/channels/",
        **_reviewing(office),
        "standing": "/admin/standing/",
        "standing-organ": f"/admin/standing/organ/?id={office.finance.id}",
        "freshness": "/admin/freshness/",
        "find": "/admin/find/?q=公告",
        "duties": "/admin/duties/",
        "duty": "/admin/duties/new/",
        "site": "/admin/site-settings/",
        "coding": "/admin/coding-rules/",
        "calendar": "/admin/calendar/",
        "officers": "/admin/officers/",
        "officer": f"/admin/officers/details/?id={office.people['editor'].id}",
        "ledger": "/admin/ledger/",
        "password": "/admin/password",
    }


def _reviewing(office: Office) -> dict[str, str]:
    """A chain with an edition in the middle of it, a deputy, a slip that waits, and a text published by force."""
    at, people = datetime.now(UTC), {login: officer.id for login, officer in office.people.items()}
    live = office.published("写错字的公告", body="各单位要完成植数任务。")
    operations.ask_correction(
        live, {"body": "各单位要完成植树任务。"}, reason="错字", by=people["editor"], at=at
    )
    forced = office.submitted("先行发布的公告")
    operations.force_publish(
        forced, ground="rumour", note="网上传言停水，经值班负责人批准。", secrecy_reviewed=True, by=people["duty_publisher"], at=at
    )  # fmt: skip
    steps = [
        ChainStep(name="部门负责人", role=Role.REVIEWER, kind=StepKind.DECISION),
        ChainStep(name="省级确认", role=Role.REVIEWER, kind=StepKind.CONFIRMATION),
    ]
    chain = operations.set_chain(
        None, DocumentKind.DISCLOSURE, office.channel, steps, by=people["administrator"], at=at
    )
    edition = office.submitted("正在审核的公告")
    operations.approve(edition, by=people["reviewer"], at=at, secrecy_reviewed=True, note="同意")
    today = county_day(at)
    deputies.name_deputy(
        office.people["reviewer"], office.people["legal_reviewer"], from_on=today, until_on=today, by=people["reviewer"], at=at
    )  # fmt: skip
    db.session.commit()
    page = "/admin/disclosures/details/?id="
    return {
        "slip": f"{page}{live.id}", "correct": f"/admin/disclosures/correct/?id={forced.id}", "forced": f"{page}{forced.id}",
        "chains": "/admin/review-chains/", "chain": f"/admin/review-chains/edit/?id={chain.id}", "underway": f"{page}{edition.id}",
        "deputies": "/admin/deputies/", "planned": "/admin/planned/",
    }  # fmt: skip


def _clocked(office: Office, kept: Document) -> dict[str, int]:
    """Editions of which the clock, a merger or an old address has something to say."""
    at, by = datetime.now(UTC), office.people["publisher"].id
    scheduled, failed = (
        office.approved("关于元旦放假期间政务服务安排的公告"),
        office.approved("关于更换印章的公告"),
    )
    for edition in (scheduled, failed):
        operations.schedule(edition, at + timedelta(days=3 if edition is scheduled else 1), by=by, at=at)
    failed.document.channel = None
    operations.publish_due(at + timedelta(days=2))
    merged = office.published("青崖县2026年预算公开（重复）")
    operations.merge(merged, kept, by=by, at=at)
    operations.keep_old_addresses(
        kept, ["http://old.example/art/2026/3/15/art_1234_567890.html"], by=None, at=at
    )
    db.session.commit()
    return {"scheduled": scheduled.id, "failed": failed.id, "merged": merged.id}


def _service(office: Office):
    office.set(separate_administrators=False)
    for role in Role:  # one who sees every screen
        sign_in.grant_role(
            office.people["deputy"], role, None, by=None, at=office.people["editor"].created_at
        )
    edition = operations.create_document(
        DocumentKind.SERVICE,
        organ=office.finance,
        channel=None,
        site_id=office.site.id,
        values={
            "title": "林木采伐许可（集体林和个人承包林）", "item_category": ItemCategory.LICENCE, "subject_nature": SubjectNature.STATUTORY,
            "legal_basis": [{"citation": "《中华人民共和国森林法》第五十六条", "rank": LawRank.LAW, "wording": "采伐林地上的林木应当申请采伐许可证。"}],
            "materials": [{"name": "林木采伐申请表", "format": "原件", "is_required": True, "copies": 1}],
            "flow": [{"key": "s", "kind": "start", "name": "申请"}, {"key": "e", "kind": "end", "name": "发证"}],
            "faq": [{"question": "自留山要办吗？", "answer": "要办。"}],
        },
        by=office.people["editor"].id,
        at=office.people["editor"].created_at,
    )  # fmt: skip
    db.session.commit()
    return edition


def test_every_screen_is_accessible_fits_and_keeps_the_policy(office, address, chromium, tmp_path):
    """U1: no serious or critical finding of axe; S4: no breach of the policy; no sideways scroll."""
    screens = furnish(office)
    walk = Walk(chromium, address)
    found = _look(walk, "sign-in", "/admin/sign-in", tmp_path)
    office.set(separate_administrators=True)
    walk.sign_in("deputy")
    found += _look(walk, "separate", "/admin/organs/", tmp_path)
    found += _look(walk, "password", "/admin/password", tmp_path)
    office.set(separate_administrators=False)
    walk.complaints[:] = [each for each in walk.complaints if "403" not in each]  # that page's own answer
    for name, path in screens.items():
        found += _look(walk, name, path, tmp_path)

    assert found == []
    assert walk.complaints == []


def _look(walk: Walk, name: str, path: str, folder: Path) -> list[str]:
    """What is wrong with a screen at any width; of each fault there is a picture in the folder."""
    walk.page.goto(path)
    walk.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    grave: list[str] = []
    for width, pixels in WIDTHS.items():
        walk.page.set_viewport_size({"width": pixels, "height": 900})
        found = _faults(walk.page)
        if found:
            walk.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        grave += [f"{name}-{width}: {fault}" for fault in found]
    return grave


def _faults(page: Page) -> list[str]:
    faults = [
        f"{violation['id']} {[node['target'] for node in violation['nodes']][:3]}"
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        faults.append("scrolls sideways")
    return faults


def test_a_reviewer_looks_ahead_and_hands_on_a_link_that_needs_no_account(
    office, address, chromium, tmp_path
):
    """Without a script; the page behind the link is accessible, and has the style of the site once there is one."""
    edition = office.submitted("关于开展安全生产大检查的通知")
    office.bring_live()
    walk = Walk(chromium, address, script=False)
    walk.sign_in("reviewer")
    page = walk.page
    page.goto(f"/admin/disclosures/details/?id={edition.id}")
    page.get_by_role("link", name="发布后公开网站的变化").click()
    page.get_by_text("没有发现妨碍发布的问题。").wait_for()
    page.get_by_role("link", name="返回稿件").click()
    page.get_by_label("有效天数").select_option(label="7 天")
    page.get_by_role("button", name="生成预览链接").click()
    link = page.get_by_role("textbox", name="预览链接").input_value()

    stranger = Walk(chromium, address)
    stranger.page.goto(link.removeprefix("http://localhost"))

    stranger.page.get_by_role("heading", name="关于开展安全生产大检查的通知", level=1).wait_for()
    assert walk.complaints == []
    lost = Walk(chromium, address)
    assert _look(lost, "no-preview", "/admin/preview/nonsense", tmp_path) == []


def test_an_editor_writes_with_preview_and_a_reviewer_approves(office, address, chromium):
    """Journey of an editor and a reviewer, with scripts."""
    editor = Walk(chromium, address)
    editor.sign_in("editor")
    page = editor.page
    page.get_by_role("link", name="新建信息").click()
    page.get_by_label("信息标题").fill("关于开展安全生产大检查的通知")
    page.get_by_label("所属栏目").select_option(label="　　财政预算决算")
    page.get_by_role("textbox", name="正文").fill("## 一、时间\n\n**三月**底前完成。")
    page.frame_locator("iframe[title=公开页面预览]").locator("strong").wait_for()
    page.get_by_role("button", name="保存并送审").last.click()
    page.get_by_text("已送审，等待审核员审核。").wait_for()

    reviewer = Walk(chromium, address)
    reviewer.sign_in("reviewer")
    reviewer.page.get_by_role("link", name="关于开展安全生产大检查的通知").click()
    reviewer.page.get_by_label("已完成保密审查").check()
    reviewer.page.get_by_role("button", name="通过").click()
    reviewer.page.get_by_text("审核已通过，等待发布。").wait_for()
    assert editor.complaints == reviewer.complaints == []


@pytest.mark.parametrize("script", [True, False])
def test_a_publisher_schedules_and_merges_with_and_without_a_script(office, address, chromium, script):
    edition, kept, double = (
        office.approved("定时的公告"),
        office.published("保留的公告"),
        office.published("重复的公告"),
    )
    number, number_of_kept = edition.id, kept.document.number
    moment = datetime.now(COUNTY_ZONE) + timedelta(days=2)
    walk = Walk(chromium, address, script=script)
    walk.sign_in("publisher")
    page = walk.page

    page.goto(f"/admin/disclosures/details/?id={number}")
    page.get_by_text("定时发布…").click()
    page.get_by_label("发布时间").fill(moment.strftime("%Y-%m-%dT09:30"))
    page.get_by_role("button", name="确认定时发布").click()
    page.get_by_text(f"定于 {moment:%Y-%m-%d} 09:30 自动发布").wait_for()
    page.get_by_role("button", name="取消定时").click()
    page.get_by_text("已取消定时，稿件等待发布。").wait_for()
    page.goto(f"/admin/disclosures/details/?id={double.id}")
    page.get_by_text("撤回…").click()
    page.get_by_label("撤回原因").select_option(label="与其他信息重复")
    page.get_by_label("并入").fill(number_of_kept or "")
    page.get_by_role("button", name="确认撤回").click()

    page.get_by_role("link", name="保留的公告").wait_for()
    assert walk.complaints == []


def test_rows_work_without_a_script_and_enter_saves_instead_of_moving_rows(office, address, chromium):
    walk = Walk(chromium, address, script=False)
    walk.sign_in("editor")
    page = walk.page
    page.goto("/admin/services/new/")
    page.get_by_label("事项名称").fill("乡村医生执业注册")
    page.get_by_label("实施机构").select_option(label="青崖县财政局")
    page.get_by_label("材料名称").fill("执业申请表")
    page.get_by_role("button", name="再加一份材料").click()
    assert page.get_by_label("材料名称").count() == 2
    page.get_by_label("材料名称").last.fill("身份证明")
    page.locator("#materials").get_by_role("button", name="第2项上移").click()
    assert page.get_by_label("材料名称").first.input_value() == "身份证明"
    page.get_by_label("事项名称").press("Enter")
    page.get_by_text("草稿已保存。").wait_for()
    assert page.get_by_text("身份证明").count()
