"""The border: rows of other systems in, the same rows out. A library; the edges give it settings and commit."""

from exchange.exporting import export_file
from exchange.importing import KINDS, import_path
from exchange.report import ImportReport
from exchange.run import ImportOptions
from exchange.sources import FORMATS

__all__ = ["FORMATS", "KINDS", "ImportOptions", "ImportReport", "export_file", "import_path"]
