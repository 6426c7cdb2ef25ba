"""Refusals of the cases package."""

from county.errors import RefusedError


class InvalidApplicationError(RefusedError):
    """Fields of an application cannot be accepted; `faults` maps each field to its message."""

    def __init__(self, faults: dict[str, str]):
        super().__init__("；".join(faults.values()), next(iter(faults), None))
        self.faults = faults


class TicketReusedError(RefusedError):
    """One ticket came back with other contents."""

    def __init__(self) -> None:
        super().__init__("这份申请已经提交过，内容与上次不同。如需另行申请，请重新打开申请页面填写。")


class WrongCaseStateError(RefusedError):
    """The application is not in a state from which this move leads on."""

    def __init__(self, state_label: str, move_label: str):
        super().__init__(f"该申请目前是“{state_label}”，不能{move_label}。请刷新页面查看最新状态。")


class LookUpRefusedError(RefusedError):
    """No record matches, or it may not be shown: one message for every cause, so that nothing can be guessed from it."""

    def __init__(self) -> None:
        super().__init__(
            "没有查到相符的记录。请核对号码后重试；多次不符时请稍后再试，或拨打办理部门电话查询。"
        )
