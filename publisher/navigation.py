"""Where one may go: channels as a tree, organs that have something to show."""

from collections.abc import Iterable

from publisher.facts import ChannelFacts, DisclosureFacts, OrganFacts, Snapshot
from publisher.page import Link

ROOT_CODE = "xxgk"  # the channel that is the column itself
HOME = Link("首页", "/")
XXGK = Link("政府信息公开", "/xxgk/")
ZWFW = Link("政务服务", "/zwfw/")


def channel_tree(snapshot: Snapshot, counts: bool = False) -> tuple[Link, ...]:
    """Channels as nested links; the root is left out, since the column's home is its page."""
    by_code = {channel.code: channel for channel in snapshot.channels}
    by_channel = disclosures_by_channel(snapshot) if counts else {}

    def link(channel: ChannelFacts) -> Link:
        count = len(by_channel.get(channel.code, ())) if counts else None
        return Link(
            channel.name, channel.url, count, below=tuple(link(by_code[code]) for code in channel.below)
        )

    roots = [link(channel) for channel in snapshot.channels if len(channel.path) == 1]
    own = f"/xxgk/c/{ROOT_CODE}/"
    return tuple(shown for root in roots for shown in (root.below if root.url == own else (root,)))


def organ_links(
    snapshot: Snapshot, base: str, counts: dict[int, int], *, townships: bool
) -> tuple[Link, ...]:
    """Organs that have something in the column."""
    return tuple(
        Link(organ.name, f"{base}o/{organ.id}/", counts[organ.id])
        for organ in snapshot.organs
        if organ.is_township is townships and counts.get(organ.id)
    )


def counted(items: Iterable[OrganFacts]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for organ in items:
        counts[organ.id] = counts.get(organ.id, 0) + 1
    return counts


def disclosures_by_channel(snapshot: Snapshot) -> dict[str, list[DisclosureFacts]]:
    """What stands in each channel or below it, oldest first."""
    paths = {channel.code: [code for code, _ in channel.path] for channel in snapshot.channels}
    found: dict[str, list[DisclosureFacts]] = {code: [] for code in paths}
    for item in snapshot.disclosures:
        for code in paths.get(item.channel or "", ()):
            found[code].append(item)
    return found
