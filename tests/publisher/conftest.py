"""A small county with something in every column, made through the operations of content."""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import publisher
from cases import operations as cases
from cases.models import Application, Case, CaseOutcome
from cases.rules import ApplicationInput, ItemSnapshot
from commands.publishing import changes_of, waiting
from config import Settings
from content import founding, operations, queries
from content.models import Attachment, DocumentKind, Edition, HandlingType, ItemCategory, SubjectNature
from county import ledger
from county.calendar import load_calendar
from county.keys import Keyring
from county.organs import Organ, OrganKind
from county.privacy import find_personal_data
from county.regions import Site, the_site
from database import db
from tests.beginnings import begin_with
from tests.searched import taken_as_clean

GUIDE = {
    "item_category": ItemCategory.LICENCE,
    "item_content": "从事食品生产的经营者依法取得许可。",
    "handling_subject": "青崖县市场监督管理局",
    "subject_nature": SubjectNature.STATUTORY,
    "handling_department": "行政审批科",
    "acceptance_conditions": "具有与生产相适应的场所\n有专职的食品安全管理人员",
    "is_charged": False,
    "legal_limit": "20个工作日",
    "promised_limit": "10个工作日",
    "handling_place": "县政务服务中心二楼3号窗口",
    "office_hours": "工作日 8:30-12:00，14:30-18:00",
    "contact_phone": "0990-4620001",
    "supervision_phone": "0990-4620002",
    "handling_type": HandlingType.PROMISED,
    "audience": ["企业"],
    "life_events": ["开办餐饮店"],
    "result_name": "食品生产许可证",
    "flow": [{"name": "受理", "limit_days": 1}, {"name": "审查", "post": "审批岗"}, {"name": "办结"}],
    "excluded_steps": [{"name": "现场核查", "explanation": "核查所需时间不计入", "days": 10}],
    "legal_basis": [
        {
            "citation": "《中华人民共和国食品安全法》",
            "clause": "第三十五条",
            "wording": "国家对食品生产经营实行许可制度。",
        }
    ],
    "materials": [{"name": "食品生产许可申请书", "is_required": True, "copies": 1, "carrier": "纸质"}],
    "faq": [{"question": "许可证有效期几年？", "answer": "五年。"}],
}
PENALTY = {
    "item_category": ItemCategory.PENALTY,
    "handling_subject": "青崖县市场监督管理局",
    "supervision_phone": "0990-4620002",
    "legal_basis": GUIDE["legal_basis"],
    "discretion": {
        "scope": "未经许可生产食品",
        "kinds": ["罚款", "没收违法所得"],
        "degrees": "五万元以上十万元以下",
    },
}


APPLICANT = ApplicationInput(
    applicant_kind="自然人", applicant_name="王小明", id_kind="resident_id", id_number="11010519491231002X",
    phone="13912345678", statement="申请人王小明，请尽快办理。",
)  # fmt: skip


@dataclass
class SmallCounty:
    """What tests need to write and publish."""

    site: Site
    organ: Organ
    township: Organ
    uploads: Path
    now: datetime

    def disclosure(
        self, title: str = "关于公布办事指南的通知", *, channel: str = "gfxwj", **given: Any
    ) -> Edition:
        """A disclosure that is live; `organ` and `files` (name to bytes) may be given."""
        files: Mapping[str, bytes] = given.pop("files", {})
        organ = given.pop("organ", self.organ)
        values = {
            "title": title,
            "body": "现将有关事项通知如下，请遵照执行。",
            "published_on": self.now.date(),
            **given,
        }
        edition = operations.create_document(
            DocumentKind.DISCLOSURE, organ=organ, channel=queries.channel_by_code(channel), site_id=self.site.id,
            values=values, by=None, at=self.now,
        )  # fmt: skip
        for name, content in files.items():
            edition.attachments.append(self.attach(name, content))
        db.session.flush()
        return self._live(edition)

    def service(self, title: str = "食品生产许可", **given: Any) -> Edition:
        edition = operations.create_document(
            DocumentKind.SERVICE, organ=given.pop("organ", self.organ), channel=None, site_id=self.site.id,
            values={"title": title, **(given.pop("base", GUIDE)), **given}, by=None, at=self.now,
        )  # fmt: skip
        return self._live(edition)

    def _live(self, edition: Edition) -> Edition:
        """Publish; a text that the desk would stop is set afterwards, as if it had got past it."""
        written = {name: getattr(edition, name) for name in ("title", "summary", "body_html")}
        for name, text in written.items():
            if find_personal_data(text):
                setattr(edition, name, "无关的文字")
        operations.take_over(edition, source="旧站", by=None, at=self.now)
        for name, text in written.items():
            setattr(edition, name, text)
        db.session.commit()
        return edition

    def question(self, text: str = "周末能办理吗？", answer: str = "周六上午可以办理。", **given: Any) -> int:
        values = {
            "question": text, "answer": answer, "organ": self.organ, "site_id": self.site.id,
            "answered_on": self.now.date(), **given,
        }  # fmt: skip
        question = operations.save_question(None, values, publish=True, by=None, at=self.now)
        db.session.commit()
        return question.id

    def attach(self, name: str, content: bytes) -> Attachment:
        digest, suffix = hashlib.sha256(content).hexdigest(), Path(name).suffix
        file = self.uploads / digest[:2] / f"{digest}{suffix}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        attachment = Attachment(display_name=name, sha256=digest, suffix=suffix, size_bytes=len(content))
        taken_as_clean(attachment)
        return attachment


@pytest.fixture
def small_county(app, settings: Settings, now: datetime) -> SmallCounty:
    """A region with its site, the standard channels, one department and one township; nothing published."""
    begin_with(f"small county {now}", lambda: found_small_county(now))
    return the_county(settings, now)


def found_small_county(now: datetime) -> None:
    site = founding.found("青崖县", "990123", at=now)
    site.domain, site.identity_code, site.contact_phone = "www.qingya.example", "9901230001", "0990-4620000"
    site.is_sample = True
    organ = Organ(
        code="990123-SC", name="青崖县市场监督管理局", short_name="县市场监管局", letters="SC", subject_code="020",
        uscc="11990123010523650X", region=site.region, phone="0990-4620010", address="青崖县城关镇北街12号",
        supervision_phone="0990-4620011",
    )  # fmt: skip
    township = Organ(
        code="990123-CG", name="青崖县城关镇人民政府", short_name="城关镇", kind=OrganKind.TOWNSHIP, letters="CG",
        uscc="119901230105236600", region=site.region, phone="0990-4620020", supervision_phone="0990-4620021",
    )  # fmt: skip
    db.session.add_all([organ, township])
    db.session.commit()


def the_county(settings: Settings, now: datetime) -> SmallCounty:
    site = the_site()
    assert site is not None
    organs = {organ.code: organ for organ in db.session.scalars(db.select(Organ))}
    return SmallCounty(site, organs["990123-SC"], organs["990123-CG"], settings.upload_folder, now)


@pytest.fixture
def county(app, settings: Settings, now: datetime) -> SmallCounty:
    """The small county with something in every column."""

    def make() -> None:
        found_small_county(now)
        _furnish(the_county(settings, now))

    begin_with(f"county {now}", make)
    return the_county(settings, now)


def _furnish(small_county: SmallCounty) -> None:
    file = {"公告附表.pdf": b"%PDF-1.4 small table"}
    small_county.disclosure("青崖县城区供水管网改造公告", files=file)
    for number in range(45):
        day = small_county.now.date() - timedelta(days=number)
        small_county.disclosure(f"第{number}号工作动态", channel="ghjh", published_on=day)
    small_county.disclosure("城关镇惠农补贴发放公示", channel="xzxx", organ=small_county.township)
    item = small_county.service()
    small_county.service("对未经许可生产食品的处罚", base=PENALTY)
    small_county.question(document=item.document)


@dataclass
class PublishingHouse:
    """Publishes the test's installation the way its edges do: with a commit after each step."""

    place: publisher.Place
    now: datetime

    def build(self, *, at: datetime | None = None, out: Path | None = None, **given: Any) -> publisher.Report:
        """The whole site into a tree of its own, or into a folder."""
        if out is not None:
            return publisher.build_into(out, self.place, name=out.name)
        with self._alone():
            return self._brought(publisher.prepare_build(self.place, at=at or self.now, **given))

    def publish(self, changes: publisher.Changes | None = None, **given: Any) -> publisher.Report | None:
        """What is owed, or these changes, into the live tree."""
        if changes is None:
            errands = waiting(datetime(2100, 1, 1, tzinfo=UTC))  # tests may be ahead of the clock
            changes = changes_of(errands)
            for errand in errands:
                ledger.settle(errand, at=self.now)
        with self._alone():
            prepared = publisher.prepare(self.place, changes, at=self.now, **given)
            return self._brought(prepared) if prepared else None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with publisher.one_publisher(self.place.site_folder):
            try:
                publisher.finish(self.place, at=self.now)
                db.session.commit()
                yield
            except BaseException:
                db.session.rollback()
                raise

    def _brought(self, prepared: publisher.Prepared) -> publisher.Report:
        db.session.commit()
        report = publisher.carry_out(self.place, prepared, at=self.now)
        db.session.commit()
        publisher.tidy(self.place)
        return publisher.compressed(self.place, prepared, report)


@pytest.fixture
def house(app, settings: Settings, now: datetime) -> PublishingHouse:
    """Who publishes the site of the test's installation."""
    place = publisher.Place(settings.site_folder, settings.upload_folder, settings.public_url, keep=5)
    return PublishingHouse(place, now)


@pytest.fixture
def build(house: PublishingHouse) -> Callable[..., publisher.Report]:
    """Builds the whole site of the test's installation."""
    return house.build


@pytest.fixture
def live(settings: Settings) -> Callable[[str], str]:
    """The text of a page of the live tree, by its address."""

    def text(url: str) -> str:
        return (
            settings.live_tree / (url.lstrip("/") + ("index.html" if url.endswith("/") else ""))
        ).read_text(encoding="utf-8")

    return text


def close_case(
    item: Edition, *, by: int | None, at: datetime, name: str = "", outcome: CaseOutcome = CaseOutcome.GRANTED
) -> Case:
    """A case of an item from its application to its result; `name` is what a clerk calls it."""
    document = item.document
    snapshot = ItemSnapshot(document.number or "", item.title, document.organ_id, item.id)
    keyring = Keyring(b"k" * 32)
    cases.receive(APPLICANT, item=snapshot, keyring=keyring, ticket=secrets.token_urlsafe(32), at=at)
    application = db.session.scalars(db.select(Application).order_by(Application.id.desc())).first()
    assert application is not None
    case = cases.accept(application, by=by, at=at, calendar=load_calendar())  # type: ignore[arg-type]
    case.name = name or case.name
    cases.decide(case, outcome, "理由只说给申请人：王小明", by=by, at=at)  # type: ignore[arg-type]
    db.session.flush()
    return case


def day(text: str) -> date:
    return date.fromisoformat(text)
