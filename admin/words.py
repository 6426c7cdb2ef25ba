"""The Chinese words and shapes in which templates show values."""

import enum
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, request
from jinja2 import Undefined

from admin.forms import typed_moment
from admin.publication import clock_time
from admin.signed_in import PATH, current_officer, site_here
from cases.rules import STATE_LABELS as CASE_STATE_LABELS
from content.rules import FORCE_GROUNDS, RELEASE_GROUNDS, STATE_LABELS, STEP_STATE_LABELS, WITHDRAWAL_REASONS
from county.calendar import COUNTY_ZONE
from county.officers import Officer, Role
from county.organs import OrganKind
from database import db
from installation import settings

ROLE_LABELS = {
    Role.EDITOR: "信息编辑员",
    Role.REVIEWER: "审核员",
    Role.LEGAL_REVIEWER: "法制审核员",
    Role.DISCLOSURE_REVIEWER: "信息公开审核员",
    Role.PUBLISHER: "发布员",
    Role.DUTY_PUBLISHER: "应急发布员",
    Role.CLERK: "窗口办理人员",
    Role.SUPERVISOR: "监察员",
    Role.ADMINISTRATOR: "系统管理员",
    Role.SECURITY_ADMINISTRATOR: "安全管理员",
    Role.AUDITOR: "审计管理员",
}
ORGAN_KIND_LABELS = {
    OrganKind.GOVERNMENT: "人民政府",
    OrganKind.DEPARTMENT: "部门",
    OrganKind.INSTITUTION: "事业单位",
    OrganKind.TOWNSHIP: "乡镇（街道）",
    OrganKind.SECTION: "科室",
    OrganKind.WINDOW: "窗口",
}
VERB_LABELS = {
    "create": "新建",
    "save": "保存",
    "attach": "更新附件",
    "recall": "撤销送审",
    "ask_release": "申请放行附件",
    "clean_file": "遮挡附件中的个人信息",
    "grant_release": "同意放行附件",
    "submit": "送审",
    "send_back": "退回",
    "approve": "审核通过",
    "record_confirmation": "登记上级确认",
    "set_chain": "设置审核流程",
    "remove_chain": "取消审核流程",
    "name_deputy": "指定代理人",
    "end_deputy": "终止代理",
    "publish": "发布",
    "ask_again": "方案有变，重新审核",
    "force_publish": "强制发布",
    "ask_correction": "提出笔误更正",
    "correct": "笔误更正",
    "decline_correction": "不采纳笔误更正",
    "schedule": "定时发布",
    "unschedule": "取消定时",
    "publish_failed": "定时发布失败",
    "take_over": "登记为已公开",
    "withdraw": "撤回",
    "close_opinions": "意见征集到期结束",
    "withdraw_failed": "到期撤下失败",
    "confirm": "确认内容仍然正确",
    "merge": "并入其他信息",
    "keep_addresses": "登记原网址",
    "revise": "另起新稿",
    "restore": "恢复旧稿",
    "discard": "作废",
    "number": "生成编号",
    "file": "调整机构或栏目",
    "found": "初始化",
    "sign_in": "登录",
    "sign_out": "退出登录",
    "invite": "发送登录链接",
    "grant": "授予角色",
    "revoke": "收回角色",
    "enable": "启用账号",
    "disable": "停用账号",
    "share": "生成预览链接",
    "set_password": "设置密码",
    "revoke_sessions": "结束登录",
    "set_second_factor": "启用两步验证",
    "reset_second_factor": "重置两步验证",
    "confirm_sign_in": "两步验证通过",
    "rename_organ": "机构更名",
    "merge_organ": "机构并入",
    "transfer_work": "移交职责",
    "leave": "离任交接",
    "bind_subject": "绑定统一身份认证",
    "unbind_subject": "解除统一身份认证绑定",
    "receive": "收件",
    "accept": "受理",
    "refuse": "不予受理",
    "opinion": "记录意见",
    "decide": "办结",
    "read_personal_data": "查看申请人信息",
    "set_calendar_day": "设置工作日历",
    "save_site": "修改网站设置",
    "raise_alert": "发布紧急通知",
    "lift_alert": "撤下紧急通知",
    "load": "导入",
    "issue_sheet": "下达任务单",
    "answer_task": "反馈任务",
    "judge_task": "审核反馈",
}
SUBJECT_LABELS = {
    "edition": "稿件",
    "disclosure_edition": "信息公开稿件",
    "service_edition": "办事指南稿件",
    "document": "文件",
    "question": "咨询答复",
    "duty": "公开事项",
    "application": "申请",
    "case": "办件",
    "organ": "机构",
    "channel": "栏目",
    "coding_rule": "编码规则",
    "calendar_day": "工作日历",
    "officer": "工作人员",
    "site": "网站",
    "review_chain": "审核流程",
    "staged_import": "导入批次",
    "task_sheet": "任务分解单",
    "field_mapping": "字段对照",
}


DETAIL_LABELS = {
    "number": "编号",
    "case": "办件编号",
    "with": "方式",
    "role": "角色",
    "organ": "机构",
    "channel": "栏目",
    "fields": "改动",
    "files": "附件数",
    "name": "名称",
    "day": "日期",
    "is_working": "上班",
    "removed": "删除",
    "reason": "原因",
    "message": "说明",
    "publish_at": "定时",
    "expires_at": "有效至",
    "into": "并入",
    "added": "新增",
    "outcome": "结果",
    "kept": "沿用原编号",
    "edition": "所据稿次",
    "from_name": "原名称",
    "documents": "信息和事项",
    "duties": "公开事项",
    "questions": "咨询答复",
    "applications": "申请",
    "sections": "下级机构",
    "officers": "工作人员",
    "texts": "未完成稿件",
    "successor": "接替人",
    "step": "环节",
    "steps": "环节",
    "on_behalf_of": "代",
    "deputy": "代理人",
    "from": "自",
    "until": "至",
    "document_no": "文号",
    "ground": "依据",
    "difference": "改动",
    "asked_by": "提出人",
    "reason_given": "理由",
    "state_before": "发布前",
    "kind": "类别",
    "changed": "改动",
    "unchanged": "没有变化",
    "refused": "不能导入",
    "position": "序号",
}
PEOPLE = ("on_behalf_of", "deputy", "asked_by", "successor")  # details that are ids of officers
DETAIL_VALUES = {
    "with": {"password": "密码", "link": "一次性链接", "provider": "统一身份认证"},
    "reason": WITHDRAWAL_REASONS,
    "ground": RELEASE_GROUNDS | FORCE_GROUNDS,
    "state_before": {state.value: label for state, label in STATE_LABELS.items()},
    "kind": {"disclosure": "信息公开", "service": "政务服务事项"},
} | {"role": {role.value: label for role, label in ROLE_LABELS.items()}}


def detail_words(details: dict[str, Any]) -> list[tuple[str, str]]:
    """The details of an act as labels and values."""
    words = []
    for name, value in details.items():
        known = DETAIL_VALUES.get(name, {})
        if name in PEOPLE and isinstance(value, int):
            person = db.session.get(Officer, value)
            words.append((DETAIL_LABELS[name], person.name if person else shown(value)))
            continue
        if isinstance(value, str):
            text = (
                moment(datetime.fromisoformat(value))
                if name.endswith("_at")
                else known.get(value, shown(value))
            )
        else:
            text = shown(value)
        words.append((DETAIL_LABELS.get(name, name), text))
    return words


def moment(at: datetime | None) -> str:
    """A moment as the county's clock shows it."""
    return at.astimezone(COUNTY_ZONE).strftime("%Y-%m-%d %H:%M") if at else ""


def shown(value: Any) -> str:
    """A value as people read it; nothing is a dash."""
    if value is None or value == "" or value == [] or isinstance(value, Undefined):
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    return str(value)


def teach(app: Flask) -> None:
    """Give the templates of the back office their filters and what stands on every page."""
    app.jinja_env.filters.update(moment=moment, shown=shown, typed_moment=typed_moment, clock_time=clock_time)

    @app.context_processor
    def _on_every_page() -> dict[str, Any]:
        if not request.path.startswith(PATH):
            return {}  # the pages of the other doors have words of their own
        return {
            "officer": current_officer,
            "the_site": site_here,
            "public_url": lambda: settings().public_url,
            "upload_max_mb": lambda: settings().upload_max_mb,
            "office_menu": office_menu,
            "state_labels": STATE_LABELS,
            "step_state_labels": STEP_STATE_LABELS,
            "case_state_labels": CASE_STATE_LABELS,
            "role_labels": ROLE_LABELS,
            "verb_labels": VERB_LABELS,
            "subject_labels": SUBJECT_LABELS,
            "detail_words": detail_words,
        }


def office_menu() -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The navigation: categories with the pages that are open to this officer, and which one this is."""
    here = (request.endpoint or "").partition(".")[0]
    shown: list[tuple[str, list[tuple[str, str, bool]]]] = []
    for entry in current_app.extensions["admin"][0].menu():
        children = entry.get_children() if entry.is_category() else [entry]
        links = [
            (child.name, child.get_url(), child._view.endpoint == here)
            for child in children
            if child.is_accessible() and child.is_visible()
        ]
        if links:
            shown.append((entry.name if entry.is_category() else "", links))
    return shown
