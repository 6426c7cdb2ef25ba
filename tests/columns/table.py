"""The one table of rules, and the rows that no page can show."""

from tests.columns import charts, columns, disclosures, every_page, guides
from tests.columns.crawler import Kind
from tests.columns.rules import RULES, Rule

__all__ = ["ELSEWHERE", "LEAST", "NOT_OF_REAL_FILES", "OF_REAL_FILES", "RULES", "SOURCES", "Rule"]
SOURCES = (every_page, columns, guides, charts, disclosures)  # each enters its rules when it is loaded
LEAST = {
    Kind.GUIDE: 80,
    Kind.DISCLOSURE: 290,
    Kind.QUESTION: 50,
    Kind.DUTIES: 20,
    Kind.ORGAN_CATALOGUE: 30,
    Kind.RESULTS: 2,
}
# What the real files become: every guide among them waits with its gaps, so that no page of a guide, no list and no catalogue has one.
OF_REAL_FILES = {
    Kind.PAGE, Kind.HOME, Kind.SERVICES, Kind.ONLINE, Kind.DISCLOSURES,
    Kind.DISCLOSURE, Kind.ENTRIES, Kind.CATALOGUE, Kind.ALL_DUTIES, Kind.DUTIES, Kind.INTERACTION, Kind.QUESTION,
}  # fmt: skip
NOT_OF_REAL_FILES = {  # nothing in them that these rules could find fault with
    "the service column shows its categories in two levels",
    "every public notice says until when and where to object",
}
ELSEWHERE = {
    "A-06": "a table of metadata that can grow: content/test_moves.py, admin/test_editions.py",
    "A-07": "a right of officers: admin/test_access.py, county/test_officers.py",
    "A-08": "an act of officers: journeys/",
    "A-09": "an act of officers: admin/test_editions.py",
    "A-10": "an act of officers: content/test_moves.py",
    "A-11": "an act of officers: journeys/",
    "B-06": "an act of officers: exchange/test_sample.py, content/test_moves.py",
    "B-16": "a setting: admin/test_administration.py, content/test_numbering.py",
    "D-09b": "answered to one applicant: endpoint/test_apply.py",
    "D-10a": "answered to one applicant: endpoint/test_lookup.py",
    "D-10b": "answered to one applicant: endpoint/test_lookup.py",
}
