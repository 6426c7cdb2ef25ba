"""The one base of every refusal."""


class RefusedError(Exception):
    """The rules say no. `message` tells the person who tried, in Chinese, what is wrong and the cure."""

    def __init__(self, message: str, field: str | None = None):
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowedError(RefusedError):
    """The officer has no right to this act here."""

    def __init__(self, act: str):
        super().__init__(f"您没有“{act}”的权限；如工作需要，请联系系统管理员授权。")
        self.act = act
