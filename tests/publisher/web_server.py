"""A real nginx with a configuration of ours."""

import http.client
import os
import shutil
import socket
import subprocess
from pathlib import Path

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


class Answer:
    """Status, headers and body; a connection that was refused to begin with is no answer."""

    def __init__(self, response: http.client.HTTPResponse):
        self.status, self.headers, self.body = response.status, response.headers, response.read()
        self.text = self.body.decode("utf-8", "replace")

    def __getitem__(self, name: str) -> str | None:
        values = self.headers.get_all(name) or []
        assert len(values) <= 1, f"{name} is sent {len(values)} times"
        return values[0] if values else None


class Nginx:
    """A server of its own, without root's rights or folders."""

    def __init__(self, folder: Path, text: str, port: int):
        self.folder, self.port = folder, port
        folder.mkdir()
        (folder / "site.conf").write_text(text, encoding="utf-8")
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"worker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log notice;\n"
            + ("user root;\n" if os.geteuid() == 0 else "")
            + f"events {{ worker_connections 64; }}\nhttp {{\n{temporary}access_log off;\ninclude {folder}/site.conf;\n}}\n"
        )  # it includes no mime.types: what the configuration needs it brings

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [
            str(NGINX),
            "-p",
            str(self.folder),
            "-e",
            f"{self.folder}/error.log",
            "-c",
            f"{self.folder}/nginx.conf",
        ]
        return subprocess.run([*command, *words], capture_output=True, text=True, check=False)

    def start(self) -> "Nginx":
        started = self.run()  # returns when the sockets are open
        assert started.returncode == 0, started.stderr
        return self

    def stop(self) -> None:
        self.run("-s", "stop")

    def get(self, address: str, method: str = "GET", **headers: str) -> Answer:
        """The answer to exactly this address; nothing is tidied up before it is sent."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.putrequest(method, "/", skip_host=True, skip_accept_encoding=True)
        connection._buffer[0] = f"{method} {address} HTTP/1.1".encode("latin-1")  # type: ignore[attr-defined]
        for name, value in {"Host": "www.qingya.example", **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        with connection.getresponse() as response:
            answer = Answer(response)
        connection.close()
        return answer


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
