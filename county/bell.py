"""A bell between the processes of one machine: who has left work rings it, and who waits for work comes at once.

Only the operating system is used. A ring carries nothing and may be lost without harm where the work itself is on
record and whoever waits looks again from time to time.
"""

import os
import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NAME = "worker.sock"  # below the home of an installation
LONGEST_ADDRESS = 100  # bytes; the system takes 103 to 107


class Bell:
    """A bell that hangs at `path`, for its owner's account only; there must be one at a time.

    On a file system that takes no sockets it cannot be heard, and waiting only takes its time.
    """

    def __init__(self, path: Path):
        self._path = path
        self._inside, self._hammer = socket.socketpair()
        self._ears = [self._inside]
        with suppress(OSError):
            self._ears.append(_hung(path))
        self._selector = selectors.DefaultSelector()
        for ear in (self._hammer, *self._ears):
            ear.setblocking(False)
        for ear in self._ears:
            self._selector.register(ear, selectors.EVENT_READ)

    @property
    def is_hung(self) -> bool:
        """Whether other processes can ring it."""
        return len(self._ears) > 1

    def wait(self, seconds: float) -> bool:
        """Pause until it rings, but no longer than this; whether it rang. What rang before counts, once."""
        rang = self._selector.select(seconds)
        for key, _ in rang:
            with suppress(OSError):
                while key.fileobj.recv(64):  # type: ignore[union-attr]
                    pass
        return bool(rang)

    def strike(self) -> None:
        """Ring it from within this process, also from a signal handler."""
        with suppress(OSError):
            self._hammer.send(b"!")

    def close(self) -> None:
        """Take it down."""
        self._selector.close()
        for ear in (self._hammer, *self._ears):
            ear.close()
        if self.is_hung:
            self._path.unlink(missing_ok=True)

    def __enter__(self) -> "Bell":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def ring(path: Path) -> None:
    """Ring the bell at `path`. Never waits and never fails, also where no bell hangs or its owner is busy."""
    with (
        suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mouth,
        _address(path) as address,
    ):
        mouth.setblocking(False)
        mouth.sendto(b"!", address)


def _hung(path: Path) -> socket.socket:
    """A socket at `path`, in place of one that a process which died has left there."""
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    new = path.with_name(f"{path.name}.new")
    try:
        new.unlink(missing_ok=True)
        with _address(new) as address:
            ear.bind(address)
        new.chmod(0o600)
        new.rename(path)  # only now can it be found, and only by its owner
    except BaseException:
        ear.close()
        raise
    return ear


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """The path as an address, by way of its open folder if it is longer than an address may be."""
    if len(os.fsencode(path)) <= LONGEST_ADDRESS:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
