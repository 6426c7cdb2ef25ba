"""What goes live first."""

import pytest

from publisher.order import going_live, rank


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("assets/site.0123abcd.css", 0), ("files/ab/abcd.pdf", 0), ("files/ab/abcd.tar.gz", 0),
        ("xxgk/12/index.html", 1), ("xxgk/12/gone", 1), ("zwfw/7/index.html", 1), ("hudong/3/index.html", 1),
        ("zwfw/7/index.html.gz", 1), ("old/show.asp/index.html", 1), ("xxgk2/1.html", 1),
        ("xxgk/c/gfxwj/index.html", 2), ("xxgk/c/gfxwj/3.html", 2), ("zwfw/o/4/index.html", 2), ("hudong/2.html", 2),
        ("xxgk/ml/index.html", 2), ("xxgk/c/gfxwj/3.html.br", 2),
        ("xxgk/index.html", 3), ("hudong/index.html", 3), ("dzjc/index.html", 3), ("map.html", 3),
        ("index.html", 4), ("index.html.gz", 4), ("404.html", 4), ("feed.xml", 4), ("xxgk/c/gfxwj/feed.xml", 4),
        ("sitemap.xml", 4), ("sitemap-1.xml", 4), ("robots.txt", 4),
        ("assets/chrome.json", 5), ("assets/chrome.json.br", 5),
    ],
)  # fmt: skip
def test_what_leads_to_others_goes_live_after_them(path, place):
    assert rank(path) == place


def test_a_new_list_is_there_before_a_changed_page_leads_to_it():
    added = ["xxgk/c/new/index.html", "xxgk/13/index.html", "assets/a.css"]
    changed = ["assets/chrome.json", "index.html", "xxgk/12/gone", "xxgk/12/index.html", "xxgk/index.html"]

    assert going_live(added, changed) == [
        ("assets/a.css",),
        ("xxgk/13/index.html",),
        ("xxgk/c/new/index.html",),
        ("xxgk/12/index.html", "xxgk/12/gone"),
        ("xxgk/index.html",),
        ("index.html",),
        ("assets/chrome.json",),
    ]
