"""The generated configuration in a real nginx."""

import gzip
import http.client
import os
import ssl
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from publisher import headers
from publisher.deploy import DeployError
from publisher.nginx import configuration, redirect_map
from tests.publisher.trees import COUNTY, LiveTree, replace
from tests.publisher.web_server import Answer, Nginx, free_port

pytestmark = [
    pytest.mark.nginx,
    pytest.mark.sqlite,
]  # what a web server is told is the same whatever the database
FILES = {
    **COUNTY,
    "files/ab/abce.pdf": "%PDF-1.4",
    "files/ab/abcf.html": "<script>1</script>",
    "xxgk/12/index.html": "<h1>本信息已撤回</h1>" * 50,
    "xxgk/12/gone": "",
    "xxgk/c/gone/index.html": "<h1>编码恰为 gone 的栏目</h1>",
    "old/show.jsp": "<h1>已移至新地址</h1>",
    "empty/.keep": "",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An installation's site folder, with the release that `current` leads to and a secret beside it."""
    home = tmp_path_factory.mktemp("home 县")
    tree = LiveTree(home / "site/releases/1", FILES)
    (home / "site/current").symlink_to("releases/1")
    (home / "secret.txt").write_text("secret")
    (tree.folder / "out.txt").symlink_to(home / "secret.txt")
    (tree.folder / "outside").symlink_to(home)
    replace(tree.folder / ".zhuanlan-manifest.json", b"{}")
    return home


@pytest.fixture(scope="module")
def tree(home):
    tree = object.__new__(LiveTree)
    tree.folder = home / "site/releases/1"
    return tree


@pytest.fixture(scope="module")
def application():
    """In place of gunicorn: says what it was asked, with two headers of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            said = f"{self.command} {self.path}\n{self.headers}".encode()
            self.send_response(200)
            self.send_header("Content-Security-Policy", "the application's own")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def do_POST(self):
            self.do_GET()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def settle_configuration(home, application):
    def text(**given):
        return configuration(
            **{
                "tree": home / "site/current", "public_url": "http://www.qingya.example", "upstream": application,
                "redirects_file": home / "site/redirects.map", **given,
            }
        )  # fmt: skip

    return text


@pytest.fixture(scope="module")
def nginx(tmp_path_factory, settle_configuration):
    port = free_port()
    server = Nginx(tmp_path_factory.mktemp("nginx") / "run", settle_configuration(port=port), port).start()
    yield server
    server.stop()


@pytest.fixture
def door(make_app, settings, home):
    """The same tree behind the door `site`."""
    settings.site_folder.parent.mkdir(exist_ok=True)
    settings.site_folder.symlink_to(home / "site")
    return make_app("site").test_client()


ALIKE = (
    "/", "/xxgk/1/", "/xxgk/1/index.html", "/xxgk/1", "/xxgk/1?a=1&b=%20", "/assets/site.01234567.css",
    "/assets/chrome.json", "/feed.xml", "/files/ab/abcd.docx", "/files/ab/abce.pdf", "/files/ab/abcf.html", "/nothing",
    "/nothing/", "/files/ab/nothing.pdf", "/assets/", "/empty/", "/xxgk/12/", "/xxgk/12",
    "/xxgk/12/index.html", "/xxgk/12/gone", "/xxgk/12/gone/", "/xxgk/c/gone/", "/xxgk/c/gone", "/out.txt",
    "/outside/secret.txt", "/outside/", "/.zhuanlan-manifest.json", "/empty/.keep", "/index.html.gz",
    "/assets/chrome.json.br", "/404.html", "/old/show.jsp", "/old/show.jsp?x=1",
)  # fmt: skip


@pytest.mark.parametrize("address", ALIKE)
def test_nginx_answers_as_the_door_of_the_site_does(nginx, door, address):
    theirs, ours = nginx.get(address), door.get(address, buffered=True)

    assert theirs.status == ours.status_code
    if theirs.status != 301:
        assert theirs.body == ours.data
        assert theirs["Content-Type"] == ours.headers["Content-Type"]
        assert (theirs["Content-Disposition"] or "").split(";")[0] == (
            ours.headers.get("Content-Disposition", "").split(";")[0].replace("inline", "")
        )
    else:
        assert theirs["Location"] == ours.headers["Location"]
    if address != "/404.html" and theirs.status != 301:
        assert theirs["Cache-Control"] == ours.headers["Cache-Control"]
    for name in (*headers.SECURITY, "Strict-Transport-Security"):
        assert theirs[name] == ours.headers.get(name), name


def test_the_headers_of_safety_are_those_of_the_application(make_app):
    sent = make_app("site").test_client().get("/").headers

    assert {name: sent[name] for name in headers.SECURITY} == headers.SECURITY
    assert {
        name
        for name, _ in sent
        if name.lower().startswith(("cross-", "x-", "permissions", "referrer", "content-sec"))
    } == {*headers.SECURITY}


@pytest.mark.parametrize(
    ("address", "status", "text"),
    [
        ("/", 200, "信息公开"), ("/xxgk/1/", 200, "附件"), ("/nothing", 404, "没有找到"), ("/xxgk/12/", 410, "已撤回"),
        ("/xxgk/12/gone", 404, "没有找到"), ("/.zhuanlan-manifest.json", 404, "没有找到"),
        ("/.well-known/", 404, "没有找到"), ("/xxgk/.git/config", 404, "没有找到"),
    ],
)  # fmt: skip
def test_each_answer_has_its_status_and_its_page(nginx, address, status, text):
    answer = nginx.get(address)

    assert (answer.status, text in answer.text) == (status, True)
    assert answer["Server"] == "nginx"


@pytest.mark.parametrize(
    "address",
    [
        "/../secret.txt", "/%2e%2e/%2e%2e/secret.txt", "/xxgk/../../../secret.txt", "/..%2f..%2f..%2fsecret.txt",
        "/..\\..\\secret.txt", "/%5c..%5csecret.txt", "//etc/passwd", "/outside/secret.txt", "/out.txt", "/%00", "/files/",
        "/files/ab/", "/files/../../../secret.txt", "/xxgk/12/%2e%2e/%2e%2e/%2e%2e/secret.txt", "/svc/../../secret.txt",
        "/assets../../secret.txt", "/files../secret.txt",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_the_tree_or_lists_a_folder(nginx, address):
    answer = nginx.get(address)

    assert answer.status in (400, 404)
    assert "secret" not in answer.text.lower()
    assert "abcd" not in answer.text


def test_a_page_that_has_not_changed_is_not_sent_again(nginx):
    first = nginx.get("/xxgk/1/")

    by_tag = nginx.get("/xxgk/1/", If_None_Match=first["ETag"])
    by_time = nginx.get("/xxgk/1/", If_Modified_Since=first["Last-Modified"])

    assert (by_tag.status, by_tag.body, by_time.status) == (304, b"", 304)
    assert by_tag["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert nginx.get("/xxgk/1/", If_None_Match='"other"').status == 200


def test_a_page_that_is_replaced_appears_at_once(nginx, tree):
    tree.put("xxgk/77/index.html", "<h1>前</h1>")
    first = nginx.get("/xxgk/77/")
    tree.put("xxgk/77/index.html", "<h1>后来</h1>")
    second = nginx.get("/xxgk/77/", If_None_Match=first["ETag"])
    packed = nginx.get("/xxgk/77/", Accept_Encoding="gzip")

    assert (first.text, second.status, second.text) == ("<h1>前</h1>", 200, "<h1>后来</h1>")
    assert gzip.decompress(packed.body).decode() == "<h1>后来</h1>"


def test_a_release_that_is_switched_to_appears_at_once(tmp_path, settle_configuration):
    LiveTree(tmp_path / "site/1", {"index.html": "one"})
    LiveTree(tmp_path / "site/2", {"index.html": "two"})
    (tmp_path / "site/current").symlink_to("1")
    port = free_port()
    server = Nginx(
        tmp_path / "nginx", settle_configuration(tree=tmp_path / "site/current", port=port), port
    ).start()
    try:
        first = server.get("/").text
        (tmp_path / "site/next").symlink_to("2")
        os.replace(tmp_path / "site/next", tmp_path / "site/current")
        assert (first, server.get("/").text) == ("one", "two")
    finally:
        server.stop()


def test_the_compressed_twin_is_sent_to_those_who_take_it(nginx, tree):
    packed = nginx.get("/xxgk/1/", Accept_Encoding="gzip")
    plain = nginx.get("/xxgk/1/")

    assert packed["Content-Encoding"] == "gzip"
    assert packed.body == (tree.folder / "xxgk/1/index.html.gz").read_bytes()
    assert (plain["Content-Encoding"], plain.text) == (None, COUNTY["xxgk/1/index.html"])
    assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"
    assert packed["Content-Type"] == "text/html; charset=utf-8"


def test_a_withdrawal_and_its_end_need_no_reload(nginx, tree):
    tree.put("xxgk/78/index.html", "<h1>公告</h1>")
    before = nginx.get("/xxgk/78/")
    tree.put("xxgk/78/index.html", "<h1>已撤回</h1>")
    tree.put("xxgk/78/gone", "")
    withdrawn = nginx.get("/xxgk/78/", If_None_Match=before["ETag"])
    packed = nginx.get("/xxgk/78/index.html", Accept_Encoding="gzip")
    (tree.folder / "xxgk/78/gone").unlink()
    back = nginx.get("/xxgk/78/")

    assert (before.status, withdrawn.status, packed.status, back.status) == (200, 410, 410, 200)
    assert withdrawn.text == gzip.decompress(packed.body).decode() == "<h1>已撤回</h1>"
    assert withdrawn["Cache-Control"] == "no-store"
    assert withdrawn["Content-Type"] == "text/html; charset=utf-8"
    assert nginx.get("/xxgk/78").status == 301


def test_a_page_may_only_be_read(nginx):
    assert nginx.get("/xxgk/1/", method="POST", Content_Length="0").status == 405
    head = nginx.get("/xxgk/1/", method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_a_folder_without_its_slash_leads_to_the_slash_whatever_the_host(nginx):
    answer = nginx.get("/xxgk/1?a=1&b=2", Host="evil.example")

    assert (answer.status, answer["Location"]) == (301, "/xxgk/1/?a=1&b=2")


@pytest.mark.parametrize(
    "address", ["/svc/search?q=%E6%B0%B4", "/svc/.x/../y", "/admin/", "/healthz", "/readyz"]
)
def test_the_application_is_asked_with_the_address_of_the_visitor(nginx, address):
    answer = nginx.get(address, X_Forwarded_For="1.2.3.4")

    said = answer.text.splitlines()
    assert said[0].startswith(f"GET {address.split('/.')[0]}")
    assert "Host: www.qingya.example" in said
    assert "X-Forwarded-For: 1.2.3.4, 127.0.0.1" in said
    assert "X-Forwarded-Proto: http" in said
    assert answer["Content-Security-Policy"] == "the application's own"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] is None
    assert answer["X-Static"] is None


def test_metrics_are_not_public_and_admin_leads_to_its_slash(nginx):
    assert nginx.get("/metrics").status == 404
    assert nginx.get("/admin")["Location"] == "/admin/"


def test_while_the_application_is_away_the_pages_stay(tmp_path, settle_configuration):
    port = free_port()
    text = settle_configuration(port=port, upstream=f"127.0.0.1:{free_port()}")
    server = Nginx(tmp_path / "nginx", text, port).start()
    try:
        answer = server.get("/svc/search")
        assert answer.status == 503
        assert "稍后再试" in answer.text
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert server.get("/xxgk/1/").status == 200
    finally:
        server.stop()


HOSTILE = (
    "/旧网站/公告.html", "/old/show.asp?id=12", "/old/SHOW.asp?id=13", "/old/a b.html", '/old/"quoted".html', "/old/'.html",
    "/old/a;b.html", "/old/{a}.html", "/old/$uri.html", "/old/${host}", "/old/\n.html", "/old/\r\nX-Evil: 1", "/old/\\.html",
    "/old/~x", "/old/#part", "/old/%E4%B8%AD.html", "/old/[1].html", "/old/(1).html", "/old/a|b^c`d.html",
    "/old/;} return 200 hacked; #", "/old/*.?x=<script>", "/old/\t\x7f", "/old/q?a='1'&b={2}`", "/default", "/include", "/old/é", "/old/@a:b!c,d",
)  # fmt: skip


def as_chromium_asks(old: str) -> str:
    """The request line of a browser (WHATWG URL, path and query percent-encode sets)."""
    path, mark, query = old.partition("#")[0].partition("?")
    sent = "".join(_encoded(c, ' "#<>?`{}^') for c in path)
    return sent + mark + "".join(_encoded(c, " \"#<>'") for c in query)


def _encoded(character: str, also: str) -> str:
    needs = not 0x20 <= ord(character) < 0x7F or character in also
    return "".join(f"%{byte:02X}" for byte in character.encode()) if needs else character


@pytest.fixture(scope="module")
def redirecting(tmp_path_factory, settle_configuration):
    """A server with hostile old addresses, and many ordinary ones."""
    folder = tmp_path_factory.mktemp("redirecting")
    hostile = {old: f"/xxgk/{number}/" for number, old in enumerate(HOSTILE) if old != "/old/#part"}
    many = {f"/art/2019/{number}/art_{number}.html": f"/xxgk/{number}/" for number in range(20_000)}
    strange = {"/old/strange": "/xxgk/$uri/\r\nX-Evil: 1"}
    (folder / "redirects.map").write_text(redirect_map([*hostile.items(), *many.items(), *strange.items()]))
    port = free_port()
    text = settle_configuration(port=port, redirects_file=folder / "redirects.map")
    server = Nginx(folder / "run", text, port).start()
    yield server, {**hostile, "/art/2019/19999/art_19999.html": "/xxgk/19999/"}
    server.stop()


def test_old_addresses_lead_to_the_new_ones_however_they_are_written(redirecting):
    server, redirects = redirecting

    for old, new in redirects.items():
        if "\\" in old or "|" in old:  # browsers make a slash of the one; of the other they differ
            continue
        answer = server.get(as_chromium_asks(old))
        assert (answer.status, answer["Location"]) == (301, new), old
    assert server.get("/old/a%7cb%5ec%60d.html")["Location"] == redirects["/old/a|b^c`d.html"]
    assert server.get("/old/%5c.html")["Location"] == redirects["/old/\\.html"]
    assert (
        server.get("/%E6%97%A7%e7%bd%91%e7%ab%99/%E5%85%AC%E5%91%8A.html")["Location"]
        == redirects["/旧网站/公告.html"]
    )


def test_case_tells_old_addresses_apart_only_where_it_must(redirecting):
    server, redirects = redirecting

    assert server.get("/OLD/A%20B.html")["Location"] == redirects["/old/a b.html"]
    assert server.get("/xxgk/1/").status == 200
    assert server.get("/art/2019/20000/art_20000.html").status == 404


def test_where_a_redirect_leads_is_no_place_for_tricks(redirecting):
    server, _ = redirecting

    answer = server.get("/old/strange")

    assert answer["Location"] == "/xxgk/%24uri/%0D%0AX-Evil:%201"
    assert answer["X-Evil"] is None


def test_addresses_that_differ_in_case_alone_each_lead_to_their_own_place(tmp_path, settle_configuration):
    pairs = [("/Show.asp?id=1", "/xxgk/1/"), ("/show.asp?id=1", "/xxgk/2/"), ("/SHOW.asp?id=1", "/xxgk/3/")]
    (tmp_path / "redirects.map").write_text(redirect_map(pairs))
    port = free_port()
    text = settle_configuration(port=port, redirects_file=tmp_path / "redirects.map")
    server = Nginx(tmp_path / "run", text, port).start()
    try:
        assert [server.get(old)["Location"] for old, _ in pairs] == [new for _, new in pairs]
        assert server.get("/shOwXasp?id=1").status == 404
    finally:
        server.stop()


@pytest.mark.parametrize(
    "pairs",
    [
        [("old.html", "/xxgk/1/")], [("//evil.example/", "/xxgk/1/")], [("/old", "https://evil.example/")], [("/old", "//evil")],
        [("/a" * 1100, "/xxgk/1/")], [("/old", "/xxgk/1/"), ("/old", "/xxgk/2/")], [("/xxgk/1/", "/xxgk/1/")], [("", "/xxgk/1/")],
    ],
)  # fmt: skip
def test_what_is_no_redirect_is_refused_by_name(pairs):
    with pytest.raises(DeployError, match="个旧地址不能转向"):
        redirect_map([("/fine", "/xxgk/9/"), *pairs])


@tried(max_examples=300)
@given(st.text(max_size=40), st.text(max_size=40))
def test_no_address_breaks_out_of_its_line(old, new):
    line = redirect_map([("/1" + old, "/2" + new)])

    for each in line.splitlines():
        key, value = each.removesuffix(";")[1:-1].split('" "')
        assert each.isascii()
        assert each.count('"') == 4
        assert not set(value) & set("$;{}\\\"' \n\r") - set("';")
        assert not set(key) & set('"\\ \n\r')


@pytest.mark.parametrize(
    "given",
    [
        {"tree": Path("relative")}, {"tree": Path("/srv/$uri")}, {"tree": Path('/srv/";')}, {"tree": Path("/srv/a\nb")},
        {"tree": Path("/srv/{a}")}, {"redirects_file": Path("/srv/*.map")}, {"upstream": "127.0.0.1:8000; }"},
        {"upstream": "127.0.0.1"}, {"upstream": "$host:80"}, {"office": "a b:1"}, {"public_url": "https://a b/"},
        {"public_url": "https://a;b/"}, {"public_url": "ftp://x"}, {"public_url": "https://x/site"}, {"public_url": ""},
        {"public_url": "https://x:port/"}, {"public_url": "https://u:p@x/"}, {"certificate": Path("/c.pem")},
        {"certificate": Path("/c.pem"), "certificate_key": Path("/k.pem")},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_stand_in_the_file_is_refused(settle_configuration, given):
    with pytest.raises(DeployError):
        settle_configuration(**given)


def test_the_host_may_be_chinese_and_the_office_apart(settle_configuration):
    text = settle_configuration(public_url="https://青崖县.政务.cn", office="10.0.0.2:8001", brotli=True)

    assert "server_name xn--" in text
    assert "server 10.0.0.2:8001;" in text
    assert text.isascii() is False  # the words for visitors
    assert "\n    brotli_static on;" in text


def test_with_a_certificate_it_speaks_tls_and_sends_others_there(tmp_path, settle_configuration, monkeypatch):
    own_certificate(tmp_path)
    port = free_port()
    text = settle_configuration(
        public_url=f"https://localhost:{port}",
        certificate=tmp_path / "cert.pem",
        certificate_key=tmp_path / "key.pem",
    )
    plain = free_port()
    server = Nginx(tmp_path / "run", text.replace("listen 80;", f"listen {plain};"), plain).start()
    try:
        elsewhere = server.get("/xxgk/1/?a=1", Host="evil.example")
        trusting = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        connection = http.client.HTTPSConnection("localhost", port, context=trusting)
        connection.request("GET", "/svc/x")
        answer = Answer(connection.getresponse())
        connection.request("GET", "/xxgk/1/")
        page = Answer(connection.getresponse())
        connection.close()
    finally:
        server.stop()

    assert (elsewhere.status, elsewhere["Location"]) == (301, f"https://localhost:{port}/xxgk/1/?a=1")
    assert "X-Forwarded-Proto: https" in answer.text
    assert page["Strict-Transport-Security"] == "max-age=31536000"


def own_certificate(folder: Path) -> None:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def test_nothing_is_said_on_loading(settle_configuration, tmp_path):
    """Warnings would be about an option of old or a hash that is too small."""
    port = free_port()

    tested = Nginx(tmp_path / "run", settle_configuration(port=port), port).run("-t")

    assert tested.returncode == 0
    assert [line for line in tested.stderr.splitlines() if "[" in line] == []
