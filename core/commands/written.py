"""A text that a command writes to a file."""

from pathlib import Path

from core.errors import UserError


def write(out: str, text: str) -> int:
    """Write a text and print how large it is; the command's exit code."""
    data = text.encode()
    try:
        Path(out).write_bytes(data)
    except OSError as error:
        raise UserError(f"{out} can't be written: {error.strerror}.", "Choose another file.") from error
    print(f"{len(data) / 1000:,.0f} kB written to {out}")
    return 0
