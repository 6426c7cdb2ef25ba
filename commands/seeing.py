"""Reading back: whether readers find at the public address what a publication put there."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

import publisher
from county.ledger import Errand
from database import db
from installation import settings

ALL_IN_S = 3.0  # publications wait meanwhile; what was not seen is asked for again later
ONE_ANSWER = Timeout(connect=1.0, read=2.0)
LARGEST_PAGE = 8 * 1024 * 1024  # bytes; beyond it nothing is a page of ours
PART = 256 * 1024
MOST_REDIRECTS = 3
REDIRECTS = (301, 302, 303, 307, 308)
GONE = (404, 410)
HEADERS = {"Accept-Encoding": "identity", "Cache-Control": "no-cache", "User-Agent": "zhuanlan-read-back"}


class NotSeenError(Exception):
    """A publication is not to be read at the public address, or not yet. The message says why, in Chinese."""


def see_live(errands: Sequence[Errand]) -> None:
    """Read back what publications put live, and note when it was seen, or why not.

    Raises: NotSeenError; what was noted is committed, and the errand is for another time.
    """
    base = settings().read_back_url
    for errand in errands:
        publication = int(errand.key)
        try:
            if base:  # nowhere to look any more: nothing is owed
                look(base, publisher.expected(publication))
        except NotSeenError as fault:
            publisher.see(publication, at=None, note=str(fault))
            db.session.commit()
            raise
        publisher.see(publication, at=datetime.now(UTC) if base else None)
        db.session.commit()


def look(base: str, pages: Sequence[publisher.Expected]) -> None:
    """Ask for each of these pages as a reader does.

    Raises: NotSeenError at the first that is not as it should be.
    """
    db.session.commit()  # a slow web server must not keep a transaction open
    with urllib3.PoolManager(timeout=ONE_ANSWER, retries=False, headers=HEADERS) as pool:
        visit = Visit(pool, base, time.monotonic() + ALL_IN_S)
        for page in pages:
            visit.check(page)


@dataclass(frozen=True)
class Visit:
    """One round of reading at a web server, over at a moment of the monotonic clock."""

    pool: urllib3.PoolManager
    base: str
    until: float

    def check(self, page: publisher.Expected) -> None:
        """Raises: NotSeenError unless a reader finds at this page what is expected."""
        try:
            status, body, was_led_on = self._read(page.address)
        except HTTPError as error:
            raise NotSeenError(f"{page.address} 没有回应（{type(error).__name__}）") from None
        if page.may_be_gone and (status in GONE or was_led_on):
            return
        if status != 200:
            raise NotSeenError(f"{page.address} 返回状态 {status}")
        if hashlib.sha256(body).hexdigest() not in page.hashes:
            raise NotSeenError(f"{page.address} 的内容与发布的不同，可能是缓存或内容分发网络仍在提供旧页面")

    def _read(self, address: str) -> tuple[int, bytes, bool]:
        """Status and body of what answers at an address, and whether that is another address of the same host."""
        url = self.base + address
        for turn in range(MOST_REDIRECTS + 1):
            response = self.pool.request("GET", url, redirect=False, preload_content=False)
            body = self._body(response)
            target = response.headers.get("Location")
            if response.status not in REDIRECTS or not target:
                return response.status, body, turn > 0
            url = urljoin(url, target)
            if urlsplit(url)[:2] != urlsplit(self.base)[:2]:
                raise NotSeenError(f"{address} 被转到另一台主机 {urlsplit(url).netloc[:100]}")
        raise NotSeenError(f"{address} 的跳转次数过多")

    def _body(self, response: urllib3.BaseHTTPResponse) -> bytes:
        body = b""
        while len(body) <= LARGEST_PAGE and (part := response.read1(PART)):
            body += part
            if time.monotonic() > self.until:
                raise NotSeenError(f"公开地址响应太慢，{ALL_IN_S:.0f}秒内没有读完")
        response.release_conn()
        return body
