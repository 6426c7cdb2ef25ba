"""What surrounds every page: names, navigation, foot, and the hashed names of assets.

The same is written into the tree as a file, which the endpoint reads, so that both sides look alike.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from publisher.facts import SiteFacts
from publisher.theme import static_files, theme_sheet

CHROME_URL = "/assets/chrome.json"
NOT_REGISTERED = "待登记"


@dataclass(frozen=True)
class NavEntry:
    key: str
    name: str
    url: str
    short: str  # on narrow screens


@dataclass(frozen=True)
class FootLink:
    name: str
    url: str
    external: bool = False


@dataclass(frozen=True)
class FootFact:
    name: str
    text: str


@dataclass(frozen=True)
class Chrome:
    """Given to base.html, here as a record and in the endpoint as the same keys from the file."""

    site_name: str
    region: str
    domain: str
    identity_code: str
    contact_phone: str
    is_sample: bool
    sample_notice: str
    public_url: str
    nav: tuple[NavEntry, ...]
    foot_links: tuple[FootLink, ...]
    foot_facts: tuple[FootFact, ...]
    foot_note: str
    assets: Mapping[str, str]  # name as written in templates -> address

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


NAV = (
    NavEntry("home", "首页", "/", "首页"),
    NavEntry("xxgk", "政府信息公开", "/xxgk/", "信息公开"),
    NavEntry("zwfw", "政务服务", "/zwfw/", "政务服务"),
    NavEntry("hudong", "政民互动", "/hudong/", "政民互动"),
    NavEntry("lookup", "办件查询", "/svc/lookup", "办件查询"),
)
FOOT_LINKS = (
    FootLink("网站地图", "/map.html"),
    FootLink("最新信息订阅", "/feed.xml"),
    FootLink("我为政府网站找错", "https://zfwzzc.www.gov.cn/", external=True),
)


def read_assets(site: SiteFacts) -> dict[str, tuple[str, bytes]]:
    """Each asset: its name, its address with eight characters of its hash, and its bytes.

    The county's colour goes into the sheet; its emblem stands for mark.svg, whatever its format.
    """
    contents = {name: (file.suffix, file.read_bytes()) for name, file in static_files().items()}
    sheet = contents["site.css"][1].decode() + theme_sheet(site.colour)
    contents["site.css"] = (".css", squeeze(sheet).encode())
    contents["site.js"] = (".js", bare_script(contents["site.js"][1].decode()).encode())
    if site.emblem:
        contents["mark.svg"] = (site.emblem_suffix, site.emblem)
    return {name: (_address(name, suffix, content), content) for name, (suffix, content) in contents.items()}


def _address(name: str, suffix: str, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()[:8]
    return f"/assets/{name.rpartition('.')[0]}.{digest}{suffix}"


def squeeze(sheet: str) -> str:
    """A style sheet without its comments and line ends; our own sheet has no text in which they would matter."""
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*|(?<=[;{,:]) | (?=[{}])", "", bare)


def bare_script(script: str) -> str:
    """A script without its comments on lines of their own and without its indents."""
    return re.sub(r"^[ \t]+|^//.*\n", "", script, flags=re.MULTILINE)


def chrome_of(site: SiteFacts, public_url: str, assets: Mapping[str, tuple[str, bytes]]) -> Chrome:
    """The surroundings of every page of this site; the seven items of the foot are standards §1.2."""
    contact = "，".join(part for part in (site.contact_phone, site.contact_address) if part)
    facts = (
        ("主办单位", site.organiser),
        ("承办单位", site.undertaker),
        ("联系方式", contact),
        ("网站标识码", site.identity_code),
        ("ICP备案号", site.icp_number),
        ("公安机关备案号", site.police_number),
        ("网站类别", "党政机关"),
    )
    return Chrome(
        site_name=site.name,
        region=site.region,
        domain=site.domain,
        identity_code=site.identity_code,
        contact_phone=site.contact_phone,
        is_sample=site.is_sample,
        sample_notice=f"演示数据，{site.region}为虚构。" if site.is_sample else "",
        public_url=public_url,
        nav=NAV,
        foot_links=FOOT_LINKS,
        foot_facts=tuple(
            FootFact(name, text or NOT_REGISTERED) for name, text in facts if text or name != "承办单位"
        ),
        foot_note=site.foot_note,
        assets={name: url for name, (url, _) in assets.items()},
    )
