"""What a page tells machines about itself: schema.org as JSON-LD. Data, not script: nothing runs it, the strict policy stands."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from publisher.facts import QuestionFacts, ServiceFacts, SiteFacts
from publisher.page import Link, Page

ADDRESSES = frozenset(("url", "serviceUrl", "item", "urlTemplate"))
FOR_A_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def structured(page: Page, public_url: str) -> str:
    """The page's place in the site, and what it is about, as one JSON text that may stand in a script element."""
    nodes = [_text(_absolute(node, public_url)) for node in page.about]
    if page.trail and page.is_indexed:
        here = _text(_step(len(page.trail) + 1, Link(page.title, page.url), public_url))
        nodes.append(f'{{"@type":"BreadcrumbList","itemListElement":[{_way(page.trail, public_url)}{here}]}}')
    return f'{{"@context":"https://schema.org","@graph":[{",".join(nodes)}]}}' if nodes else ""


@lru_cache(maxsize=4096)
def _way(trail: tuple[Link, ...], public_url: str) -> str:
    """The steps to a page, which are the same for many."""
    return "".join(f"{_text(_step(number, link, public_url))}," for number, link in enumerate(trail, 1))


def _step(number: int, link: Link, public_url: str) -> dict[str, Any]:
    return {"@type": "ListItem", "position": number, "name": link.name, "item": public_url + link.url}


def _text(node: Any) -> str:
    text = ENCODER.encode(node)
    for sign, number in FOR_A_SCRIPT.items():  # ten times as quick as str.translate
        text = text.replace(sign, number)
    return text


def site_node(site: SiteFacts) -> dict[str, Any]:
    """The site and its search, on the home page."""
    return {
        "@type": "WebSite",
        "name": site.name,
        "url": "/",
        "publisher": {"@type": "GovernmentOrganization", "name": site.organiser or site.name},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": "/svc/search?q={text}"},
            "query-input": "required name=text",
        },
    }


def service_nodes(
    item: ServiceFacts, region: str, questions: tuple[QuestionFacts, ...]
) -> tuple[dict[str, Any], ...]:
    """An item as a service of the government, with what is often asked about it."""
    channel = {
        "@type": "ServiceChannel",
        "serviceUrl": item.apply_url,
        "servicePhone": item.phone or item.organ.phone,
        "serviceLocation": item.place or item.organ.address,
    }
    service = {
        "@type": "GovernmentService",
        "name": item.title,
        "url": item.url,
        "identifier": item.code,
        "description": item.summary or item.content,
        "serviceType": item.category.name if item.category else "",
        "serviceOperator": {"@type": "GovernmentOrganization", "name": item.organ.name},
        "areaServed": region,
        "audience": [{"@type": "Audience", "audienceType": name} for name in item.audience],
        "availableChannel": _filled(channel),
    }
    asked = [*item.faq, *((each.question, each.answer) for each in questions)]
    faq = {"@type": "FAQPage", "url": item.url, "mainEntity": [_question(*each) for each in asked if each[1]]}
    return (_filled(service), *((faq,) if faq["mainEntity"] else ()))


def question_node(question: QuestionFacts) -> dict[str, Any]:
    """A question of the public with the organ's answer."""
    return {
        "@type": "QAPage",
        "url": question.url,
        "mainEntity": _question(question.question, question.answer),
    }


def _question(question: str, answer: str) -> dict[str, Any]:
    return {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}


def _filled(node: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value}


def _absolute(node: Any, public_url: str) -> Any:
    if isinstance(node, list):
        return [_absolute(each, public_url) for each in node]
    if not isinstance(node, Mapping):
        return node
    return {
        name: public_url + value
        if name in ADDRESSES and isinstance(value, str)
        else _absolute(value, public_url)
        for name, value in node.items()
    }
