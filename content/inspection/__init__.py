"""Files looked into before they may be published: personal data, active parts, and what nobody can read.

The reading itself happens in a process of its own with little memory, little time and no network; so does the
making of a cleaned copy.
"""

from content.inspection.process import clean, inspect, tables
from content.inspection.report import FileFinding, Inspection

__all__ = ["FileFinding", "Inspection", "clean", "inspect", "tables"]
