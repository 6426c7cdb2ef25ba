"""`flask ledger`: whether what is on record is what was done."""

import re
from dataclasses import asdict

import click

import publisher
from commands.output import Group, fail, print_json, say
from county import chain
from county.calendar import COUNTY_ZONE
from county.chain import Damage, Finding, Head
from installation import settings

HEAD = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")
WORDS = {
    Damage.CHANGED: "内容与校验码不符，这一条或者它前一条的校验码被改动过",
    Damage.MISSING: "缺失，这一条被删除了",
    Damage.UNSEALED: "没有编入序号，不是由本系统写入的",
    Damage.CUT: "缺失，操作记录在此之前就结束了，末尾被删除，或者数据库退回到了更早的时候",
    Damage.OTHER_HEAD: "校验码与当时记下的不同，这一条或更早的操作被改动并重新计算过校验码",
}

ledger_group = Group("ledger", help="The ledger of acts (操作记录), a chain of hashes.")


class HeadParam(click.ParamType):
    """A head of the chain as `flask ledger head` prints it."""

    name = "NUMBER:SEAL"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        """Read a head."""
        found = HEAD.fullmatch(value.strip())
        if found is None:
            self.fail("expected what `flask ledger head` printed, such as 120:9f86d0…", param, ctx)
        return Head(int(found[1]), found[2], "--head")


@ledger_group.command("head")
def head() -> None:
    """Print the number and seal of the last act: note it where nobody who can write to the database can.

    Example: flask ledger head
    """
    found = chain.ledger_head()
    click.echo(f"{found.chain_no}:{found.seal}")


@ledger_group.command("verify")
@click.option(
    "heads",
    "--head",
    type=HeadParam(),
    multiple=True,
    help="A head noted earlier; may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def verify(heads: tuple[Head, ...], as_json: bool) -> None:
    """Check every act against its seal, and the chain against the heads that publications noted; status 1 if one was
    changed, removed or slipped in.

    Example: flask ledger verify --head 120:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    """
    noted = [*heads, *publisher.noted_heads(), *chain.noted_heads(settings().home / chain.NOTED)]
    findings = list(chain.verify(noted))
    end = chain.ledger_head()
    if as_json:
        found = [asdict(finding) | {"damage": finding.damage.value} for finding in findings]
        print_json({"acts": end.chain_no, "head": end.seal, "heads_compared": len(noted), "findings": found})
    for finding in findings:
        say(sentence(finding))
    if findings:
        fail(f"操作记录有 {len(findings)} 处异常，请保留数据库和备份，并与备份中的操作记录核对。")
    say(f"{end.chain_no} acts verified, {len(noted)} noted heads agree; head {end.chain_no}:{end.seal}")


def sentence(finding: Finding) -> str:
    """What is wrong, as the person is told."""
    which = f"第 {finding.chain_no} 条" if finding.chain_no else "一条操作"
    if finding.act_id is not None and finding.at is not None:
        at = finding.at.astimezone(COUNTY_ZONE)
        which += f"（id {finding.act_id}，{at:%Y-%m-%d %H:%M:%S}，{finding.verb} {finding.subject}）"
    where = f"；记在 {finding.noted_in}" if finding.noted_in else ""
    return f"{which}：{WORDS[finding.damage]}{where}。"
