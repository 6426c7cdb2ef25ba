"""The emergency notice: one small sheet that every page loads, and one page. However large the site, two files change.

The sheet fills the place for the notice that stands, hidden, at the top of every page; so nothing else is rendered, and
no script is needed. The home page, which is rendered anyway, says the text itself.
"""

from publisher.facts import AlertFacts
from publisher.navigation import HOME
from publisher.page import Page
from publisher.source import Source

SHEET, NOTICE = "/notice.css", "/notice.html"
COLOURS = {  # ground and text
    "red": ("#a3161b", "#fff"),
    "orange": ("#9a3f00", "#fff"),
    "yellow": ("#ffd23f", "#1c2529"),
    "blue": ("#0b4f8a", "#fff"),
}
NO_ALERT = "/* no emergency notice */\n"


def sheet_page(source: Source) -> Page:
    """The sheet that shows the notice on every page, or nothing."""
    alert = source.surroundings.site.alert
    return Page(SHEET, "notice.css", "", sheet_of(alert) if alert else NO_ALERT, is_indexed=False)


def notice_page(source: Source) -> Page:
    """The notice as a page of its own, to which its place on every page leads."""
    site = source.surroundings.site
    return Page(
        NOTICE,
        "notice.html",
        "紧急通知",
        site,
        trail=(HOME,),
        contacts=(site.contact_phone,),
        is_indexed=False,
    )


def sheet_of(alert: AlertFacts) -> str:
    """The rules that show this notice. Where a page says the text itself, it is not said twice."""
    ground, text = COLOURS[alert.level]
    return (
        f".alarm{{display:block;background:{ground};color:{text}}}"
        f'.alarm-text:empty::before{{content:"{quoted(alert.text)}"}}\n'
    )


def quoted(text: str) -> str:
    """A text as it stands between the quotes of a sheet: whatever is no letter or digit is written as its number."""
    return "".join(sign if sign.isalnum() else f"\\{ord(sign):06x} " for sign in text)
