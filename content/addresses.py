"""Addresses of what is published (公开地址): made of ids alone, so that they never change and no title meets a path."""

from content.models import DocumentKind

COLUMNS = {DocumentKind.DISCLOSURE: "xxgk", DocumentKind.SERVICE: "zwfw"}


def document_address(kind: DocumentKind, document_id: int) -> str:
    """The address of a disclosure or of a service guide, from the root of the site."""
    return f"/{COLUMNS[kind]}/{document_id}/"


def question_address(question_id: int) -> str:
    """The address of a question with its answer."""
    return f"/hudong/{question_id}/"
