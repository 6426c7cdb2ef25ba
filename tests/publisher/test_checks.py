"""The check of a page before it goes live: quick for the page that is sound, and no less strict for the one that is not."""

import html
import re
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from content.rules import plain_text
from county.privacy import find_personal_data
from publisher import checks
from publisher.checks import faults_of, may_hold_personal_data, personal_data_on
from publisher.page import Page, file_of
from tests.county.numbers import BANK_CARDS, ID_NUMBERS, MOBILES

PAGE = Page("/xxgk/1/", "disclosure.html", "名单", None)
FILES = frozenset({"index.html", "xxgk/1/index.html", "xxgk/7/index.html", "files/甲.pdf"})
BETWEEN = (
    *(
        "",
        " ",
        "-",
        "\n",
        "·",
        "，",
        "　",
        "\u200b",
        "\u00ad",
        "\x00",
        "&nbsp;",
        "&#8203;",
        "&shy;",
        "%20",
        "1",
    ),
    *("<b>", "</b>", '<i title="甲">', "<wbr>", "<br>", "<!-- 1 -->", "<", ">", "</p>", "</td><td>"),
    *('<i title="</p>1">', '<i title="<br>">', "</td>\n<td class='a1'>", "</p\n>", "<b </p> 1>"),
    *(
        "<sup>1</sup>",
        '<sup><a href="#s1">[2]</a></sup>',
        "<sub>7</sub>",
        "<sup>",
        "&amp;nbsp;",
        "&am<b></b>p;",
    ),
)
BEFORE = (
    "",
    "身份证号",
    "V2",
    "Wx<b>3</b>",
    "+86",
    "00<b>86</b>",
    "86",
    "1",
    "12",
    "2 ",
    "%2",
    "&",
    "&#",
    "金额：",
    "X",
)
AFTER = ("", "元", ".50", "X", "0", "<b>0</b>", "<sup>0</sup>", "2026年", "）", ";")
WRITTEN = (
    lambda sign: chr(ord(sign) + 0xFEE0),
    lambda sign: f"&#{ord(sign)};",
    lambda sign: f"&#x{ord(sign):x};",
    lambda sign: f"%{ord(sign):02x}",
)
WHERE = (
    "<p>{}</p>",
    '<a href="/?q={}">甲</a>',
    '<img src="/a.png" alt="{}">',
    '<ol start="{}"><li>甲</li></ol>',
    "<table><tr><td>{}</td><td>8765</td><td>4321</td></tr></table>",
    "{}",
)
thorough = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def hidden_numbers(draw) -> str:
    """A number of a person in HTML, parted and written as those who wish to hide it do."""
    signs = list(
        draw(ID_NUMBERS | MOBILES | BANK_CARDS | st.sampled_from(["139", "13987", "1", "199909-00001"]))
    )
    if draw(st.integers(0, 3)) == 0:
        place = draw(st.integers(0, len(signs) - 1))
        signs[place] = draw(st.sampled_from(WRITTEN))(signs[place])
    if draw(st.booleans()):
        lengths = draw(st.sampled_from([(3, 4, 4), (3, 3, 5), (7, 4), (4,) * 5, (6, 8, 4), (1,) * 18]))
        part, ends = (
            draw(st.sampled_from(BETWEEN)),
            {sum(lengths[:count]) for count in range(1, len(lengths))},
        )
        signs = [part * (place in ends) + sign for place, sign in enumerate(signs)]
    for place in draw(st.lists(st.integers(0, len(signs) - 1), max_size=3)):
        signs[place] = draw(st.sampled_from(BETWEEN)) + signs[place]
    number = draw(st.sampled_from(BEFORE)) + "".join(signs) + draw(st.sampled_from(AFTER))
    return draw(st.sampled_from(WHERE)).format(number)


@thorough
@given(st.lists(hidden_numbers(), min_size=1, max_size=3).map("".join))
def test_where_the_first_look_at_a_page_sees_nothing_the_search_finds_nothing(text):
    """C-10; negative controls: without one of the gaps, or of the groupings, of the first look this fails."""
    assert may_hold_personal_data(text) or not checks._found_on(text, ())


@pytest.mark.parametrize(
    "number",
    [
        "139876<b>54321</b>",
        '139876<i title="</p>1">54321',
        "139876<i title='<br>'>5</i>4321",
        "139&nbsp;8765&nbsp;4321",
        "139876<sup>1</sup>54321",
        "139&#56;7654321",
        "139\u00ad8765\u00ad4321",
        "１３９８７６５４３２１",
        "Wx<b>2</b>13987654321",
        "+<b>86</b>13987654321",
        "<td>139</td>\n<td class='a1'>8765</td><td>4321</td>",
        "\n".join(f"<td>{digit}</td>" for digit in "13987654321"),
        "110105<b>1949</b>1231&nbsp;002X",
        "110105<td>19491231</td><td>002</td><td>x</td>",
    ],
)
def test_the_first_look_sees_a_number_parted_or_hidden_by_markup(number):
    table = f"<table><tr>{number}</tr></table>" if "<td" in number else number

    assert personal_data_on(f"<p>号码：</p>{table}", ())


def test_the_pages_of_a_county_pass_the_first_look(county, build, settings):
    """A page that does not is searched in full: right, but slow for twelve thousand."""
    build()
    pages = [file.read_text("utf-8") for file in settings.live_tree.rglob("*.html")]

    assert len(pages) > 50
    assert not [text for text in pages if may_hold_personal_data(text)]


def slow_emptiness(text):
    main = re.search(r"<main\b.*?</main>", text, re.DOTALL)
    return main is None or "<h1" not in main[0] or len(plain_text(main[0])) < checks.LEAST_TEXT


WORDS = (
    *(
        "<p>",
        "</p>",
        "<br>",
        "<b",
        ">",
        "政府信息公开",
        "政府信息公开表",
        "政府信息公开指南",
        "公\u3000开",
        "\u3000" * 9,
    ),
    *(
        "&amp;",
        "&nbsp;",
        "&",
        "abcdefgh",
        "lt",
        "\n",
        '<a title="',
        '政府信息公开指南">',
        "</p>政府信息公开指南",
    ),
)
SOME_WORDS = st.lists(st.sampled_from(WORDS), max_size=3).map("".join)


@thorough
@given(
    st.tuples(
        SOME_WORDS,
        st.sampled_from(["<main>", '<main id="m">', "<mains>", "<main><main>", ""]),
        st.sampled_from(["<h1>", "<h1 class='a'>", ""]),
        SOME_WORDS,
        st.sampled_from(["</main>", ""]),
        st.sampled_from(["", "<h1>政府信息公开指南</h1>", "</main>"]),
    ).map("".join)
)
@example("<main><h1>" + "\u3000" * 9 + "</main>")
def test_a_page_is_empty_when_its_main_part_has_hardly_a_word(text):
    assert bool(list(checks._emptiness(text))) is slow_emptiness(text)


def slow_look(target, known):
    """Where a link leads, resolved whatever it looks like."""
    if target == "http://localhost" or target.startswith("http://localhost/"):
        target = target[len("http://localhost") :] or "/"
    try:
        parts = urlsplit(urljoin(PAGE.url, target))
    except ValueError:
        return False
    if parts.scheme or parts.netloc:
        return parts.scheme in ("http", "https", "mailto", "tel", "")
    place = unquote(parts.path)
    if place in known or place in ("/svc/search", "/svc/lookup") or place.startswith("/admin/"):
        return True
    return file_of(place) in FILES or file_of(f"{place}/") in FILES


def slow_links(text, known):
    """Every link of the page resolved on its own."""
    faults = []
    for raw in dict.fromkeys(checks.TARGETS.findall(text)):
        target = html.unescape(raw)
        ids = checks.IDS.findall(text)
        if not (target[1:] in ids if target.startswith("#") else slow_look(target, known)):
            faults.append(target)
    return faults


LINKS = (
    *(
        "/",
        "/xxgk/7/",
        "/xxgk/7",
        "/xxgk/8/",
        "../7/",
        "../8/",
        "/a/../xxgk/7/",
        "//host/x",
        "#main",
        "#nowhere",
        "#",
    ),
    *(
        "http://localhost/xxgk/7/",
        "http://localhost/xxgk/8/",
        "http://localhost",
        "https://www.gov.cn",
        "http://[",
    ),
    *(
        "/svc/apply/A1",
        "/svc/apply/A2",
        "/svc/search?q=a&amp;b=c",
        "/files/%E7%94%B2.pdf",
        "/files/甲.pdf",
        "x href=",
    ),
    *("mailto:a@b.cn", "javascript:alert(1)", "/xxgk/7/?a=1", "/xxgk/7/#s1", "", " /", "&#47;"),
)
TAGS = (
    *('<a href="{}">', '<a title="x href=" href="{}">', '<a class="a"\nhref="{}">', '<img src="{}" alt="">'),
    *(
        '<form method="get" action="{}">',
        '<link rel="x" href="{}">',
        '<a data-href="/" href="{}">',
        "<p>{}</p>",
    ),
    *('<area href="{}">', '<a title="xhref="?a href="{}">'),
)


@thorough
@given(
    st.lists(st.builds(str.format, st.sampled_from(TAGS), st.sampled_from(LINKS)), max_size=6), st.booleans()
)
def test_the_faults_of_links_are_those_of_each_link_on_its_own(tags, has_main):
    text = "".join(tags) + '<p id="main">' * has_main
    found = faults_of(PAGE, text, files=FILES, known={"/svc/apply/A1"}, public_url="http://localhost")

    assert found[1:] == [checks._fault_of(target) for target in slow_links(text, {"/svc/apply/A1"})]


class CountedFiles(frozenset):
    """Files that note which were asked for."""

    def __new__(cls, names):
        files = super().__new__(cls, names)
        files.asked = []
        return files

    def __contains__(self, name):
        self.asked.append(name)
        return super().__contains__(name)


def test_a_link_that_leads_somewhere_from_any_page_is_looked_up_once_for_all_pages():
    files, good = CountedFiles(FILES), set()
    text = '<main><h1>关于公布办事指南的通知</h1><a href="/xxgk/7/">甲</a><a href="../7/">乙</a></main>'

    for url in ("/xxgk/1/", "/xxgk/2/", "/zwfw/3/"):
        page = Page(url, "list.html", "列表", None)
        faults = faults_of(page, text, files=files, known=(), public_url="", good=good)
        assert bool(faults) is (url == "/zwfw/3/")

    assert good == {"/xxgk/7/"}


def test_a_link_that_leads_nowhere_is_a_fault_of_every_page_that_has_it():
    good = set()
    text = '<main><h1>关于公布办事指南的通知</h1><a href="/xxgk/8/">甲</a></main>'

    for _ in range(2):
        assert faults_of(PAGE, text, files=FILES, known=(), public_url="", good=good)


@given(MOBILES)
def test_a_number_in_an_address_is_found_however_it_is_encoded(number):
    for written in (number, quote(f"{number[:3]} {number[3:7]} {number[7:]}"), f"%3{number[0]}{number[1:]}"):
        assert personal_data_on(f'<a href="/?q={written}">甲</a>', ())
        assert not personal_data_on(f'<a href="/?q={written}">甲</a>', (f"窗口电话{number}",))
    assert find_personal_data(number)
