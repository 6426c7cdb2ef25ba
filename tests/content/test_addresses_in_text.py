"""Addresses in a body that pose as our own."""

import pytest

from content.rules.text import clean_html


@pytest.mark.parametrize(
    "place", ["//evil.example/x.png", "/\\evil.example/x.png", "/\t/evil.example/x.png", "/\n/evil.example"]
)
def test_no_picture_comes_from_another_host_however_its_address_is_written(place):
    """A-08; negative control tried: with the old rule, src="//evil.example" was kept."""
    assert "evil" not in clean_html(f'<img src="{place}" alt="图">')
    assert 'src="/files/a.png"' in clean_html('<img src="/files/a.png" alt="图">')


def test_an_address_with_control_characters_is_no_link():
    assert "href" not in clean_html('<a href="/\t/evil.example">甲</a>')
    assert 'href="/xxgk/1/"' in clean_html('<a href="/xxgk/1/">甲</a>')
