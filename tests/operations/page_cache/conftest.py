import pytest

from tests.operations.page_cache.counting import Counting


@pytest.fixture
def site() -> Counting:
    return Counting()
