"""A mail server that takes everything and is faster than what it measures: python -m bench.sink PORT [options].

It answers from one loop on bare sockets (aiosmtpd would be the slowest part of every measurement). With --delay every
reply takes that long. With --log each mail that it took is a line in a file, written before the answer leaves: who was
in the envelope. Addresses ask for faults by their name: "450-1@…" and "550-1@…" are refused with that code,
"drop-before@…" and "drop-after@…" lose the connection before and after the dot, "once-…" only the first time.
"""

import argparse
import asyncio
import subprocess
import sys
from pathlib import Path

from bench.site import ROOT

END = b"\r\n.\r\n"


class Conversation(asyncio.Protocol):
    """One connection."""

    seen: set[bytes] = set()  # addresses that asked for a fault once and had it

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._buffer = b""
        self._in_text = False
        self._recipient = b""
        self._mails = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._reply(b"220 sink", self._options.banner)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            end = END if self._in_text else b"\r\n"
            unit, found, rest = self._buffer.partition(end)
            if not found:
                return
            self._buffer = rest
            if self._in_text:
                self._in_text = False
                self._take()
            else:
                self._answer(unit)

    def _answer(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._recipient = line.partition(b"<")[2].partition(b">")[0]
            name = self._name()
            code = name[:3]
            if code.isdigit():
                self._had_it()
            self._reply(code + b" as asked" if code.isdigit() else b"250 2.1.5 OK")
        elif verb == b"DATA":
            if self._name().startswith(b"drop-before"):
                self._had_it()
                self._transport.abort()
                return
            self._in_text = True
            self._reply(b"354 Go on")
        elif verb == b"MAIL" and 0 < self._options.close_after <= self._mails:
            self._reply(b"421 4.3.2 Come back later", hangs_up=True)
        elif verb == b"QUIT":
            self._reply(b"221 Bye", hangs_up=True)
        else:
            self._reply(b"250 OK")

    def _name(self) -> bytes:
        """What the address asks for; nothing if it asked to have it once, and had it."""
        name = self._recipient.partition(b"@")[0]
        if not name.startswith(b"once-"):
            return name
        return b"" if name in self.seen else name.removeprefix(b"once-")

    def _had_it(self) -> None:
        self.seen.add(self._recipient.partition(b"@")[0])

    def _take(self) -> None:
        self._mails += 1
        asked = self._name()
        self._had_it()
        if self._options.log:
            with Path(self._options.log).open("ab") as log:
                log.write(self._recipient + b"\n")
        if asked.startswith(b"drop-after"):
            self._transport.abort()
        else:
            self._reply(b"250 2.0.0 taken as %d" % self._mails, self._options.after_text)

    def _reply(self, line: bytes, seconds: float = 0, *, hangs_up: bool = False) -> None:
        def write() -> None:
            self._transport.write(line + b"\r\n")
            if hangs_up:
                self._transport.close()

        seconds = max(seconds, self._options.delay)
        if seconds:
            asyncio.get_running_loop().call_later(seconds, write)
        else:
            write()


async def serve(options: argparse.Namespace) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Conversation(options), "127.0.0.1", options.port)
    print("ready", flush=True)
    await server.serve_forever()


def start(port: int, *options: str) -> "subprocess.Popen[str]":
    """Start a sink in a process of its own and return when it listens."""
    command = [sys.executable, "-m", "bench.sink", str(port), *options]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def stop(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A mail server that takes everything.")
    parser.add_argument("port", type=int)
    parser.add_argument("--delay", type=float, default=0, help="seconds that every reply takes")
    parser.add_argument("--banner", type=float, default=0, help="seconds before the greeting")
    parser.add_argument("--after-text", type=float, default=0, help="seconds before the answer to a text")
    parser.add_argument("--close-after", type=int, default=0, help="421 after so many mails of a connection")
    parser.add_argument("--log", default="", help="file with a line for each mail that was taken")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
