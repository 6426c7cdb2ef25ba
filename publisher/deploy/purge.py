"""Telling the caches in front of the site which addresses to fetch anew."""

import ipaddress
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import urllib3

from publisher.deploy.errors import DeployError
from publisher.order import MARK

BATCH = 500  # addresses in one call
TRIES = 4
TIMEOUT_S = 10
LONGEST_PAUSE_S = 30
WORTH_ANOTHER_TRY = (429, 500, 502, 503, 504)
INDEX = "index.html"


@dataclass(frozen=True)
class Purge:
    """The webhook of a cache. Its token is sent as a bearer token and shown nowhere.

    Raises: DeployError if the address is none, or the token would cross a network unencrypted.
    """

    url: str
    token: str = field(default="", repr=False)
    pause_s: float = 0.5  # before the second try, doubled before each further one

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise DeployError(
                "ZHUANLAN_PURGE_URL 须是 https:// 开头的网址，其中不写用户名（口令写在 ZHUANLAN_PURGE_TOKEN）。"
            )
        if parts.scheme == "http" and self.token and not _is_this_machine(parts.hostname):
            raise DeployError("ZHUANLAN_PURGE_URL 须以 https:// 开头，否则口令会以明文传送。")

    def send(self, release: str, addresses: Sequence[str]) -> str:
        """Have the caches drop these addresses; return what went wrong, in Chinese, or nothing."""
        retries = urllib3.Retry(
            TRIES - 1, redirect=0, backoff_factor=self.pause_s, backoff_max=LONGEST_PAUSE_S,
            retry_after_max=LONGEST_PAUSE_S, status_forcelist=WORTH_ANOTHER_TRY, allowed_methods=None,
            raise_on_status=False, raise_on_redirect=False,
        )  # fmt: skip
        with urllib3.PoolManager(retries=retries, timeout=TIMEOUT_S) as pool:
            for start in range(0, len(addresses), BATCH):
                if failure := self._call(pool, release, addresses[start : start + BATCH]):
                    return failure
        return ""

    def _call(self, pool: urllib3.PoolManager, release: str, addresses: Sequence[str]) -> str:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = json.dumps({"release": release, "paths": list(addresses)}).encode()
        try:
            answer = pool.request("POST", self.url, body=body, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            return f"无法连接缓存服务（{type(error).__name__}）"
        return "" if 200 <= answer.status < 300 else f"缓存服务回答 {answer.status}"


def addresses_of(paths: Iterable[str]) -> list[str]:
    """The addresses at which files of the tree are read: a folder by its slash, the rest percent-encoded."""
    found = set()
    for path in paths:
        folder, _, name = path.rpartition("/")
        read_at = f"{folder}/" if name in (INDEX, MARK) else path
        found.add("/" + quote(read_at.lstrip("/"), safe="/~!$&'()*+,;=:@"))
    return sorted(found)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
