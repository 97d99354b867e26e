"""What the deciding parts of stages keep their notes in: the real stores, in memory."""

import pytest

from flow.memory_table import MemoryTable
from presswork.aws.stores import Stores
from presswork.aws.table import Table


@pytest.fixture
def stores() -> Stores:
    """The stores over an empty table."""
    return Stores(Table(MemoryTable(), "content"))
