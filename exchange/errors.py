"""Refusals of the exchange package."""

from county.errors import RefusedError


class UnreadableFileError(RefusedError):
    """A file or folder as a whole cannot be read."""


class UnreadableValueError(RefusedError):
    """A value of a row cannot be read as what its field holds."""

    def __init__(self, field: str, message: str):
        super().__init__(message, field)


class RowInTheWayError(RefusedError):
    """A row cannot go in because of what is stored already, or of another row."""


class ParentMissingError(RefusedError):
    """The row above this one in a tree is not there, or not yet."""

    def __init__(self, parent: str):
        super().__init__(f"找不到上级“{parent}”，请先导入上级，或检查其代码、名称是否正确。", "parent")
