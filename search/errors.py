"""What can go wrong with an index. Operators see these messages; citizens are told that search rests for a moment."""


class IndexDamagedError(Exception):
    """The index is missing, altered, cut short or of another format. Nothing of it was loaded; rebuild it."""

    def __init__(self, reason: str):
        super().__init__(f"检索索引不可用：{reason}。请运行 flask search rebuild 重建索引。")
        self.reason = reason


class IndexBusyError(Exception):
    """Another process is writing the index and did not finish in time. Try again later."""

    def __init__(self, seconds: float):
        super().__init__(f"检索索引正由另一进程更新，等待{seconds:g}秒后仍未结束。请稍后重试。")
        self.seconds = seconds
