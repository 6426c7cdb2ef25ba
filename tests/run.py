"""`make test`: the suite on SQLite, then on a throw-away PostgreSQL server, in parallel."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WORKERS = str(max(2, os.cpu_count() or 2))
SERVER_SETTINGS = (  # nothing on it is to outlive the run
    "listen_addresses=''",
    "max_connections=200",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=256MB",
)
MEMORY = Path("/dev/shm")  # noqa: S108  the file system in memory that every Linux has
ROOM_BYTES = 3 * 1024**3


def main(paths: list[str]) -> int:
    """Run both rounds; the exit status is that of the first that failed."""
    print("== SQLite", flush=True)
    status = suite(paths, {})
    tools = postgresql_tools()
    if tools is None:
        print("PostgreSQL round skipped: install the package postgresql (Debian, Ubuntu).")
        return status or (1 if os.environ.get("CI") else 0)
    print("== PostgreSQL", flush=True)
    with server(tools) as url:
        return suite(paths, {"ZHUANLAN_TEST_POSTGRESQL": url}) or status


def suite(arguments: list[str], environment: dict[str, str]) -> int:
    """One run of pytest in parallel."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--dist", "worksteal", *arguments]
    place = {"PYTEST_DEBUG_TEMPROOT": str(scratch())}
    return subprocess.call(command, env={**os.environ, **place, **environment})


def scratch() -> Path:
    """Where the tests' files lie: in memory where there is room, as a site is thousands of files that are synced one by one."""
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return MEMORY if has_room else Path(tempfile.gettempdir())


def postgresql_tools() -> Path | None:
    """The folder with initdb and pg_ctl, of the newest version installed."""
    found = shutil.which("pg_ctl")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    candidates = [*([Path(found).resolve().parent] if found else []), *reversed(folders)]
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


@contextmanager
def server(tools: Path) -> Iterator[str]:
    """A throw-away server on a socket in a temporary folder; it listens to no network."""
    with tempfile.TemporaryDirectory(prefix="zhuanlan-pg-", dir=scratch()) as folder:
        data = Path(folder, "data")
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if as_user:
            shutil.chown(folder, "postgres")
        call = lambda *words: subprocess.run([*as_user, *words], check=True, stdout=subprocess.DEVNULL)  # noqa: E731
        call(
            str(tools / "initdb"),
            "-D",
            str(data),
            "-U",
            "zhuanlan",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
        options = f"-k {folder} {' '.join(f'-c {setting}' for setting in SERVER_SETTINGS)}"
        control = str(tools / "pg_ctl")
        call(control, "-D", str(data), "-w", "-l", str(Path(folder, "log")), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://zhuanlan@/postgres?host={folder}"
        finally:
            call(control, "-D", str(data), "-m", "immediate", "stop")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
