"""What is typed as Markdown comes out as a page can hold it: headings in an outline below its own, columns aligned as asked."""

import re

import pytest

from content.rules.text import render_markdown


@pytest.mark.parametrize(
    ("typed", "levels"),
    [
        ("### 一\n\n### 二", "22"),
        ("# 一\n\n#### 二\n\n### 三", "233"),
        ("## 一\n\n##### 二\n\n### 三\n\n#### 四\n\n## 五", "23342"),
        ("<h4>一</h4>\n\n<h2>二</h2>\n\n<h3>三</h3>", "223"),
    ],
    ids=["too low", "skipped", "up and down", "typed as HTML"],
)
def test_headings_of_a_body_begin_at_the_second_level_and_skip_none(typed, levels):
    rendered = render_markdown(typed)

    assert re.findall(r"<h(\d)", rendered) == list(levels)
    assert re.findall(r"</h(\d)", rendered) == list(levels)
    assert re.findall(r'id="(s\d)"', rendered) == [f"s{number}" for number in range(1, len(levels) + 1)]


def test_a_column_typed_as_aligned_right_comes_out_so():
    assert '<td align="right">3,486.2</td>' in render_markdown(
        "| 项目 | 万元 |\n|---|---:|\n| 合计 | 3,486.2 |"
    )
