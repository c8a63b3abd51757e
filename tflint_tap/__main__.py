"""`python -m tflint_tap`."""

from .cli import main

main()
