"""What the index knows of a published thing: plain values, no models, so that any engine can take it."""

from dataclasses import dataclass
from datetime import date

REPEALED = frozenset({"废止", "失效"})  # values of `validity` that sink a hit among its equals


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One published document, service item or answered question. Everything in it is public."""

    id: str  # "disclosure-12", "service-7", "question-3": one entry per id
    kind: str  # what stands before the hyphen of the id
    title: str
    url: str  # address on the site, from the root
    body: str  # plain text: what a reader of the page sees, without markup
    number: str = ""  # index number or item code
    document_no: str = ""  # 云政办发〔2024〕7号
    organ_code: str = ""
    organ_name: str = ""
    channel_codes: tuple[str, ...] = ()  # the channel and its ancestors: a filter takes a branch
    year: int | None = None
    published_on: date | None = None
    validity: str = ""  # 有效, 失效, 废止 or nothing
    summary: str = ""
