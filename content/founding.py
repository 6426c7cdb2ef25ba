"""What an empty installation begins with: region, site, the standard channels, and coding rules."""

from datetime import datetime

from content.models import Channel, ChannelKind, CodingRule, DocumentKind
from county import ledger
from county.errors import RefusedError
from county.regions import Region, Site, level_of_code, region_by_code
from database import db

CODING_RULES = (  # name, kind, pattern, in force at first
    (
        "区划部门编码（县级规则）",
        DocumentKind.SERVICE,
        "{region:8}{letters}-{category:letters}-{serial:4}",
        True,
    ),
    (
        "行政权力编码（16位）",
        DocumentKind.SERVICE,
        "{region:6}{subject}{category:digits}{serial:3}{sub:2}",
        False,
    ),
    (
        "索引号（统一社会信用代码/年月-流水号）",
        DocumentKind.DISCLOSURE,
        "{uscc}/{year}{month}-{serial:5}",
        True,
    ),
    ("索引号（机构代码/年-流水号）", DocumentKind.DISCLOSURE, "{orgcode}/{year}-{serial:5}", False),
)

STATUTORY = (  # 政府信息公开条例 art. 20 and 21: code, name, days within which something new is expected
    ("gfxwj", "行政法规、规章和规范性文件", 180),
    ("jgzn", "机构职能", 365),
    ("ghjh", "规划计划", 365),
    ("tjxx", "统计信息", 90),
    ("xzxk", "行政许可和对外管理服务", 180),
    ("xzcf", "行政处罚和行政强制", 180),
    ("czxx", "财政预算决算", 365),
    ("sfxm", "行政事业性收费", 365),
    ("zfcg", "政府集中采购", 180),
    ("zdxm", "重大建设项目", 180),
    ("msly", "扶贫、教育、医疗、社会保障和就业", 180),
    ("tfsj", "突发公共事件应对", 365),
    ("jdjc", "环境保护、公共卫生、安全生产、食品药品和产品质量监督检查", 180),
    ("gwyzk", "公务员招考", 365),
    ("szjs", "市政建设、公共服务和公益事业", 180),
    ("tdzs", "土地征收、房屋征收与补偿", 365),
    ("zajz", "治安管理和社会救助", 180),
    ("xzxx", "乡镇信息", 180),
)

TOP = (
    ("zhinan", "政府信息公开指南", 365),
    ("zhidu", "政府信息公开制度", 365),
    ("fdzdgk", "法定主动公开内容", None),
    ("nianbao", "政府信息公开年报", 365),
)


def found(name: str, code: str, *, at: datetime) -> Site:
    """Make the region, its site, the standard channels and the coding rules.

    Raises: RefusedError when the code is no division code.
    """
    if not (code.isascii() and code.isdigit() and len(code) in (6, 9, 12)):
        raise RefusedError("行政区划代码应为6位、9位或12位数字。", "code")
    region = region_by_code(code)
    if region is None:
        region = Region(code=code, name=name, level=level_of_code(code))
        db.session.add(region)
        db.session.flush()
    site = Site(region_id=region.id, name=f"{name}人民政府", organiser=f"{name}人民政府办公室")
    db.session.add(site)
    db.session.flush()
    _standard_channels(site)
    for rule, kind, pattern, active in CODING_RULES:
        db.session.add(CodingRule(site_id=site.id, kind=kind, name=rule, pattern=pattern, is_active=active))
    ledger.record("found", site, by=None, at=at)
    db.session.flush()
    return site


def _standard_channels(site: Site) -> None:
    """The channels of 政府信息公开专栏 (条例 arts. 12, 20, 21, 49) and of 政务服务 and 政民互动 (A-28, A-31)."""
    xxgk = _channel(site, "xxgk", "政府信息公开", ChannelKind.DISCLOSURE, None, 0)
    for position, (code, name, days) in enumerate(TOP):
        top = _channel(site, code, name, ChannelKind.DISCLOSURE, xxgk, position, days)
        if code == "fdzdgk":
            for place, (below, below_name, below_days) in enumerate(STATUTORY):
                _channel(site, below, below_name, ChannelKind.DISCLOSURE, top, place, below_days)
    _channel(site, "zwfw", "政务服务", ChannelKind.SERVICE, None, 1)
    _channel(site, "hudong", "政民互动", ChannelKind.INTERACTION, None, 2)


def _channel(
    site: Site,
    code: str,
    name: str,
    kind: ChannelKind,
    parent: Channel | None,
    position: int,
    days: int | None = None,
) -> Channel:
    channel = Channel(
        site_id=site.id, code=code, name=name, kind=kind, parent_id=parent.id if parent else None,
        position=position, update_within_days=days,
    )  # fmt: skip
    db.session.add(channel)
    db.session.flush()
    return channel
