"""Database to static site: the public columns, rendered whole, checked, and switched to in one step."""

from publisher.building import Blocked, BuildReport, build
from publisher.chrome import CHROME_URL
from publisher.errors import BusyError, PublishError
from publisher.manifest import Manifest, read_manifest
from publisher.release import Release, releases

__all__ = [
    "CHROME_URL",
    "Blocked",
    "BuildReport",
    "BusyError",
    "Manifest",
    "PublishError",
    "Release",
    "build",
    "read_manifest",
    "releases",
]
