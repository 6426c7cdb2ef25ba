"""The form of a service item's guide: every field of requirements §15.2–15.3 and its sub-records."""

import re
from typing import Any

from wtforms.fields import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]

from admin.editions.disclosure_form import AttachmentRow, ExtraRow, common_values, merged_extra
from admin.editions.uploads import reference, referred
from admin.forms import Line, Moment, Number, OfficeForm, Paragraphs, Pick, Rows, YesNo
from admin.organ_pick import OrganPick
from content.errors import Fault
from content.files import StoredFile
from content.flow_rows import flow_from_rows, rows_from_flow
from content.models import (
    Attachment,
    Edition,
    HandlingType,
    ItemCategory,
    LawRank,
    OperationStage,
    ServiceEdition,
    SubjectNature,
)
from content.operations.parts import FILES

FLOW_KINDS = [
    SelectChoice(kind, label)
    for kind, label in (("step", "办理"), ("start", "开始"), ("condition", "判断"), ("end", "结束"))
]


class BasisRow(OfficeForm):
    """行使依据."""

    citation = Line("依据", longest=500, hint="例如：《中华人民共和国森林法》第五十六条")
    clause = Line("条款", longest=200)
    rank = Pick("效力级别", members=LawRank, blank="按法规库")
    wording = Paragraphs("条文内容", rows=3)


class MaterialRow(OfficeForm):
    """申请材料."""

    name = Line("材料名称", longest=300)
    format = Line("格式", longest=100, hint="原件、复印件、电子件")
    carrier = Line("载体", longest=100, hint="纸质、电子")
    submission_method = Line("报送方式", longest=100)
    storage_requirement = Line("存储要求")
    is_required = YesNo("是否必要")
    copies = Number("份数", largest=99)
    note = Paragraphs("填报须知", rows=2)


class FormRow(OfficeForm):
    """服务表格."""

    form_no = Line("表格编号", longest=60)
    form_name = Line("表格名称")
    brief_note = Line("简要说明", longest=300)
    form_description = Paragraphs("表格描述", rows=2)
    filling_notes = Paragraphs("填表须知", rows=2)
    reference = HiddenField()
    display_name = Line("文件名称", longest=150)
    drop_file = BooleanField("移除这个文件")
    sample_reference = HiddenField()
    drop_sample = BooleanField("移除示范文本")


class QuestionRow(OfficeForm):
    """常见问题."""

    question = Paragraphs("问题", rows=2)
    answer = Paragraphs("解答", rows=3)


class FlowRow(OfficeForm):
    """流程环节."""

    key = Line("标识", longest=30, hint="字母或数字，供“流向”引用")
    name = Line("环节名称", longest=100)
    kind = SelectField("类型", choices=FLOW_KINDS)
    post = Line("岗位", longest=100)
    person = Line("人员", longest=60)
    duty = Paragraphs("职责", rows=2)
    authority = Line("权限")
    limit = Line("时限说明", longest=100)
    limit_days = Line("时限（工作日）", longest=8)
    next = Line("流向", longest=300, hint="留空为下一行；多个用分号隔开，判断写“相符：grant；不符：reject”")


class StepRow(OfficeForm):
    """不计入期限的环节."""

    name = Line("环节", longest=100)
    explanation = Line("说明", longest=500)
    days = Number("天数", largest=999)


class DegreeRow(OfficeForm):
    """裁量幅度."""

    circumstance = Line("情形", longest=500)
    standard = Line("裁量标准", longest=500)


class ServiceItemForm(OfficeForm):
    """政务服务事项."""

    version = HiddenField()
    title = Line("事项名称", required=True, hint="与权责清单一致；200字以内。")
    organ = OrganPick("实施机构", blank="请选择")
    item_category = Pick("事项分类", members=ItemCategory, blank="请选择")
    operation_stage = Pick("运行阶段", members=OperationStage)
    published_only = BooleanField("仅公布，不在网上接受申请")
    expires_at = Moment(
        "到期撤下时间", hint="按北京时间；到时页面自动撤下，注明“内容已经失效”。长期公开的留空。"
    )
    item_content = Paragraphs("事项内容", rows=3)
    body = Paragraphs("事项说明", rows=8, longest=500_000)
    summary = Paragraphs("内容概述", rows=2, longest=2000, hint="显示在列表和搜索结果中。")
    handling_subject = Line("办理主体")
    subject_nature = Pick("主体性质", members=SubjectNature, blank="请选择")
    entrusting_unit = Line("委托单位名称", hint="主体性质为受委托单位时必填。")
    handling_department = Line("办理部门", hint="写到科室。")
    acceptance_conditions = Paragraphs("受理条件", rows=5, hint="每行一条。")
    handling_type = Pick("办件类型", members=HandlingType, blank="未说明")
    legal_limit = Line("法定期限", hint="例如：20个工作日；没有法定期限的写“无”。")
    promised_limit = Line("承诺期限", hint="例如：5个工作日；不得超过法定期限。")
    is_charged = YesNo("是否收费", yes="收费", no="不收费")
    fee_basis_and_standard = Paragraphs("收费依据和标准", rows=3)
    handling_place = Line("办理地点", longest=300)
    office_hours = Line("办公时间", longest=300)
    contact_phone = Line("联系电话", longest=100)
    supervision_phone = Line("监督电话", longest=100)
    online_handling_url = Line("在线办理链接", longest=500, hint="上级系统的办理地址；处罚事项不填。")
    audience = Line("服务对象", hint="用顿号分开，例如：个人、企业。")
    life_events = Line("生活事件", hint="用顿号分开，例如：开办企业、生育。")
    result_name = Line("办理结果")
    result_delivery = Line("结果送达方式")
    visit_count = Number("到场次数", largest=20, hint="申请人需要到现场几次；全程网办填 0。")
    results_published = YesNo(
        "办理结果是否公开",
        yes="公开",
        no="不公开",
        description="不选：行政许可、行政审批和行政处罚公开，其余不公开。",
    )
    legal_basis = Rows(
        "行使依据", BasisRow, hint="按效力从高到低排列，保存时自动排序。", add_label="再加一条依据"
    )
    materials = Rows("申请材料", MaterialRow, add_label="再加一份材料")
    service_forms = Rows("服务表格", FormRow, add_label="再加一张表格")
    flow = Rows("办理流程", FlowRow, hint="从开始到结束，一行一个环节。", add_label="再加一个环节")
    excluded_steps = Rows("不计入期限的环节", StepRow)
    faq = Rows("常见问题", QuestionRow, add_label="再加一问")
    discretion_scope = Paragraphs("裁量范围", rows=2, hint="行政处罚事项必填。")
    discretion_kinds = Paragraphs("处罚种类", rows=3, hint="每行一种。")
    degrees = Rows("裁量幅度", DegreeRow)
    attachments = Rows("附件", AttachmentRow)
    extra = Rows("其他元数据", ExtraRow)


GROUPS = (
    (
        "基本信息",
        (
            "title",
            "organ",
            "item_category",
            "operation_stage",
            "published_only",
            "expires_at",
            "item_content",
            "summary",
        ),
    ),
    ("事项说明", ("body",)),
    ("行使依据", ("legal_basis",)),
    ("办理主体", ("handling_subject", "subject_nature", "entrusting_unit", "handling_department")),
    ("受理条件与期限", ("acceptance_conditions", "handling_type", "legal_limit", "promised_limit")),
    ("不计入期限的环节", ("excluded_steps",)),
    ("申请材料", ("materials",)),
    ("收费", ("is_charged", "fee_basis_and_standard")),
    (
        "办理地点与联系",
        (
            "handling_place",
            "visit_count",
            "office_hours",
            "contact_phone",
            "supervision_phone",
            "online_handling_url",
        ),
    ),
    ("办理流程", ("flow",)),
    ("办理结果与对象", ("result_name", "result_delivery", "results_published", "audience", "life_events")),
    ("服务表格", ("service_forms",)),
    ("常见问题", ("faq",)),
    ("裁量基准（行政处罚）", ("discretion_scope", "discretion_kinds", "degrees")),
    ("附件", ("attachments",)),
    ("其他元数据", ("extra",)),
)
FORM_TEXTS = ("form_no", "form_name", "brief_note", "form_description", "filling_notes")
LISTED = ("audience", "life_events")
SPECIAL = {
    "version", "organ", "attachments", "extra", "service_forms", "flow", "excluded_steps", "discretion_scope",
    "discretion_kinds", "degrees", "legal_basis", "materials", "faq", *LISTED,
}  # fmt: skip
PLAIN = tuple(name for _heading, names in GROUPS for name in names if name not in SPECIAL)
NAMED_BY = {
    "legal_basis": ("citation", "依据"),
    "materials": ("name", "材料名称"),
    "faq": ("question", "问题"),
    "excluded_steps": ("name", "环节名称"),
    "degrees": ("circumstance", "情形"),
}
PARTS = ("legal_basis", "materials", "faq")


def typed_values(form: OfficeForm, edition: Edition | None) -> dict[str, Any]:
    """What the form says, as save_draft takes it; forms to download come apart, for their files are stored first.

    Raises: Fault when a row lacks its name or the flow cannot be read.
    """
    for name, (part, label) in NAMED_BY.items():
        if any(not row[part] for row in form[name].filled()):
            raise Fault(f"“{form[name].label.text}”中有一行没有填写{label}。", name)
    values: dict[str, Any] = {name: form[name].data for name in PLAIN}
    values |= {name: form[name].filled() for name in PARTS}
    values |= {name: _listed(form[name].data) for name in LISTED}
    values["excluded_steps"] = form["excluded_steps"].filled()
    values["flow"] = flow_from_rows(form["flow"].filled())
    values["discretion"] = _discretion(form)
    values["extra"] = merged_extra(form["extra"].filled(), edition)
    return values


def form_files(form: OfficeForm) -> list[tuple[StoredFile | None, StoredFile | None]]:
    """The blank file and the filled sample of each form to download, None where there is none."""
    return [
        (
            None if row["drop_file"] else referred(row["reference"], row["display_name"]),
            None if row["drop_sample"] else referred(row["sample_reference"]),
        )
        for row in form["service_forms"].filled()
    ]


def service_forms(form: OfficeForm, attachments: dict[tuple[str, str], Attachment]) -> list[dict[str, Any]]:
    """The forms to download as save_draft takes them, once their files are attachments."""
    rows = []
    for row, (file, sample) in zip(form["service_forms"].filled(), form_files(form), strict=True):
        values = {name: value for name, value in row.items() if name in FORM_TEXTS}
        if not values["form_name"]:
            if file is None:
                raise Fault("“服务表格”中有一行没有填写表格名称。", "service_forms")
            values["form_name"] = file.display_name.rpartition(".")[0]
        for name, kept in zip(FILES, (file, sample), strict=True):
            values[name] = attachments[kept.sha256, kept.suffix].id if kept else None
        rows.append(values)
    return rows


def shown_values(edition: ServiceEdition) -> dict[str, Any]:
    """What an edition holds, as the form takes it."""
    values = {name: getattr(edition, name) for name in PLAIN} | common_values(edition)
    values |= {name: "、".join(str(part) for part in getattr(edition, name)) for name in LISTED}
    values["legal_basis"] = [
        {
            "citation": b.citation,
            "clause": b.clause,
            "rank": b.law.rank if b.law else None,
            "wording": b.wording,
        }
        for b in edition.legal_basis
    ]
    values["materials"] = [_parts(MaterialRow, part) for part in edition.materials]
    values["faq"] = [_parts(QuestionRow, part) for part in edition.faq]
    values["service_forms"] = [_form_row(part) for part in edition.service_forms]
    own = {getattr(part, name) for part in edition.service_forms for name in FILES}
    values["attachments"] = [
        {"reference": reference(file), "display_name": file.display_name}
        for file in edition.attachments
        if file.id not in own
    ]
    values["flow"] = rows_from_flow(edition.flow)
    values["excluded_steps"] = [
        {name: row.get(name) for name in ("name", "explanation", "days")} for row in edition.excluded_steps
    ]
    discretion = edition.discretion or {}
    values["discretion_scope"] = discretion.get("scope") or ""
    values["discretion_kinds"] = "\n".join(str(kind) for kind in discretion.get("kinds") or [])
    values["degrees"] = [row for row in discretion.get("degrees") or [] if isinstance(row, dict)]
    return values


def _listed(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[、,，;；\s]+", text) if part.strip()]


def _discretion(form: OfficeForm) -> dict[str, Any] | None:
    kinds = [line.strip() for line in form["discretion_kinds"].data.splitlines() if line.strip()]
    discretion = {"scope": form["discretion_scope"].data, "kinds": kinds, "degrees": form["degrees"].filled()}
    return discretion if any(discretion.values()) else None


def _parts(row: type[OfficeForm], part: Any) -> dict[str, Any]:
    return {name: getattr(part, name) for name in row()._fields}


def _form_row(part: Any) -> dict[str, Any]:
    values = {name: getattr(part, name) for name in FORM_TEXTS}
    if part.attachment:
        values |= {"reference": reference(part.attachment), "display_name": part.attachment.display_name}
    if part.sample_attachment:
        values["sample_reference"] = reference(part.sample_attachment)
    return values
