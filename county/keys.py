"""The keys that seal personal data in the database and make its fingerprints. They live in files only."""

import hmac
import os
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_IDS = range(1, 256)


class KeyringError(Exception):
    """The keys are missing, unsafe or damaged. The message tells the operator where and what to do."""


class SealBrokenError(Exception):
    """A sealed value was altered, belongs to another column, or its key is gone."""

    def __init__(self, context: str):
        super().__init__(f"“{context}”中的加密内容无法解开：内容被改动、位置不符，或缺少当时的密钥。")
        self.context = context


class Keyring:
    """The newest key seals, all keys unseal; the oldest makes fingerprints, so that they outlive rotation."""

    __slots__ = ("_derivation_key", "_fingerprint_key", "_seals", "primary_id")

    def __init__(self, primary: bytes, *, primary_id: int = 1, older: Mapping[int, bytes] | None = None):
        """Keys are 32 random bytes each; an id is between 1 and 255 and the primary's is the highest."""
        keys = {**(older or {}), primary_id: primary}
        if primary_id != max(keys) or not all(key_id in KEY_IDS for key_id in keys):
            raise ValueError("key ids must lie between 1 and 255, that of the primary above all others")
        if any(len(key) != KEY_BYTES for key in keys.values()):
            raise ValueError(f"a key must have {KEY_BYTES} bytes")
        self.primary_id = primary_id
        self._seals = {key_id: AESGCM(_subkey(key, b"seal")) for key_id, key in keys.items()}
        self._fingerprint_key = _subkey(keys[min(keys)], b"fingerprint")
        self._derivation_key = _subkey(primary, b"derive")

    def __repr__(self) -> str:
        return f"Keyring(ids={sorted(self._seals)}, primary_id={self.primary_id})"

    def __reduce__(self):
        raise TypeError("a keyring is never pickled")

    def seal(self, text: str, context: str) -> bytes:
        """`text` encrypted (AES-256-GCM) for one place, `context` = "table.column".

        Id of the key (1 byte), nonce (12), ciphertext, tag (16). Equal texts seal differently.
        """
        head, nonce = bytes([self.primary_id]), os.urandom(NONCE_BYTES)
        sealed = self._seals[self.primary_id].encrypt(nonce, text.encode(), head + context.encode())
        return head + nonce + sealed

    def unseal(self, token: bytes, context: str) -> str:
        """The text that was sealed for `context`; SealBrokenError where token, context or key differ."""
        token = bytes(token)
        cipher = self._seals.get(token[0]) if len(token) > NONCE_BYTES + TAG_BYTES else None
        if cipher is None:
            raise SealBrokenError(context)
        head, nonce, sealed = token[:1], token[1 : 1 + NONCE_BYTES], token[1 + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, sealed, head + context.encode()).decode()
        except InvalidTag:
            raise SealBrokenError(context) from None

    def fingerprint(self, text: str, context: str) -> str:
        """64 hex digits that are equal for equal texts of one context, for matching without unsealing.

        Normalise the text first. The same under every later keyring that still holds the oldest key.
        """
        place = context.encode()
        message = len(place).to_bytes(4, "big") + place + text.encode()
        return hmac.new(self._fingerprint_key, message, sha256).hexdigest()

    def derive(self, purpose: str) -> bytes:
        """32 bytes for a short-lived purpose (cookies, tickets, index manifest); rotation changes them."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(self._derivation_key)

    @classmethod
    def from_directory(cls, path: Path | str) -> Self:
        """The keyring of the files 001.key, 002.key … in `path`; KeyringError if one cannot be trusted."""
        directory = Path(path)
        files = _key_files(directory)
        if KEY_IDS[0] not in files:
            lost = "缺少最早的密钥文件" if files else "没有密钥文件"
            raise KeyringError(
                f"密钥目录 {directory} 中{lost} 001.key。请生成或从备份恢复密钥，或改正密钥目录的设置。"
            )
        _refuse_shared(directory, directory.stat().st_mode, forbidden=0o022, cure="700")
        keys = {key_id: _read_key(file) for key_id, file in files.items()}
        primary_id = max(keys)
        return cls(keys.pop(primary_id), primary_id=primary_id, older=keys)

    @classmethod
    def create(cls, path: Path | str) -> Self:
        """Make `path` (mode 0700) and a first random key (mode 0600); KeyringError if there are keys."""
        directory = Path(path)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _key_files(directory):
            raise KeyringError(
                f"密钥目录 {directory} 中已有密钥，不会覆盖。更换密钥请增加新密钥，旧密钥须保留。"
            )
        directory.chmod(0o700)
        _write_key(directory, KEY_IDS[0])
        return cls.from_directory(directory)

    @classmethod
    def rotate(cls, path: Path | str) -> Self:
        """Add a new key to `path`, which seals from now on; the old ones stay and unseal what they sealed."""
        newest = cls.from_directory(path).primary_id
        if newest + 1 not in KEY_IDS:
            raise KeyringError(f"密钥目录 {path} 已有编号255的密钥，不能再增加。")
        _write_key(Path(path), newest + 1)
        return cls.from_directory(path)


def _subkey(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"zhuanlan county.keys v1 " + purpose).derive(key)


def _key_files(directory: Path) -> dict[int, Path]:
    names = {f"{key_id:03}.key": key_id for key_id in KEY_IDS}
    try:
        return {names[file.name]: file for file in directory.iterdir() if file.name in names}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except PermissionError:
        raise KeyringError(f"没有权限读取密钥目录 {directory}。请用运行本系统的账户持有该目录。") from None


def _read_key(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            _refuse_shared(file, os.fstat(stream.fileno()).st_mode, forbidden=0o077, cure="600")
            key = bytes.fromhex(stream.read(4 * KEY_BYTES).decode("ascii"))
    except PermissionError:
        raise KeyringError(f"没有权限读取密钥文件 {file}。请用运行本系统的账户持有该文件。") from None
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyringError(
            f"密钥文件 {file} 已损坏：应为{2 * KEY_BYTES}位十六进制字符。请从备份恢复，切勿重新生成。"
        )
    return key


def _refuse_shared(path: Path, mode: int, *, forbidden: int, cure: str) -> None:
    if mode & forbidden:
        raise KeyringError(
            f"{path} 的权限是 {mode & 0o777:04o}，其他账户可以读取或改动。请执行：chmod {cure} {path}"
        )


def _write_key(directory: Path, key_id: int) -> None:
    """Write beside, sync, then link: the name appears with its whole content, and never replaces a key."""
    target, beside = directory / f"{key_id:03}.key", directory / f".{secrets.token_hex(8)}.new"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="ascii") as stream:
            os.fchmod(descriptor, 0o600)
            stream.write(secrets.token_hex(KEY_BYTES) + "\n")
            stream.flush()
            os.fsync(descriptor)
        os.link(beside, target)
    except FileExistsError:
        raise KeyringError(f"密钥文件 {target} 刚刚被另一进程生成，请重试。") from None
    finally:
        beside.unlink()
    for folder in (directory, directory.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
