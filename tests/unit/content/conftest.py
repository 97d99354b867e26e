"""Reading a post opens no socket: a test here that tries to fails."""

import pytest


@pytest.fixture(autouse=True)
def _no_socket(socket_disabled: None) -> None:
    """pytest-socket refuses every connection, to this machine, too."""
