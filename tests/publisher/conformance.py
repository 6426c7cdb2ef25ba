"""Whether a page is HTML as the standard has it, as far as that can be told without a browser: nesting, ids, attributes, labels.

The W3C's validator says the rest (`make audit`); what it has ever found on our pages is looked for here.
"""

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
IN_SVG = frozenset(("use", "path", "rect", "circle", "line", "polyline", "polygon", "ellipse"))
PHRASING_ONLY = frozenset(
    ("p", "h1", "h2", "h3", "h4", "button", "label", "summary", "caption", "small", "b", "strong")
)
FLOW = frozenset(
    ("address", "article", "aside", "blockquote", "div", "dl", "fieldset", "footer", "form", "h1", "h2", "h3", "h4",
     "header", "main", "nav", "ol", "p", "pre", "section", "table", "ul", "search", "details", "figure")
)  # fmt: skip
CHILDREN = {
    "ul": {"li"}, "ol": {"li"}, "dl": {"div", "dt", "dd"}, "tr": {"td", "th"}, "tbody": {"tr"}, "thead": {"tr"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"}, "select": {"option", "optgroup"},
}  # fmt: skip
PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "summary": {"details"},
    "legend": {"fieldset"},
}
NO_INTERACTIVE_INSIDE = frozenset(("a", "button"))
INTERACTIVE = frozenset(("a", "button", "input", "select", "textarea", "label"))
TYPED = frozenset(("text", "search", "tel", "url", "email", "number", "date", "hidden", "password"))


class Conformance(HTMLParser):
    """Reads one page; `faults` is what is wrong with it."""

    def __init__(self, text: str):
        super().__init__()
        self.faults: list[str] = []
        self._open: list[str] = []
        self._ids: list[str] = []
        self._pointed: list[tuple[str, str]] = []
        if not text.lower().startswith("<!doctype html>"):
            self.faults.append("no doctype")
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]
        self.faults += [
            f"id {each} twice" for each in {each for each in self._ids if self._ids.count(each) > 1}
        ]
        self.faults += [
            f"{name}={value} points nowhere" for name, value in self._pointed if value not in self._ids
        ]

    def handle_starttag(self, tag, attrs):
        self.faults += self._of_attributes(tag, attrs)
        self.faults += self._of_place(tag)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        if tag not in VOID | IN_SVG:
            self.faults.append(f"<{tag}/> closes itself")
        self.faults += self._of_attributes(tag, attrs)

    def handle_endtag(self, tag):
        if tag in VOID:
            self.faults.append(f"</{tag}>")
        elif not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes <{self._open[-1] if self._open else 'nothing'}>")
        else:
            self._open.pop()

    def handle_data(self, data):
        if data.strip() and self._open and self._open[-1] in CHILDREN:
            self.faults.append(f"words right in <{self._open[-1]}>: {data.strip()[:20]}")

    def _of_attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> Iterator[str]:
        names, found = [name for name, _ in attrs], dict(attrs)
        yield from (f"{name} twice in <{tag}>" for name in set(names) if names.count(name) > 1)
        if "id" in found:
            self._ids.append(found["id"] or "")
            if not found["id"] or " " in (found["id"] or ""):
                yield f"<{tag}> has the id {found['id']!r}"
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers"):
            self._pointed += [(name, each) for each in (found.get(name) or "").split()]
        if tag == "img" and "alt" not in found:
            yield "<img> without alt"
        if tag == "input" and "autocomplete" in found and found.get("type", "text") not in TYPED:
            yield f"autocomplete on <input type={found.get('type')}>"
        if tag in ("a", "link") and not found.get("href", "x"):
            yield f"<{tag}> with an empty href"

    def _of_place(self, tag: str) -> Iterator[str]:
        parent = self._open[-1] if self._open else ""
        if tag not in CHILDREN.get(parent, {tag}) or parent not in PARENTS.get(tag, {parent}):
            yield f"<{tag}> in <{parent}>"
        if tag in FLOW and PHRASING_ONLY & set(self._open):
            yield f"<{tag}> inside {PHRASING_ONLY & set(self._open)}"
        if tag in INTERACTIVE and NO_INTERACTIVE_INSIDE & set(self._open):
            yield f"<{tag}> inside a link or button"
