"""A TCP proxy that stands between the application and one of its servers and can be told to misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Awaitable
from concurrent.futures import Future
from typing import Any

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]
ABORT = struct.pack("ii", 1, 0)  # SO_LINGER of no time at all: closing sends a reset


class Proxy:
    """Listens on a port of its own and passes on to `upstream`, a socket's path or a port of this machine."""

    def __init__(self, upstream: str | int) -> None:
        self.upstream = upstream
        self.delay = 0.0  # seconds that each piece is held back, in both directions
        self._open = asyncio.Event()  # cleared: connections are taken, nothing passes
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._call(self._listen())
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.let_through()

    # --- what a test may ask for ---

    def hang(self) -> None:
        """Connections are accepted and nobody ever answers."""
        self._loop.call_soon_threadsafe(self._open.clear)

    def let_through(self) -> None:
        self._loop.call_soon_threadsafe(self._open.set)

    def reset(self) -> None:
        """Every connection that is open is torn down, as by a router that forgot it."""
        self._call(self._tear_down())

    def close(self) -> None:
        self.reset()
        self._server.close()
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    # --- the wire ---

    def _call(self, work: Any) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(10)

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self._open.wait()
            there_reader, there_writer = await self._connect()
            self._writers.add(there_writer)
            try:
                await self._either(self._pass(reader, there_writer), self._pass(there_reader, writer))
            finally:
                self._drop(there_writer)
        except (OSError, asyncio.CancelledError):
            pass  # the server is away, or the test is over
        finally:
            self._drop(writer)

    async def _connect(self) -> Pair:
        if isinstance(self.upstream, int):
            return await asyncio.open_connection("127.0.0.1", self.upstream)
        return await asyncio.open_unix_connection(self.upstream)

    @staticmethod
    async def _either(*ways: Awaitable[None]) -> None:
        tasks = [asyncio.ensure_future(way) for way in ways]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._open.wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()

    def _drop(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)
        writer.close()

    async def _tear_down(self) -> None:
        for writer in list(self._writers):
            wire = writer.get_extra_info("socket")
            if wire.family == socket.AF_INET:
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            writer.transport.abort()

    async def _end(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
