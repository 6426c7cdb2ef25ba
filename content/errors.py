"""Refusals of the content package."""

from collections.abc import Sequence

from county.errors import RefusedError


class WrongStateError(RefusedError):
    """The edition is not in a state from which this move leads on."""

    def __init__(self, state_label: str, move_label: str):
        super().__init__(f"稿件目前是“{state_label}”，不能{move_label}。请刷新页面查看最新状态。")


class SelfReviewError(RefusedError):
    """Nobody reviews what they wrote or submitted."""

    def __init__(self) -> None:
        super().__init__("不能审核自己编写或送审的稿件，代理也是如此，请由另一位审核员审核。")


class SameReviewerError(RefusedError):
    """Nobody decides two steps of one review."""

    def __init__(self, step: str):
        super().__init__(f"您或被代理人已在本次审核的“{step}”环节办理过；每个环节须由不同的人办理。")


class ChainTakenError(RefusedError):
    """A kind or channel has one chain of review."""

    def __init__(self) -> None:
        super().__init__("该类别或栏目已有审核流程，请修改原有的流程。", "channel")


class PlanChangedError(RefusedError):
    """What would be published is not what was approved: approval is asked for again."""

    def __init__(self, parts: Sequence[str], new_lines: Sequence[str] = ()):
        named = f"（例如：{'；'.join(line[:60] for line in new_lines)}）" if new_lines else ""
        super().__init__(
            f"审核通过以后，这一稿的{'、'.join(parts)}有变化{named}，与审核时确认的方案不一致，需要重新审核。"
        )


class CorrectionOverError(RefusedError):
    """A correction is confirmed or declined once."""

    def __init__(self) -> None:
        super().__init__("这项笔误更正已经办理过了，请刷新页面查看最新状态。")


class StaleVersionError(RefusedError):
    """Somebody else saved this edition in the meantime."""

    def __init__(self) -> None:
        super().__init__("保存期间该稿件已被他人修改。您填写的内容仍在页面上，请核对最新内容后再保存。")


class ChangedMeanwhileError(RefusedError):
    """The edition is no longer what the officer had before his eyes when he decided."""

    def __init__(self) -> None:
        super().__init__("打开页面之后，该稿件已被他人修改或处理。本页已是最新内容，请重新核对后再办理。")


class IncompleteError(RefusedError):
    """Something a reader needs is missing or against a rule; every fault is named at once."""

    def __init__(self, faults: Sequence["Fault"]):
        super().__init__("；".join(fault.message for fault in faults), faults[0].field if faults else None)
        self.faults = list(faults)


class Fault(RefusedError):  # noqa: N818  what is wrong with a text, not an error of the program
    """One thing wrong with one field."""


class OvertakenError(Fault):
    """Somebody else moved the edition at the same moment."""

    def __init__(self) -> None:
        super().__init__("该稿件刚刚被他人处理，请刷新页面查看最新状态。", "state")


class NumberTakenError(RefusedError):
    """An index number or item code is in use by another document."""

    def __init__(self, number: str):
        super().__init__(f"编号 {number} 已被其他文件使用，编号必须唯一。", "number")


class NumberFrozenError(RefusedError):
    """A number once given never changes."""

    def __init__(self, number: str):
        super().__init__(f"编号 {number} 已经生成，不能更改。", "number")
