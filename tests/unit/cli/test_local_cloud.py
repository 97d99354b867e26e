"""What the commands ask the local cloud for by HTTP."""

import socket
import threading

import pytest
import urllib3

from presswork_cli.local.cloud import Cloud
from presswork_cli.local.emulator import Record

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\npage"
BROKEN = WHOLE.removesuffix(b"page")


def cloud(*answers: bytes) -> Cloud:
    """A cloud that gives these answers, each to a connection of its own."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            for each in answers:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(each)

    threading.Thread(target=serve, daemon=True).start()
    port = int(listener.getsockname()[1])
    return Cloud(Record(pid=1, port=port, access_key="a", secret_key="b", run="c"))


def test_a_page_that_is_broken_off_is_asked_for_again() -> None:
    """MiniStack breaks one off that is written over meanwhile."""
    assert cloud(BROKEN, WHOLE).fetch("http://site.localhost/feed.xml").body == b"page"


def test_what_was_sent_is_not_sent_again() -> None:
    """It may have been done, whatever became of the answer."""
    with pytest.raises(urllib3.exceptions.ProtocolError):
        cloud(BROKEN, WHOLE).fetch("http://hook.localhost/", method="POST", body=b"x")


def test_a_cloud_that_is_not_there_is_told_at_once() -> None:
    """As it always was, by the error of the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    record = Record(pid=1, port=port, access_key="a", secret_key="b", run="c")
    with pytest.raises(urllib3.exceptions.NewConnectionError):
        Cloud(record).fetch("http://site.localhost/")
