"""Codes for print are those another encoder makes, and stand on paper only."""

import hashlib
import re

import pytest

from publisher.qr import qr_matrix, qr_svg

ADDRESS = "https://www.qingya.gov.cn/zwfw/" + "8" * 200
MADE_BY_SEGNO = (  # bytes that fill a version, the version, the hash of its modules (segno 1.6.6, level M, mask 0)
    (14, 1, "84467e3ee5fa8f79"),
    (26, 2, "8d747e3d95061b4a"),
    (42, 3, "4c82b61fdb8e4209"),
    (62, 4, "0f7c6311e37dced6"),
    (84, 5, "62b3a7f48e31f07c"),
    (106, 6, "6fc35692ee36ceea"),
)


@pytest.mark.parametrize(("length", "version", "digest"), MADE_BY_SEGNO)
def test_a_code_is_module_for_module_that_of_another_encoder(length, version, digest):
    rows = qr_matrix(ADDRESS[:length].encode())
    text = "\n".join("".join(map(str, row)) for row in rows)

    assert len(rows) == 17 + 4 * version
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == digest


@pytest.mark.parametrize("length", [1, 13, 14, 15, 27, 40, 61, 63, 85, 106])
def test_the_drawing_has_the_modules_of_the_code(length):
    text = ADDRESS[:length]
    drawn = [
        "".join(("1" if kind == "h" else "0") * int(run) for kind, run in re.findall(r"([hm])(\d+)", row))
        for row in re.findall(r"M4 [\d.]+([hm\d ]+)", qr_svg(text))
    ]

    assert drawn == ["".join(map(str, row)) for row in qr_matrix(text.encode())]


def test_an_address_too_long_for_a_small_code_has_none():
    assert qr_svg(ADDRESS) == ""


def test_guides_have_the_code_of_their_address_and_other_pages_none(county, build, live):
    build()

    assert live("/zwfw/48/").count('<div class="qr" aria-hidden="true"><svg') == 1
    [address] = re.findall(r'rel="canonical" href="([^"]+)"', live("/zwfw/48/"))
    assert qr_svg(address) in live("/zwfw/48/")
    assert 'class="qr"' not in live("/xxgk/1/")
