"""From the live tree to where the public reads it: a folder, another machine, S3-compatible storage."""

from publisher.deploy.delivery import deploy
from publisher.deploy.errors import DeployError, TargetBusyError
from publisher.deploy.purge import Purge
from publisher.deploy.records import DeployOptions, DeployReport, TreeFile

__all__ = [
    "DeployError",
    "DeployOptions",
    "DeployReport",
    "Purge",
    "TargetBusyError",
    "TreeFile",
    "deploy",
]
