"""`python -m folkmoot.cli` is `folkmoot`."""

from folkmoot.cli import main

main()
