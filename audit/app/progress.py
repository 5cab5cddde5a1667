"""Progress on the screen: how many answers, how fast, how long to go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from audit.store.asker import Progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress function that draws a bar on standard error, plain where that is not a terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        """Answers per second."""

        def render(self, task: Task) -> Text:
            """The rate, or nothing before it is known."""
            return Text("" if task.speed is None else f"{task.speed:.1f}/s")

    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("asking"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("asking", total=None)

        def show(done: int, total: int) -> None:
            if done == 0 or bar.tasks[0].total != total:
                bar.reset(task, total=total, completed=done)
            bar.update(task, completed=done, total=total)

        yield show
