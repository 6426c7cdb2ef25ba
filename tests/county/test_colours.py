"""A county chooses one colour; what follows from it can be read."""

import pytest

from county.colours import DARK_PAPER, WHITE, check_colour, contrast, palette
from county.errors import RefusedError


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#ffffff", "#000000", 21), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_that_of_the_guidelines(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("colour", ["#777777", "#ffd23f", "red", "#12345", "#0E5264"])
def test_a_colour_on_which_white_cannot_be_read_is_refused_with_the_ratio(colour):
    with pytest.raises(RefusedError) as refused:
        check_colour(colour)
    assert refused.value.field == "colour"
    assert "对比度" in refused.value.message or "六位" in refused.value.message


@pytest.mark.parametrize(
    "colour", ["#0e5264", "#b3161b", "#004a9c", "#2b6b1f", "#000000", "#757575", "#5b2a86"]
)
def test_links_can_be_read_on_every_ground_of_the_palette(colour):
    check_colour(colour)
    light, dark = palette(colour)
    for ground in (WHITE, light["soft"], light["band"]):
        assert contrast(light["link"], ground) >= 4.5
        assert contrast(light["deep"], ground) >= 4.5
    for ground in (DARK_PAPER, dark["soft"], dark["band"]):
        assert contrast(dark["link"], ground) >= 4.5
        assert contrast("#a9b7bc", ground) >= 4.5, "quiet text"
