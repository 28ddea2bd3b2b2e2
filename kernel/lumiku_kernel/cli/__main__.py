"""`python -m lumiku_kernel.cli`: how a process starts another of our commands."""

from lumiku_kernel.cli import main

main()
