"""`python -m quadrangle` is the `quadrangle` command."""

from quadrangle.cli import main

main()
