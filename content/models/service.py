"""The guide of a service item (requirements §15.2: form A1, base 1, guide page)."""

import enum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.models.document import DocumentKind, Edition
from content.models.parts import ItemQuestion, LegalBasis, Material, ServiceForm
from database import stored_as_value


class ItemCategory(enum.Enum):
    """事项分类 (C-02, B-22): the seven of the guide's catalogue head in its order, then today's further kinds."""

    LICENCE = "行政许可"
    LEVY = "行政征收"
    APPROVAL = "行政审批"
    CONFIRMATION = "行政确认"
    AGENCY = "代理事项"
    OTHER = "其他"
    CONVENIENCE = "便民服务"
    BENEFIT = "行政给付"
    REWARD = "行政奖励"
    ADJUDICATION = "行政裁决"
    INSPECTION = "行政检查"
    COMPULSION = "行政强制"
    PENALTY = "行政处罚"
    PUBLIC_SERVICE = "公共服务"


class SubjectNature(enum.Enum):
    """主体性质 (B-26)."""

    STATUTORY = "法定机关"
    AUTHORISED = "授权组织"
    ENTRUSTED = "受委托单位"


class LimitUnit(enum.Enum):
    """The unit of a time limit; 行政许可法 art. 82 counts working days."""

    WORKING_DAY = "工作日"
    CALENDAR_DAY = "日"
    MONTH = "月"
    YEAR = "年"
    HOUR = "小时"
    AT_ONCE = "即时"
    NONE = "无"  # 没有法定期限


class HandlingType(enum.Enum):
    """办件类型 (F-01)."""

    IMMEDIATE = "即办件"
    PROMISED = "承诺件"
    SUPPLEMENT = "补办件"
    REPORTED = "上报件"
    JOINT = "联办件"


class OperationStage(enum.Enum):
    """M-05: an item runs on trial or formally."""

    TRIAL = "试运行"
    FORMAL = "正式运行"


class ServiceEdition(Edition):
    """An edition of a service item's guide (办事指南稿件); `title` is 事项名称, `body` its introduction."""

    __tablename__ = "service_edition"

    id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    item_category: Mapped[ItemCategory | None] = mapped_column(stored_as_value(ItemCategory), index=True)
    item_content: Mapped[str] = mapped_column(Text, default="")  # 内容 (B-04)
    handling_subject: Mapped[str] = mapped_column(String(200), default="")  # 办理主体
    subject_nature: Mapped[SubjectNature | None] = mapped_column(stored_as_value(SubjectNature))
    entrusting_unit: Mapped[str] = mapped_column(String(200), default="")  # 委托单位名称
    handling_department: Mapped[str] = mapped_column(String(200), default="")  # 办理部门, down to the section
    acceptance_conditions: Mapped[str] = mapped_column(Text, default="")  # 受理条件, one a line
    is_charged: Mapped[bool | None]  # 是否涉及收费; None: not said
    fee_basis_and_standard: Mapped[str] = mapped_column(Text, default="")
    legal_limit: Mapped[str] = mapped_column(String(200), default="")  # 法定期限, as published
    legal_limit_value: Mapped[int | None]
    legal_limit_unit: Mapped[LimitUnit | None] = mapped_column(stored_as_value(LimitUnit))
    promised_limit: Mapped[str] = mapped_column(String(200), default="")  # 承诺期限, as published
    promised_limit_value: Mapped[int | None]
    promised_limit_unit: Mapped[LimitUnit | None] = mapped_column(stored_as_value(LimitUnit))
    excluded_steps: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list
    )  # 不计入期限的环节: name, explanation, days
    handling_place: Mapped[str] = mapped_column(String(300), default="")
    office_hours: Mapped[str] = mapped_column(String(300), default="")
    contact_phone: Mapped[str] = mapped_column(String(100), default="")
    supervision_phone: Mapped[str] = mapped_column(String(100), default="")
    handling_type: Mapped[HandlingType | None] = mapped_column(stored_as_value(HandlingType))
    online_handling_url: Mapped[str] = mapped_column(String(500), default="")
    flow: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list
    )  # 权力运行流程, checked by procedure.flow
    form: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # 电子表单, comes with the counter
    discretion: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # 裁量基准: scope, kinds, degrees
    published_only: Mapped[bool] = mapped_column(default=False)  # shown, never applied for
    audience: Mapped[list[str]] = mapped_column(JSON, default=list)  # 个人、企业
    life_events: Mapped[list[str]] = mapped_column(JSON, default=list)
    visit_count: Mapped[int | None]  # 到办事现场次数; None: not said
    results_published: Mapped[bool | None]  # whether closed cases are listed for all; None: by category
    result_name: Mapped[str] = mapped_column(String(200), default="")
    result_delivery: Mapped[str] = mapped_column(String(200), default="")
    operation_stage: Mapped[OperationStage] = mapped_column(
        stored_as_value(OperationStage), default=OperationStage.FORMAL
    )

    legal_basis: Mapped[list[LegalBasis]] = relationship(
        order_by=LegalBasis.position, cascade="all, delete-orphan", passive_deletes=True
    )
    materials: Mapped[list[Material]] = relationship(
        order_by=Material.position, cascade="all, delete-orphan", passive_deletes=True
    )
    service_forms: Mapped[list[ServiceForm]] = relationship(
        order_by=ServiceForm.position, cascade="all, delete-orphan", passive_deletes=True
    )
    faq: Mapped[list[ItemQuestion]] = relationship(
        order_by=ItemQuestion.position, cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__ = {"polymorphic_identity": DocumentKind.SERVICE}
