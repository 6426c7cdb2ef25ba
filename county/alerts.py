"""The emergency notice (紧急通知) of a site: one at a time, on every page while it stands."""

import enum
import re
from datetime import datetime

from county import ledger
from county.errors import RefusedError
from county.privacy import find_personal_data
from county.regions import Site

LONGEST = 120  # characters
PAGE = re.compile(r"/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/?)*")


class AlertLevel(enum.Enum):
    """Levels of warning (预警级别), from the highest.

    Source: 突发事件应对法 art. 63: 一级、二级、三级和四级, 分别用红色、橙色、黄色和蓝色标示.
    """

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


ALERT_LABELS = {
    AlertLevel.RED: "红色（一级）",
    AlertLevel.ORANGE: "橙色（二级）",
    AlertLevel.YELLOW: "黄色（三级）",
    AlertLevel.BLUE: "蓝色（四级）",
}


def raise_alert(
    site: Site, text: str, *, link: str = "", level: AlertLevel, by: int | None, at: datetime
) -> None:
    """Have a notice stand on every page; one that stands already is replaced.

    Raises: RefusedError when it is empty, too long, names a person's numbers, or leads out of the site.
    """
    text = " ".join(text.split())
    if not text:
        raise RefusedError("请填写通知内容。", "text")
    if len(text) > LONGEST:
        raise RefusedError(
            f"通知内容有{len(text)}个字，不能超过{LONGEST}个字，详情请放在链接的页面里。", "text"
        )
    if found := find_personal_data(text):
        raise RefusedError(f"通知内容不能含有{found[0].kind.label}（{found[0].masked}），请删除。", "text")
    if link and not PAGE.fullmatch(link):
        raise RefusedError("链接应是本网站的页面地址，例如 /xxgk/12/。", "link")
    site.alert_text, site.alert_link, site.alert_level, site.alert_at = text, link, level.value, at
    ledger.record(
        "raise_alert", site, by=by, at=at, details={"text": text, "level": level.value, "link": link}
    )
    ledger.owe("publish_alert", "1", at=at)


def lift_alert(site: Site, *, by: int | None, at: datetime) -> None:
    """Take the notice off every page.

    Raises: RefusedError when none stands.
    """
    if not site.alert_text:
        raise RefusedError("目前没有紧急通知。")
    site.alert_text = site.alert_link = site.alert_level = ""
    site.alert_at = None
    ledger.record("lift_alert", site, by=by, at=at)
    ledger.owe("publish_alert", "1", at=at)
