"""Files looked into before they may be published: personal data, active parts, and what nobody can read.

The reading itself happens in a process of its own with little memory, little time and no network.
"""

from content.inspection.process import inspect, tables
from content.inspection.report import FileFinding, Inspection

__all__ = ["FileFinding", "Inspection", "inspect", "tables"]
