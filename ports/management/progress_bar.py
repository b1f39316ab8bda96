"""A bar on a terminal that shows how much of a download has come; silent anywhere else."""

from django.core.management.base import OutputWrapper

_WIDTH = 40


class ProgressBar:
    """One line that is written anew as bytes come in."""

    def __init__(self, output: OutputWrapper) -> None:
        self._output = output
        self._is_shown = False

    def advance(self, so_far: int, in_all: int | None) -> None:
        """Show how many bytes have come, of how many where that is known."""
        if not self._output.isatty():
            return
        kilobytes = f"{so_far // 1024:,} KB"
        if in_all:
            filled = min(_WIDTH, _WIDTH * so_far // in_all)
            line = f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {kilobytes} of {in_all // 1024:,} KB"
        else:
            line = kilobytes
        self._output.write(f"\r{line:<78}", ending="")
        self._output.flush()
        self._is_shown = True

    def end(self) -> None:
        """Leave the line, when there is one."""
        if self._is_shown:
            self._output.write("")
            self._is_shown = False
