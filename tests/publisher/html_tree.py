"""A page as a tree of elements, read by a parser that is not ours."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)


@dataclass
class Element:
    """An element with its attributes and what is in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list["Element | str"] = field(default_factory=list)

    def every(self, tag: str = "", **wanted: str) -> list["Element"]:
        """Elements below with this tag and these attributes; `of` is a class."""
        return [each for each in self._below() if _is(each, tag, wanted)]

    def one(self, tag: str = "", **wanted: str) -> "Element":
        found = self.every(tag, **wanted)
        assert found, f"no {tag} {wanted} in {self.text[:80]}"
        return found[0]

    @property
    def text(self) -> str:
        parts = (part if isinstance(part, str) else part.text for part in self.inside)
        return " ".join(" ".join(parts).split())

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def _below(self) -> Iterator["Element"]:
        for part in self.inside:
            if isinstance(part, Element):
                yield part
                yield from part._below()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("")]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if tag in [element.tag for element in self.open]:
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data):
        self.open[-1].inside.append(data)


def page_tree(text: str) -> Element:
    """The root of a page."""
    reader = _Reader()
    reader.feed(text)
    return reader.open[0]


def _is(element: Element, tag: str, wanted: dict[str, str]) -> bool:
    if tag and element.tag != tag:
        return False
    return all(
        value in element["class"].split() if name == "of" else element[name] == value
        for name, value in wanted.items()
    )
