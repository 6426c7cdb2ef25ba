"""Made-up guides of service items, complete enough to be published."""

import random

from bench import words
from bench.speech import Speech, body, day_of
from bench.structure import ORGAN_WEIGHTS, ORGANS, Row

SHORTEST, LONGEST = 500, 1200  # characters of a guide's introduction
CATEGORIES = (
    *["行政许可"] * 7, *["行政确认"] * 3, *["行政给付"] * 3, *["公共服务"] * 3, "便民服务", "其他", "行政奖励", "行政处罚"
)  # fmt: skip


def guide(number: int, seed: int = 1) -> Row:
    """The guide of service item `number`, complete enough to be published."""
    chance = random.Random(f"guide {seed} {number}")
    organ = chance.choices(ORGANS, ORGAN_WEIGHTS)[0]
    speech = Speech(f"guide speech {seed} {number}", day_of(number, seed), organ)
    category, legal = chance.choice(CATEGORIES), chance.choice((5, 10, 15, 20, 30, 45))
    name = speech.one_of(words.ITEMS)
    row = {
        "id": f"bench-guide-{number}",
        "item_name": f"{name}（{speech.one_of(('新办', '变更', '延续', '补办', '注销'))}）",
        "item_category": category,
        "item_content": speech.say("{people}办理" + name + "，由{organ}受理。"),
        "organ": organ["code"],
        "handling_subject": organ["name"],
        "subject_nature": "法定机关",
        "handling_department": f"{organ['short_name']}{speech.one_of(('审批股', '综合股', '服务窗口'))}",
        "legal_basis": [_basis(speech) for _ in range(2)],
        "supervision_phone": organ["supervision_phone"],
        "audience": chance.choice((["个人"], ["企业"], ["个人", "企业"])),
        "life_events": chance.sample(words.EVENTS, chance.randint(1, 2)),
        "body": body(speech, SHORTEST, LONGEST),
    }
    return row | (_penalty(speech) if category == "行政处罚" else _handling(speech, legal))


def _basis(speech: Speech) -> Row:
    wording = speech.say("{people}申请的，应当提交{material}；主管部门应当自受理之日起依法作出决定。")
    return {
        "law": speech.one_of(words.LAWS),
        "article": f"第{speech.one_of(words.LEVELS)}条",
        "wording": wording,
    }


def _penalty(speech: Speech) -> Row:
    return {
        "discretion": {
            "scope": speech.say("违反《{law}》有关规定，情节较轻、一般或者较重的。"),
            "kinds": "警告；罚款；责令停业整顿",
            "degrees": [
                f"情节{level}的，处{speech.number(2, 9)}千元以下罚款" for level in ("较轻", "一般", "较重")
            ],
        }
    }


def _handling(speech: Speech, legal_days: int) -> Row:
    organ, is_charged = speech.organ, speech.chance.random() < 0.15
    return {
        "acceptance_conditions": [speech.say("{people}具备{material}和{material}。") for _ in range(3)],
        "materials": [_material(speech) for _ in range(speech.chance.randint(3, 6))],
        "is_charged": is_charged,
        "fee_basis_and_standard": speech.say("依照《{law}》，每件{some}元。") if is_charged else "",
        "legal_limit": f"{legal_days}个工作日",
        "promised_limit": f"{max(1, legal_days // 2)}个工作日",
        "handling_place": speech.say("县政务服务中心{few}楼{some}号窗口"),
        "office_hours": organ["office_hours"],
        "contact_phone": organ["phone"],
        "handling_type": "承诺件",
        "result_name": speech.one_of(("许可证", "批准文件", "登记证书", "给付到账")),
        "result_delivery": speech.one_of(("窗口领取", "邮寄送达", "电子送达")),
        "flow": _flow(speech, legal_days),
        "faq": [_question(speech) for _ in range(2)],
        "service_forms": [_form(speech)],
    }


def _material(speech: Speech) -> Row:
    return {
        "name": speech.one_of(words.MATERIALS), "format": speech.one_of(("原件", "复印件", "电子件")),
        "carrier": speech.one_of(("纸质", "电子")), "submission_method": speech.one_of(("窗口提交", "网上提交", "部门核验")),
        "is_required": speech.chance.random() < 0.8, "copies": speech.chance.randint(1, 3),
        "note": speech.say("由{organ}核对。"),
    }  # fmt: skip


def _flow(speech: Speech, legal_days: int) -> list[Row]:
    steps = (
        ("申请", "申请人"),
        ("受理", "综合窗口"),
        ("审查", "业务岗"),
        ("决定", "分管负责人"),
        ("送达", "综合窗口"),
    )
    return [
        {"key": f"s{number}", "name": name, "post": post, "duty": speech.say("{act}"), "limit_days": max(1, legal_days // 5)}
        for number, (name, post) in enumerate(steps, 1)
    ]  # fmt: skip


def _question(speech: Speech) -> Row:
    return {
        "question": speech.say("办理时{material}不齐怎么办？"),
        "answer": speech.say("窗口一次性告知补正内容，{few}个工作日内补齐即可。"),
    }


def _form(speech: Speech) -> Row:
    return {
        "form_no": f"B-{speech.number(1, 99)}",
        "form_name": f"{speech.one_of(words.MATERIALS)}（样式）",
        "brief_note": "一式一份",
    }
