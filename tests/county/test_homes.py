"""Homes named in a text are found and masked; where offices are is no secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county.privacy import FindingKind, find_personal_data, may_name_home, redact

NUMBERS = st.integers(1, 99).map(str) | st.sampled_from("一二三四五六七八九十") | st.just("１２")
HOMES = st.one_of(
    st.builds("家住{}小区{}栋{}单元{}室".format, st.sampled_from(["幸福", "金桂"]), NUMBERS, st.integers(1, 9), st.integers(101, 3302)),
    st.builds("住{}号楼{}单元{}".format, NUMBERS, st.integers(1, 9), st.integers(101, 3302)),
    st.builds("青石村{}组{}号".format, NUMBERS, NUMBERS),
    st.builds("沿河村{}社{}号".format, NUMBERS, NUMBERS),
    st.builds("住址：青崖县城关镇解放路{}号".format, NUMBERS),
    st.builds("户籍所在地青崖县城关镇南街{}号".format, NUMBERS),
)  # fmt: skip


@pytest.mark.row("A-09")
@given(
    home=HOMES,
    before=st.sampled_from(["", "申请人张某，", "低保户名单；"]),
    after=st.sampled_from(["", "，电话无", "。"]),
)
def test_a_home_more_exact_than_a_village_or_street_is_found_and_masked(home, before, after):
    text = before + home + after

    found = find_personal_data(text)

    assert [each.kind for each in found] == [FindingKind.HOME]
    assert may_name_home(text)
    masked = redact(text)
    assert not find_personal_data(masked)
    assert masked.startswith(before)
    assert masked.endswith(after)


@pytest.mark.parametrize(
    "text",
    [
        "办公地点：县政务服务中心2号楼201室",
        "县教育局3号楼1单元402室",
        "青崖县城关镇人民路12号",
        "沿河村三组村民的危房改造",
        "第3单元的教学，共12号学员",
        "2号楼2层大厅，3号窗口",
        "住址变更登记须提交户口簿",
        "建设2栋12层住宅，共4个单元",
    ],
)
def test_offices_streets_and_villages_are_no_homes(text):
    assert find_personal_data(text) == []


def test_the_declared_address_of_an_office_is_exempt_wherever_it_stands():
    assert find_personal_data("请到1号楼3单元201室提交", ["青崖县城关镇1号楼3单元201室"]) == []
    assert find_personal_data("请到1号楼3单元202室提交", ["青崖县城关镇1号楼3单元201室"])


def test_a_number_within_an_address_is_found_as_a_number():
    kinds = [each.kind for each in find_personal_data("住址：城关镇13800138000号")]
    assert kinds == [FindingKind.MOBILE]
