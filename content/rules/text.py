"""Text that people type or import: checked lines, Markdown rendered and HTML cleaned at save time."""

import html
import itertools
import re
import unicodedata

import markdown
import nh3

from content.errors import Fault
from content.rules.marks import costs_too_much, is_too_deep

MAX_TITLE = 200
MAX_BODY = 500_000  # decisions: some laws are long
TOO_DEEP = "正文中的列表、引用或标记嵌套过深，无法排版，请减少层次。"
NOT_A_TAG = re.compile(
    r"<(?=/?[A-Za-z])(?!/?[A-Za-z][A-Za-z0-9:-]*[\s/>])(?![A-Za-z][A-Za-z0-9+.-]*:|[^\s<>@]+@)"
)
HOSTILE_RUN = re.compile(r"\[{200,}|<{200,}|\*{200,}|_{200,}|`{200,}|>{200,}")
TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em",
    "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "s", "small", "span", "strong",
    "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type"},
    "abbr": {"title"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
LAW_TITLE = re.compile(r"《([^《》]{2,150}(?:〈[^〉]*〉[^《》]*)?)》")
HALF = re.compile(r"[\ud800-\udfff]")  # of a character; no database stores it
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")


def check_line(text: str, label: str, field: str, *, longest: int = MAX_TITLE, required: bool = True) -> str:
    """Return one line of text, normalised: no control characters, no runs of space, not too long.

    Source: A-03, C-03 (a title is required); a title is text only and never part of an address or a file name.
    Raises: Fault naming the field and what is too much.
    """
    line = re.sub(r"\s+", " ", storable(unicodedata.normalize("NFC", text), label, field)).strip()
    if required and not line:
        raise Fault(f"请填写{label}。", field)
    if len(line) > longest:
        raise Fault(f"{label}共{len(line)}个字，超过了{longest}个字的上限，请缩短后再保存。", field)
    return line


def storable(text: str, label: str, field: str) -> str:
    """Text without control characters, as every database takes it.

    Source: A-09 (what was typed is kept or refused, never half of it).
    Raises: Fault naming the field when it holds half a character.
    """
    if HALF.search(text):
        raise Fault(f"{label}含有残缺的字符，请重新填写。", field)
    return without_controls(text)


def without_controls(text: str) -> str:
    """Text without what no reader sees and a server database refuses to store.

    Source: A-09; standards §11 (characters that turn the direction of text hide what it says).
    """
    return CONTROL.sub("", text)


def render_markdown(body: str) -> str:
    """Render a body to clean HTML, once, when it is saved. HTML in it is accepted and cleaned.

    Source: A-09 (editing); reliability-minded caps: the parser is quadratic on runs of brackets.
    Raises: Fault when the body is too long or hostile.
    """
    body = CONTROL.sub("", unicodedata.normalize("NFC", body.replace("\r\n", "\n")))
    if len(body) > MAX_BODY:
        raise Fault(f"正文共{len(body)}个字，超过了{MAX_BODY}个字的上限，请分成多个文件或改用附件。", "body")
    if HOSTILE_RUN.search(body):
        raise Fault("正文中有一长串重复的标记符号，无法排版，请检查并删除。", "body")
    # <A股公司> quotes a title; the parser would take it for a tag and lose it.
    body = NOT_A_TAG.sub("&lt;", body)
    if is_too_deep(body):
        raise Fault(TOO_DEEP, "body")
    if costs_too_much(body):
        raise Fault(
            "正文中有太多没有配对的标记符号（如“[”“<”），段落之间没有空行，或行数过多，无法排版。"
            "请删除多余的符号和空行，并在段落之间留一个空行。",
            "body",
        )
    try:
        return _in_steps(clean_html(_number_headings(_parser().convert(_lower_headings(body)))))
    except RecursionError:
        raise Fault(TOO_DEEP, "body") from None


def clean_html(source: str) -> str:
    """Return HTML of which nothing can run, load from elsewhere or pose as part of the page.

    Source: A-08; standards §11.
    """
    return nh3.clean(
        source,
        tags=TAGS,
        clean_content_tags={"script", "style", "iframe", "object", "svg", "math", "template", "noscript"},
        attributes=ATTRIBUTES,
        attribute_filter=_kept_attribute,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
        strip_comments=True,
    )


def _kept_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute in ("src", "href") and re.search(r"[\x00-\x1f\x7f]", value):
        return None  # a browser drops them, and /<tab>/host is another host
    if attribute == "src" and not re.match(r"/(?![/\\])", value):
        return None  # no picture from another host: no third-party request
    if attribute == "id" and not re.fullmatch(r"s\d+", value):
        return None
    return value


def _parser() -> markdown.Markdown:
    return markdown.Markdown(
        extensions=["tables", "sane_lists", "footnotes", "def_list"],
        extension_configs={
            "tables": {"use_align_attribute": True}
        },  # the other way is a style, which is cleaned away
        output_format="html",
    )


def _lower_headings(body: str) -> str:
    """The page's own heading is the only one of the first level."""
    return re.sub(r"(?m)^# (?=\S)", "## ", body)


def _number_headings(source: str) -> str:
    numbers = itertools.count(1)
    return re.sub(
        r"<(h[2-6])(?: id=\"[^\"]*\")?>", lambda found: f'<{found[1]} id="s{next(numbers)}">', source
    )


def _in_steps(source: str) -> str:
    """Headings that begin at the second level and never skip one, whatever the author typed (WCAG 1.3.1)."""
    typed: list[str] = []
    given: list[int] = []

    def step(found: re.Match[str]) -> str:
        if found[1]:
            return f"</h{given.pop() if given else found[2]}"
        while typed and typed[-1] >= found[2]:
            typed.pop()
        typed.append(found[2])
        given.append(len(typed) + 1)
        return f"<h{given[-1]}"

    return re.sub(r"<(/?)h([2-6])\b", step, source)


def plain_text(source: str) -> str:
    """The words of clean HTML, for the index and for summaries.

    Source: D-11 (search over the information published).
    """
    spaced = re.sub(r"</(?:p|h\d|li|tr|td|th|div|dd|dt|blockquote|caption)>|<br\s*/?>", "\n", source)
    text = html.unescape(re.sub(r"<[^>]*>", "", spaced))
    return re.sub(r"[ \t]*\n\s*", "\n", text).strip()


def law_title(citation: str) -> str | None:
    """The title between 《》 in a citation, or None.

    Source: F-14 (legal bases are records of their own).
    """
    found = LAW_TITLE.search(citation)
    return found[1] if found else None
