"""The commands of `python -m core`: each has `configure(parser)` and `run(arguments) -> exit code`."""
