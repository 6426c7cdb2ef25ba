"""What keeps a site from being deployed."""


class DeployError(Exception):
    """The target does not hold the whole site. The message tells the operator why and the cure, in Chinese."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class TargetBusyError(DeployError):
    """Another deploy to the same target is at work."""

    def __init__(self) -> None:
        super().__init__("另一个部署任务正在向同一目标传送，请稍后再试。")
