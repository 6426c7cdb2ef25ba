"""The names under which rows give their fields: English as in the contract, Chinese as in the guide's forms. Data only.

The first Chinese name is the one used in messages and is known to the export as well.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from exchange.errors import UnreadableValueError

Fields = Mapping[str, tuple[str, ...]]

REGIONS: Fields = {
    "code": ("行政区划代码", "区划代码", "代码"),
    "name": ("行政区划名称", "区划名称", "名称"),
    "parent": ("上级行政区划", "上级", "上级代码"),
    "level": ("行政层级", "层级", "级别"),
}
ORGANS: Fields = {
    "code": ("机构代码", "代码", "部门编码"),
    "name": ("机构名称", "名称", "部门名称", "单位名称"),
    "short_name": ("机构简称", "简称"),
    "parent": ("上级机构", "上级", "上级代码"),
    "kind": ("机构类型", "机构性质", "类型"),
    "region": ("行政区划代码", "行政区划", "区划代码"),
    "uscc": ("统一社会信用代码", "信用代码"),
    "letters": ("部门业务代码",),
    "subject_code": ("行政主体代码", "serial3"),
    "address": ("办公地址", "地址"),
    "phone": ("联系电话", "电话", "办公电话"),
    "supervision_phone": ("监督电话", "投诉电话"),
    "office_hours": ("办公时间", "办理时间"),
    "id": (),
}
CHANNELS: Fields = {
    "code": ("栏目代码", "代码"),
    "name": ("栏目名称", "名称"),
    "parent": ("上级栏目", "上级", "上级代码"),
    "kind": ("栏目类型", "类型"),
    "update_within_days": ("更新期限", "更新周期"),
    "update_within_months": ("更新期限（月）",),
    "confirm_within_months": ("确认期限（月）",),
    "description": ("栏目说明", "说明"),
    "position": ("排序", "序号"),
    "id": (),
}
CALENDAR: Fields = {
    "date": ("日期",),
    "is_working": ("是否上班", "是否工作日", "上班"),
    "name": ("名称", "节日名称", "说明"),
    "source": ("来源", "依据"),
}
DISCLOSURES: Fields = {
    "id": (),
    "index_no": ("索引号",),
    "title": ("信息标题", "标题", "信息名称", "文件名称"),
    "organ": ("发布部门", "发布机构", "发布单位"),
    "channel": ("所属栏目", "栏目"),
    "published_on": ("发布日期", "公开日期", "date"),
    "produced_on": ("成文日期", "生成日期"),
    "document_no": ("文号", "发文字号"),
    "summary": ("内容概述", "内容概要", "摘要"),
    "body": ("正文", "信息内容", "内容"),
    "mode": ("公开方式", "公开类型"),
    "effective_on": ("生效日期", "施行日期", "effective_date"),
    "validity": ("有效性", "效力状态"),
    "subject": ("主题分类", "主题"),
    "genre": ("体裁", "体裁分类", "公文种类"),
    "keywords": ("关键词", "主题词"),
    "content_source": ("信息来源",),
    "source": ("来源",),
    "catalog_publisher": ("目录发布主体",),
    "catalog_duty": ("目录职责",),
    "catalog_content": ("目录内容",),
    "catalog_time_limit": ("目录时限",),
    "attachments": ("附件",),
    "expires_at": ("到期撤下时间", "到期撤下"),
    "opinions_until": ("意见征集截止日期", "征集截止日期", "公示截止日期"),
    "interprets": ("解读文件", "解读的文件"),
    "outcome_of": ("征集公告", "反馈的征集"),
    "replaces": ("废止文件", "替代文件", "废止的文件"),
    "old_addresses": ("原网址", "旧网址"),
    "law_type": ("type",),
    "law_category": ("category",),
    "extra": (),
}
SERVICE_ITEMS: Fields = {
    "id": (),
    "item_code": ("事项编码", "职权编码"),
    "item_name": ("事项名称", "职权名称"),
    "item_category": ("事项分类", "事项类型", "职权类别"),
    "item_content": ("事项内容", "内容"),
    "organ": ("所属机构", "机构", "实施机构"),
    "handling_subject": ("办理主体", "实施主体", "行使主体"),
    "subject_nature": ("主体性质", "实施主体性质"),
    "entrusting_unit": ("委托单位名称", "委托单位", "委托部门"),
    "handling_department": ("办理部门", "承办部门", "办理科室"),
    "legal_basis": ("行使依据", "设定依据", "办理依据", "法律依据"),
    "acceptance_conditions": ("受理条件", "申请条件", "办理条件"),
    "materials": ("申请材料", "申报材料", "办理材料"),
    "is_charged": ("是否收费", "是否涉及收费"),
    "fee_basis_and_standard": ("收费依据和标准", "收费依据及标准", "收费标准及依据", "收费标准"),
    "legal_limit": ("法定期限", "法定办结时限", "法定时限"),
    "promised_limit": ("承诺期限", "承诺办结时限", "承诺时限"),
    "excluded_steps": ("不计入期限的环节", "不计入期限环节"),
    "handling_place": ("办理地点", "办公地点"),
    "office_hours": ("办理时间", "办公时间"),
    "contact_phone": ("联系电话", "咨询电话"),
    "supervision_phone": ("监督电话", "监督投诉电话", "投诉电话"),
    "service_forms": ("服务表格", "表格下载"),
    "faq": ("常见问题解答", "常见问题"),
    "handling_type": ("办件类型",),
    "online_handling_url": ("在线办理链接", "网上办理链接"),
    "flow": ("办理流程", "权力运行流程"),
    "form": ("电子表单",),
    "discretion": ("裁量基准",),
    "published_only": ("仅公布",),
    "audience": ("服务对象",),
    "life_events": ("生命周期", "主题", "life_event"),
    "result_name": ("办理结果", "结果名称"),
    "result_delivery": ("送达方式", "结果送达"),
    "operation_stage": ("运行阶段",),
    "visit_count": ("到场次数", "到办事现场次数", "跑动次数"),
    "results_published": ("办理结果是否公开", "结果公开"),
    "summary": ("事项简介", "简介"),
    "body": ("正文", "补充说明"),
    "attachments": ("附件",),
    "expires_at": ("到期撤下时间", "到期撤下"),
    "old_addresses": ("原网址", "旧网址"),
    "source": ("来源",),
    "extra": (),
}
DUTIES: Fields = {
    "id": (),
    "organ": ("公开主体", "发布主体", "责任单位"),
    "topic": ("一级事项",),
    "title": ("二级事项", "公开事项", "事项名称"),
    "duty": ("职责", "公开职责"),
    "content": ("公开内容", "公开内容(要素)", "内容"),
    "basis": ("公开依据", "依据"),
    "time_limit": ("公开时限", "时限"),
    "channel": ("所属栏目", "栏目"),
    "list_name": ("来源目录", "目录名称"),
    "kind": ("公开为",),
    "position": ("序号", "排序"),
    "extra": (),
}
QUESTIONS: Fields = {
    "id": (),
    "question": ("问", "问题", "咨询内容"),
    "answer": ("答", "答复", "回复", "答复内容"),
    "organ": ("答复部门", "答复单位", "回复部门"),
    "item_code": ("事项编码",),
    "item_name": ("相关事项", "事项名称"),
    "answered_on": ("答复日期", "日期", "回复日期"),
    "extra": (),
}

CODING_RULES: Fields = {
    "name": ("名称", "规则名称"),
    "kind": ("用于",),
    "pattern": ("编码格式",),
    "shapes": ("正则", "正则表达式"),
    "structure": ("结构",),
    "segments": ("分段",),
    "examples": ("示例",),
    "source": ("来源",),
    "extra": (),
}

# Sub-records: the keys of their rows.
LEGAL_BASIS: Fields = {
    "citation": ("依据", "引用"),
    "law": ("依据名称", "法律名称", "名称"),
    "article": ("条款号",),
    "clause": ("条款",),
    "wording": ("条文内容", "内容", "原文"),
    "rank": ("效力级别", "层级"),
}
MATERIALS: Fields = {
    "name": ("材料名称", "名称"),
    "format": ("格式", "材料形式"),
    "carrier": ("载体", "材料载体"),
    "submission_method": ("报送方式", "提交方式"),
    "storage_requirement": ("存储要求",),
    "is_required": ("是否必需", "是否必要", "必要性"),
    "copies": ("份数",),
    "note": ("备注", "说明"),
}
SERVICE_FORMS: Fields = {
    "form_name": ("表格名称", "名称"),
    "form_no": ("表格编号", "编号"),
    "brief_note": ("简要说明",),
    "form_description": ("表格说明", "说明"),
    "filling_notes": ("填表说明", "填写说明"),
    "file": ("表格文件", "空白表格"),
    "sample": ("示范文本", "填写样例"),
}
FAQ: Fields = {"question": ("问题", "问"), "answer": ("答案", "解答", "答", "答复")}
FLOW: Fields = {
    "key": ("标识",),
    "kind": ("类型",),
    "name": ("环节", "环节名称", "名称"),
    "post": ("岗位",),
    "person": ("人员", "责任人"),
    "duty": ("职责",),
    "authority": ("权限",),
    "limit": ("时限", "期限"),
    "limit_days": ("时限天数",),
    "next": ("流向", "下一环节"),
}
EXCLUDED_STEPS: Fields = {"name": ("环节", "名称"), "explanation": ("说明",), "days": ("天数", "时限")}


def translate(
    values: Mapping[str, Any], fields: Fields
) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    """Split a row into known fields, the key each was given under, and the keys nobody knows, as they stand.

    A key given with nothing in it is left out: a gap, not an order to empty the field.

    Raises: UnreadableValueError when two names of one field bring different values.
    """
    names = {_plain(name): field for field, synonyms in fields.items() for name in (field, *synonyms)}
    known: dict[str, Any] = {}
    keys: dict[str, str] = {}
    unknown: dict[str, Any] = {}
    for key, value in values.items():
        field = names.get(_plain(str(key)))
        if field is None:
            unknown[str(key)] = value
        elif is_given(value):
            if field in known and known[field] != value:
                raise UnreadableValueError(
                    field, f"“{keys[field]}”和“{key}”是同一字段，但内容不同，请只保留一个。"
                )
            known.setdefault(field, value)
            keys.setdefault(field, str(key))
    return known, keys, unknown


def is_given(value: Any) -> bool:
    """Whether a value says something: null, blank text and empty lists do not."""
    return not (value is None or (isinstance(value, str) and not value.strip()) or value in ([], {}))


def label_of(field: str, fields: Fields) -> str:
    """What people call a field."""
    return next((name for name in fields.get(field, ()) if not name.isascii()), field)


def _plain(key: str) -> str:
    return re.sub(r"[\s:：*]", "", unicodedata.normalize("NFKC", key)).lower()
