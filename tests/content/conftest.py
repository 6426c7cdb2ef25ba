import pytest

from tests.people import People, settle_in


@pytest.fixture
def people(app) -> People:
    return settle_in()
