"""Moments set in advance: when an edition is to go live (定时发布), and when its document is taken back (到期撤下)."""

from datetime import date, datetime, timedelta

from content.errors import Fault
from county.calendar import COUNTY_ZONE, county_day

FURTHEST = timedelta(days=366)  # a decision taken earlier than that has lost sight of what it decided


def check_publish_at(
    publish_at: datetime, *, expires_at: datetime | None, published_on: date | None, at: datetime
) -> None:
    """Refuse a moment at which an edition could not go live by itself.

    Source: A-11 (发布); G-13, 政府信息公开条例 art. 26 (20 working days: what waits for years is not disclosed).
    Raises: Fault naming the field.
    """
    if publish_at <= at:
        raise Fault(
            f"定时发布的时间 {_words(publish_at)} 已经过去，请改为将来的时间，或直接发布。", "publish_at"
        )
    if publish_at > at + FURTHEST:
        raise Fault(
            f"定时发布的时间 {_words(publish_at)} 在一年以后，请检查年份，改为一年以内的时间。", "publish_at"
        )
    if expires_at is not None and expires_at <= publish_at:
        raise Fault(
            f"定时发布的时间 {_words(publish_at)} 不早于到期撤下的时间 {_words(expires_at)}，"
            "请改为更早的时间，或退回稿件修改到期撤下的时间。",
            "publish_at",
        )
    day = county_day(publish_at)
    if published_on is not None and published_on > day:
        raise Fault(
            f"稿件的发布日期 {published_on} 晚于定时发布的日期 {day}，"
            "请把定时发布改到那一天或以后，或退回稿件修改发布日期。",
            "publish_at",
        )


def check_expires_at(expires_at: datetime | None, *, at: datetime) -> None:
    """Refuse to submit or publish what would be taken back at once.

    Source: G-13 (timeliness: what has lost its validity does not stay in view).
    Raises: Fault.
    """
    if expires_at is not None and expires_at <= at:
        raise Fault(
            f"到期撤下的时间 {_words(expires_at)} 已经过去，请改为将来的时间，或清空后长期公开。",
            "expires_at",
        )


def is_over(until: date | None, today: date) -> bool:
    """Whether the last day on which opinions are taken has passed; the day itself still counts.

    Source: A-40 (政民互动); 重大行政决策程序暂行条例 art. 15 (opinions are sought until a day that is announced).
    """
    return until is not None and until < today


def _words(moment: datetime) -> str:
    return moment.astimezone(COUNTY_ZONE).strftime("%Y-%m-%d %H:%M")
