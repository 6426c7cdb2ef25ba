"""What keeps a site from being published."""


class PublishError(Exception):
    """The site could not be built; the live site is as it was. The message tells the operator why, in Chinese."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class BusyError(PublishError):
    """Another builder is at work on this site."""

    def __init__(self) -> None:
        super().__init__("另一个发布任务正在进行，请稍后再试。")


class HeldError(PublishError):
    """After a rollback nothing goes live by itself."""

    def __init__(self) -> None:
        super().__init__("公开网站已回退，发布暂停；查明原因后运行 flask site publish 恢复。")


class LostError(PublishError):
    """The live tree is not what the newest publication says, and what would make it so is not on the disk."""

    def __init__(self, name: str):
        super().__init__(
            f"公开网站不是最近一次发布 {name} 的样子，可能恢复过备份、换过目录或连错了数据库。"
            "请核对后运行 flask site build 重新生成全站。"
        )
