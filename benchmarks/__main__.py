"""Run the benchmarks of what every user waits for: ``python -m benchmarks``."""

from benchmarks import shell, startup

startup.main()
shell.main()
