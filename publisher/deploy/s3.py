"""S3-compatible storage. Who may write is found as boto3 finds it: environment, shared files, the machine's role."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3.session
from boto3.exceptions import Boto3Error, S3UploadFailedError
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from publisher import headers
from publisher.deploy.errors import DeployError
from publisher.deploy.records import DeployOptions, Piece

PLACE = re.compile(r"(?://)?(?P<bucket>[A-Za-z0-9][\w.-]{1,62})(?:/(?P<prefix>.*))?", re.ASCII)
AT_ONCE = 8  # requests
BIG_BYTES = 8 * 1024 * 1024  # from here on boto3 sends a file in parts
CURES = {
    "NoSuchBucket": "存储桶不存在，请先创建",
    "AccessDenied": "没有权限，请核对密钥和存储桶策略",
    "InvalidAccessKeyId": "访问密钥不被接受，请核对 AWS_ACCESS_KEY_ID",
    "SignatureDoesNotMatch": "签名不符，请核对 AWS_SECRET_ACCESS_KEY",
}
NOT_FOUND = ("404", "NoSuchKey", "NotFound")


def target(place: str, tree: Path, options: DeployOptions) -> "S3Target":
    """The storage of this name: `//bucket/prefix` or `bucket/prefix`.

    Raises: DeployError if the name cannot be read.
    """
    found = PLACE.fullmatch(place)
    prefix = (found["prefix"] or "").strip("/") if found else ""
    if found is None or any(part in (".", "..") or (prefix and not part) for part in prefix.split("/")):
        raise DeployError("S3 目标须写成 s3://存储桶 或 s3://存储桶/前缀。")
    return S3Target(found["bucket"], f"{prefix}/" if prefix else "", options)


class S3Target:
    """A bucket, or the part of one below a prefix."""

    carries_twins = False

    def __init__(self, bucket: str, prefix: str, options: DeployOptions):
        self.name = f"s3://{bucket}/{prefix}".rstrip("/")
        self._bucket, self._prefix, self._options = bucket, prefix, options

    def open(self, scratch: Path) -> None:
        """See that the bucket answers.

        Raises: DeployError if it does not.
        """
        with _said(self.name):
            self._client = _client(self._options)
            self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, MaxKeys=1)

    def read(self, name: str) -> bytes | None:
        """The bytes of a note, or None."""
        with _said(self.name):
            try:
                return self._client.get_object(**self._at(name))["Body"].read()
            except ClientError as error:
                if error.response["Error"]["Code"] in NOT_FOUND:
                    return None
                raise

    def write(self, name: str, content: bytes) -> None:
        """Keep a note; caches are told not to."""
        with _said(self.name):
            self._client.put_object(
                **self._at(name),
                Body=content,
                ContentType="application/json",
                CacheControl=headers.NEVER_KEPT,
            )

    def listing(self) -> dict[str, int]:
        """Every object below the prefix but those with a dot in front, and those that stand for a folder."""
        found: dict[str, int] = {}
        with _said(self.name):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for listed in page.get("Contents", ()):
                    path = listed["Key"].removeprefix(self._prefix)
                    if all(part and not part.startswith(".") for part in path.split("/")):  # "a/" is a folder
                        found[path] = listed["Size"]
        return found

    def same(self, stage: Path, pieces: Sequence[Piece]) -> set[str]:
        """By the hash that was stored with the object, and by what it tells browsers."""
        checked = self._each(pieces, self._is_same)
        return {piece.path for piece, is_same in zip(pieces, checked, strict=True) if is_same}

    def _is_same(self, piece: Piece) -> bool:
        there = self._client.head_object(**self._at(piece.path))
        return all(there.get(name) == value for name, value in _about(piece).items())

    def send(self, stage: Path, pieces: Sequence[Piece]) -> None:
        """Some at once; all are there when this returns."""
        self._each(pieces, lambda piece: self._put(stage / piece.path, piece))

    def _put(self, file: Path, piece: Piece) -> None:
        about = _about(piece)
        at = self._at(piece.path)
        if piece.size_bytes < BIG_BYTES:
            self._client.put_object(**at, **about, Body=file.read_bytes())
        else:
            self._client.upload_file(str(file), at["Bucket"], at["Key"], ExtraArgs=about)

    def remove(self, paths: Sequence[str]) -> None:
        """One request an object: not every storage knows the request for many."""
        self._each(paths, lambda path: self._client.delete_object(**self._at(path)))

    def settle(self) -> None:
        """What the storage has answered for is kept."""

    def _at(self, path: str) -> Mapping[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + path}

    def _each(self, things: Iterable[Any], call: Callable[[Any], Any]) -> list[Any]:
        """Some calls at once; the first that fails ends it."""
        with _said(self.name), ThreadPoolExecutor(AT_ONCE) as pool:
            waiting = [pool.submit(call, thing) for thing in things]
            try:
                return [each.result() for each in waiting]
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


def _about(piece: Piece) -> dict[str, Any]:
    """What is stored with an object."""
    about: dict[str, Any] = {
        "ContentType": headers.content_type(piece.path),
        "CacheControl": headers.cache_control(piece.path),
        "Metadata": {"sha256": piece.sha256},
    }
    if headers.is_offered_for_download(piece.path):
        about["ContentDisposition"] = "attachment"
    return about


def _client(options: DeployOptions) -> Any:
    config = Config(
        retries={"mode": "standard", "total_max_attempts": options.tries},
        connect_timeout=10,
        read_timeout=60,
        max_pool_connections=AT_ONCE,
        # Many storages that call themselves compatible refuse the checksums newer clients send unasked.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    endpoint = options.s3_endpoint or None
    try:
        return boto3.session.Session().client("s3", endpoint_url=endpoint, config=config)
    except ValueError:
        raise DeployError("ZHUANLAN_S3_ENDPOINT 须是 http:// 或 https:// 开头的网址。") from None


@contextmanager
def _said(name: str) -> Iterator[None]:
    """What goes wrong inside is said in a sentence."""
    try:
        yield
    except NoCredentialsError:
        raise DeployError(
            "没有找到 S3 的访问密钥，请设置 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY。"
        ) from None
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise DeployError(
            f"{name} 拒绝了请求：{CURES.get(code, code)}。排除原因后再次运行，即可接着完成。"
        ) from error
    except (BotoCoreError, Boto3Error, S3UploadFailedError) as error:
        raise DeployError(f"{name} 无法访问：{error}。排除原因后再次运行，即可接着完成。") from error
