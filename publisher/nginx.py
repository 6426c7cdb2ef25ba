"""The configuration of nginx for the live tree, and the list of redirects it reads."""

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, urlsplit

import jinja2

from publisher import headers
from publisher.deploy.errors import DeployError

TEMPLATE = Path(__file__).with_name("nginx.conf.jinja")
UPSTREAM = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):\d{1,5}|unix:/[\w./-]+", re.ASCII)
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII)
UNSAFE_IN_FILES = re.compile(r"[\x00-\x1f\x7f\"'\\$;{}*?\[\]]")
LONGEST_ADDRESS = 2000  # bytes; nginx keeps each in a bucket of a fixed size
NAMED = 5  # old addresses that a refusal names
# What clients leave as it is when they write an address: browsers (in a query less), and those who follow RFC 3986.
IN_PATHS = "/%!$&'()*+,-.:;=@[]_|~"
IN_QUERIES = "/?%!$&()*+,-.:;=@[]_|~`{}"
AS_RFC_3986 = "/?%!$&'()*+,-.:;=@_~"
IN_TARGETS = "/?%!&'()*+,-.:;=@_~#"


def configuration(
    *, tree: Path, public_url: str, upstream: str, redirects_file: Path, port: int | None = None,
    certificate: Path | None = None, certificate_key: Path | None = None, office: str | None = None,
    brotli: bool = False, upload_max_mb: int = 20,
) -> str:  # fmt: skip
    """A file for the http block of nginx. `tree` is the folder served, `upstream` and `office` are HOST:PORT or unix:/path.

    Raises: DeployError, naming what cannot be written into such a file.
    """
    scheme, host, own_port = _origin(public_url)
    if (certificate is None) != (certificate_key is None):
        raise DeployError("证书和私钥须同时给出（--certificate 与 --certificate-key）。")
    if certificate is not None and scheme != "https":
        raise DeployError("使用证书时，ZHUANLAN_PUBLIC_URL 须以 https:// 开头。")
    security = {
        **headers.SECURITY,
        **({"Strict-Transport-Security": headers.HSTS} if scheme == "https" else {}),
    }
    return _template().render(
        tree=_file(tree), redirects_file=_file(redirects_file), optional=_optional, kept=headers, security=security,
        inline="|".join(re.escape(ending) for ending in headers.SHOWN_INLINE), types=headers.TYPES,
        unknown_type=headers.UNKNOWN_TYPE, feed=headers.FEED, feed_type=headers.FEED_TYPE, brotli=brotli,
        scheme=scheme, host=host, port=port or own_port or (443 if certificate else 80),
        certificate=certificate and _file(certificate), certificate_key=certificate_key and _file(certificate_key),
        upstream=_upstream(upstream), office=office and _upstream(office), proxied=_proxied(office, upload_max_mb),
    )  # fmt: skip


def redirect_map(redirects: Iterable[tuple[str, str]]) -> str:
    """Old addresses and new ones as lines of a `map $request_uri`; each old one as the clients of the world write it.

    nginx compares such lines without regard to case; old addresses that differ in nothing else become patterns.

    Raises: DeployError, naming old addresses that are no addresses, too long, or lead to two places.
    """
    targets: dict[str, str] = {}
    refused = []
    for old, new in redirects:
        usable = [
            _is_usable(written, new) and targets.setdefault(written, new) == new
            for written in _as_clients_write(old)
        ]
        if not all(usable):
            refused.append(old)
    if refused:
        named = "、".join(repr(old) for old in refused[:NAMED])
        raise DeployError(f"{len(refused)} 个旧地址不能转向（{named}）：须以 / 开头，不过长，且只转向一处。")
    alike = defaultdict(list)
    for written in targets:
        alike[written.lower()].append(written)
    lines = [
        f"{_quoted(_pattern(written) if len(group) > 1 else written)} {_quoted(_target(targets[written]))};\n"
        for group in alike.values()
        for written in group
    ]
    return "".join(sorted(lines))


def _as_clients_write(old: str) -> set[str]:
    sent = old.partition("#")[0]
    path, mark, query = sent.partition("?")
    in_browsers = _sent(path, IN_PATHS) + mark + _sent(query, IN_QUERIES)
    return {in_browsers, _sent(sent, AS_RFC_3986)}


def _sent(text: str, as_it_is: str) -> str:
    return quote(text.encode("utf-8", "surrogateescape"), safe=as_it_is)


def _is_usable(old: str, new: str) -> bool:
    both_ours = all(address.startswith("/") and not address.startswith("//") for address in (old, new))
    return both_ours and len(old) <= LONGEST_ADDRESS and old != _target(new)


def _target(new: str) -> str:
    return quote(new, safe=IN_TARGETS)


def _pattern(written: str) -> str:
    return "~^" + re.sub(r"[^A-Za-z0-9/%_-]", r"[\g<0>]", written) + "$"


def _template() -> jinja2.Template:
    environment = jinja2.Environment(  # noqa: S701  the file is no HTML; its own filters quote
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["quoted"] = _quoted
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8"))


def _quoted(text: str) -> str:
    """As one word of the configuration, whatever is in it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _optional(file: str) -> str:
    """A pattern that only this file matches: nginx does not mind when a pattern matches nothing."""
    return f"{file[:-1]}[{file[-1]}]"


def _proxied(office: str | None, upload_max_mb: int) -> list[tuple[str, str, int]]:
    ours, office_name = "zhuanlan_application", "zhuanlan_office" if office else "zhuanlan_application"
    return [
        ("^~ /svc/", ours, 1), ("^~ /admin/", office_name, upload_max_mb + 2), ("= /healthz", ours, 1),
        ("= /readyz", ours, 1),
    ]  # fmt: skip


def _origin(public_url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port, if one is written, of the address citizens use."""
    try:
        parts = urlsplit(public_url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    is_root = parts.path in ("", "/") and not parts.query and parts.username is None
    if parts.scheme not in ("http", "https") or not is_root or not (HOST.fullmatch(host) or _is_ipv6(host)):
        raise DeployError("ZHUANLAN_PUBLIC_URL 须是 https:// 加域名，例如 https://www.example.gov.cn。")
    return parts.scheme, host if HOST.fullmatch(host) else f"[{host}]", port


def _is_ipv6(host: str) -> bool:
    try:
        return bool(ipaddress.IPv6Address(host))
    except ValueError:
        return False


def _upstream(place: str) -> str:
    if not UPSTREAM.fullmatch(place):
        raise DeployError(f"“{place}”不能作为应用的地址，请写成 127.0.0.1:8000 或 unix:/路径。")
    return place


def _file(file: Path) -> str:
    if not file.is_absolute() or UNSAFE_IN_FILES.search(str(file)):
        raise DeployError(
            f"路径“{file}”不能写入 nginx 配置：须是完整路径，不含引号、$、;、{{}}、*、?、[] 等字符。"
        )
    return str(file)
