"""An origin of many pictures on several hosts, each answer of which takes a while to begin.

`python origin.py FOLDER HOSTS MILLISECONDS` serves the files of a folder at as many addresses of
loopback, from 127.0.0.2 on, and prints the port and them once it listens. It ends with its
standard input.
"""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

FIRST = 2
"""127.0.0.1 is everybody's: a peer may treat it in a way of its own."""


def addresses(hosts: int) -> list[str]:
    """The addresses of so many hosts."""
    return [f"127.0.0.{FIRST + number}" for number in range(hosts)]


def _whole(data: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


def answers_of(folder: Path) -> dict[str, bytes]:
    """What each path is answered with."""
    return {f"/{file.name}": _whole(file.read_bytes()) for file in folder.iterdir()}


async def serve(answers: Mapping[str, bytes], hosts: int, seconds: float) -> None:
    """Answers until standard input is closed."""
    absent = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                await asyncio.sleep(seconds)
                writer.write(answers.get(head.split(" ", 2)[1], absent))
                await writer.drain()
                if "connection: close" in head.lower():
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    port = 0
    servers = []
    for address in addresses(hosts):
        server = await asyncio.start_server(answer, address, port, backlog=512)
        port = server.sockets[0].getsockname()[1]
        servers.append(server)
    print(port, *addresses(hosts), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(answers_of(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3]) / 1000))
