"""A build is checked, goes live in one step or not at all, and says what it did."""


def test_a_small_county_is_published(county, build, live, settings):
    report = build()

    assert report.blocked == ()
    assert report.pages > 60
    assert "青崖县" in live("/")
