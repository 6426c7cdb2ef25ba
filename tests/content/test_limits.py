import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import Fault
from content.models import LimitUnit
from content.rules import Limit, check_promised_limit, read_limit

WORKING, CALENDAR, MONTH = LimitUnit.WORKING_DAY, LimitUnit.CALENDAR_DAY, LimitUnit.MONTH


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("20个工作日", Limit(20, WORKING)),
        ("２０ 个工作日（不含公示时间）", Limit(20, WORKING)),
        ("二十个工作日", Limit(20, WORKING)),
        ("自受理之日起15日", Limit(15, CALENDAR)),
        ("三十日内", Limit(30, CALENDAR)),
        ("一百二十天", Limit(120, CALENDAR)),
        ("2个月", Limit(2, MONTH)),
        ("1年", Limit(1, LimitUnit.YEAR)),
        ("即办", Limit(None, LimitUnit.AT_ONCE)),
        ("当场办结", Limit(None, LimitUnit.AT_ONCE)),
        ("无", Limit(None, LimitUnit.NONE)),
        ("按有关规定办理", None),
        ("", None),
    ],
)
def test_published_limits_are_read_as_people_write_them(text, limit):
    """C-08, C-09."""
    assert read_limit(text) == limit


@pytest.mark.parametrize(
    ("promised", "legal", "too_long"),
    [
        (Limit(20, WORKING), Limit(20, WORKING), False),
        (Limit(21, WORKING), Limit(20, WORKING), True),
        (Limit(1, WORKING), Limit(None, LimitUnit.AT_ONCE), True),
        (Limit(None, LimitUnit.AT_ONCE), Limit(1, WORKING), False),
        (Limit(30, WORKING), Limit(20, CALENDAR), True),
        (Limit(25, CALENDAR), Limit(20, WORKING), False),
        (Limit(32, CALENDAR), Limit(1, MONTH), True),
        (Limit(31, CALENDAR), Limit(1, MONTH), False),
        (Limit(99, WORKING), Limit(None, LimitUnit.NONE), False),
        (Limit(99, WORKING), None, False),
    ],
)
def test_a_promise_is_refused_when_it_must_be_longer_than_the_law(promised, legal, too_long):
    """C-10, at the edges: the day, and the day after."""
    if too_long:
        with pytest.raises(Fault) as refusal:
            check_promised_limit(promised, legal)
        assert refusal.value.field == "promised_limit"
    else:
        check_promised_limit(promised, legal)


@given(st.integers(1, 999), st.sampled_from(["个工作日", "天", "日", "个月", "年"]))
def test_every_number_is_read(number, unit):
    assert read_limit(f"{number}{unit}").value == number


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text):
    read_limit(text)
