"""Database to static site: the public columns, rendered whole, checked, and switched to in one step."""

from publisher.building import BuildReport, build
from publisher.chrome import CHROME_URL
from publisher.errors import BusyError, PublishError
from publisher.manifest import Blocked, Manifest, read_manifest
from publisher.release import Release, live_manifest, releases

__all__ = [
    "CHROME_URL",
    "Blocked",
    "BuildReport",
    "BusyError",
    "Manifest",
    "PublishError",
    "Release",
    "build",
    "live_manifest",
    "read_manifest",
    "releases",
]
