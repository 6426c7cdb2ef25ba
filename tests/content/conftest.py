import pytest

from tests.people import People, settled_in


@pytest.fixture
def people(app) -> People:
    return settled_in()
