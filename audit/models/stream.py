"""A bridge from asynchronous work to a plain iterator: one event loop in one thread, while somebody iterates."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from typing import Any, TypeVar

T = TypeVar("T")
_END: Any = object()


def stream(
    work: Callable[[Callable[[T], None]], Coroutine[Any, Any, None]], leftover: Callable[[T], None]
) -> Generator[T, None, None]:
    """Run `work(emit)` on an event loop of its own and yield what it emits, as it comes.

    What `work` raises is raised here after everything emitted before it. When the consumer stops iterating, `work`
    is cancelled and waited for, and what it had emitted already is handed to `leftover`, so that nothing is lost.
    """
    out: queue.SimpleQueue[T] = queue.SimpleQueue()
    loop = asyncio.new_event_loop()
    task = loop.create_task(work(out.put))
    task.add_done_callback(lambda _: out.put(_END))
    thread = threading.Thread(target=_run, args=(loop, task), name="medaudit-calls", daemon=True)
    thread.start()
    ended = False
    try:
        while True:
            item = out.get()
            if item is _END:
                ended = True
                break
            yield item
    finally:
        if not ended:
            loop.call_soon_threadsafe(task.cancel)
            _until_end(out, leftover)
        thread.join()
        loop.close()
    task.result()


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    loop.run_until_complete(asyncio.wait([task]))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())


def _until_end(out: queue.SimpleQueue[T], leftover: Callable[[T], None]) -> None:
    while (item := out.get()) is not _END:
        leftover(item)


async def share(items: Iterable[T], work: Callable[[T], Awaitable[None]], workers: int) -> None:
    """Await `work` of each item, at most `workers` at a time; the first error cancels the rest and is raised."""
    rest = iter(items)

    async def worker() -> None:
        for item in rest:
            await work(item)

    tasks = [asyncio.ensure_future(worker()) for _ in range(workers)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
