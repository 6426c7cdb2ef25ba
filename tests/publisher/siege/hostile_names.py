"""A thousand names that somebody might type, import or smuggle in; the same ones every time."""

import itertools
import unicodedata

PIECES = (
    "../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/up", "..\\..\\windows", "/etc/shadow", "//host/share",
    "C:\\boot.ini", "file:///etc/passwd", ".", "..", "...", "~root", "-rf", "--accept-fewer", "*", "?", "#top", "a?b=c#d", "%00", "%",
    "a\0b", "a\nb", "a\r\nSet-Cookie: x=1", "a\tb", "\x7f", "\x1b[2J", "\u202e倒写", "\u2066隔离", "\ufeff首", "零\u200b宽", "\u00a0空", "\u3000全角",
    "é", "Å", "ﬁ", "①", "ｈｔｔｐ", "가", "😀", "\U0001f468\u200d\U0001f469", "﷽" * 20, "\ufffe", "\ud800", "e" + "\u0301" * 40,
    "<script>alert(1)</script>", "</title><script>alert(1)</script>", "</h1></main>", "<img src=x onerror=alert(1)>", "<!--", "-->",
    "]]>", "<![CDATA[", "<?php echo 1 ?>", "&lt;b&gt;", "&#60;b&#62;", "&amp;amp;", "&", "<b>粗", "a<b", "\"><a href=\"//evil.example\">x</a>",
    "' onmouseover='alert(1)", "`", "'", '"', "{{7*7}}", "{{ config }}", "{% raw %}", "{% endblock %}", "{#", "${7*7}", "#{7*7}", "<%= 7*7 %>",
    "%s%n", "$(id)", "`id`", "; rm -rf /", "' OR 1=1 --", "=1+1", "javascript:alert(1)", "data:text/html,x", "https://evil.example/",
    "gone", "GONE", "index.html", "Index.HTML", "index.html.gz", "index.html.br", "x.gz", "x.br", ".htaccess", ".git/config", ".current-1",
    "404.html", "feed.xml", "sitemap.xml", "robots.txt", "map.html", "assets/chrome.json", "files/ab/ab", "xxgk", "xxgk/1", "xxgk/1/", "zwfw/e/",
    "hudong/1.html", "svc/lookup", "admin", "shows", "current", "staging", "folders", "build.lock", "CON", "nul.txt", "LPT1", "a.", "a ",
    "a" * 300, "汉" * 300, "a/" * 200, "汉" * 66 + ".html", "x" * 200 + ".html", "1" * 40, "0", "-1", "1e9", "None", "undefined",
)  # fmt: skip
AROUND = ("{}", "通知{}", "{}公告", "/{}", "{}/", "{}.html", "{}.jsp", "（{}）", "{0}{0}")


def hostile_names(count: int) -> list[str]:
    """So many names, no two the same, though some are twins to the eye or to a file system."""
    made: dict[str, None] = {}
    for around, piece in itertools.product(AROUND, PIECES):
        for name in (
            around.format(piece),
            unicodedata.normalize("NFD", around.format(piece)),
            around.format(piece).upper(),
        ):
            made[name] = None
            if len(made) == count:
                return list(made)
    raise ValueError(f"there are only {len(made)}")


def storable(name: str, longest: int) -> str:
    """A name as a row holds it that was written past every check: no database takes NUL or half a character."""
    return name.replace("\0", "␀").encode("utf-8", "replace").decode()[:longest]
