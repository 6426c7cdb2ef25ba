"""The organs and channels of the made-up county."""

from typing import Any

from stdnum.cn import uscc

from bench import words

LETTERS = "ABCDEFGHJK"  # an organ's number as two letters
Row = dict[str, Any]


def organs() -> list[Row]:
    """The government, its departments and the townships; each can number what it publishes."""
    names = [("government", "人民政府"), *(("department", name) for name in words.DEPARTMENTS)]
    names += [("township", f"{name}人民政府") for name in words.TOWNSHIPS]
    return [organ(number, kind, name) for number, (kind, name) in enumerate(names)]


def organ(number: int, kind: str, name: str) -> Row:
    """One organ with what documents are numbered by; its number makes its codes."""
    is_township = kind == "township"
    code = f"11{words.COUNTY_CODE}MB{number:06d}7"
    place = words.PLACES[number % len(words.PLACES)]
    return {
        "code": f"{words.COUNTY_CODE}-{number:02d}",
        "name": name if is_township else f"{words.COUNTY}{name}",
        "short_name": name.removesuffix("人民政府") if is_township else f"县{name}",
        "parent": f"{words.COUNTY_CODE}-00" if number else None,
        "kind": kind,
        "region": words.COUNTY_CODE,
        "uscc": code + uscc.calc_check_digit(code),
        "letters": LETTERS[number // 10 % 10] + LETTERS[number % 10],
        "subject_code": f"{number:03d}",
        "address": f"{words.COUNTY}{place}{number + 1}号",
        "phone": f"0990-46{20000 + number * 37}",
        "supervision_phone": f"0990-46{60000 + number * 41}",
        "office_hours": "工作日 8:30—12:00，14:30—18:00",
    }


def channels() -> list[Row]:
    """Ten channels below the column of disclosures, five below each."""
    rows = []
    for number, (name, below) in enumerate(words.CHANNELS.items(), 1):
        code = f"b{number:02d}"
        rows.append({"code": code, "name": name, "parent": "xxgk", "position": 100 + number})
        for place, lower in enumerate(below.split(), 1):
            rows.append({"code": f"{code}{place:02d}", "name": lower, "parent": code, "position": place,
                         "description": f"{words.COUNTY}{lower}信息"})  # fmt: skip
    return rows


ORGANS, LEAVES = organs(), [row["code"] for row in channels() if row["parent"] != "xxgk"]
ORGAN_WEIGHTS = [1 / (place + 4) for place in range(len(ORGANS))]
LEAF_WEIGHTS = [1 / (place % 17 + 5) for place in range(len(LEAVES))]
