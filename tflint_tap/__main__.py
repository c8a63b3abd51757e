"""`python -m tflint_tap`."""

from .cli.main import main

main()
