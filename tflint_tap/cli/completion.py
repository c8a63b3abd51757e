"""`tap-lint completion`: what a shell has to read to complete commands, options, rules and files."""

from __future__ import annotations

import click

_SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(_SHELLS))
def command(shell: str) -> None:
    """Print what completes commands, options, rules and files in a shell.

    \b
    bash: echo 'eval "$(tap-lint completion bash)"' >> ~/.bashrc
    zsh:  echo 'eval "$(tap-lint completion zsh)"' >> ~/.zshrc
    fish: tap-lint completion fish > ~/.config/fish/completions/tap-lint.fish
    """
    from click.shell_completion import ShellComplete, get_completion_class

    from .main import COMPLETION_VARIABLE, PROGRAM, cli

    found = get_completion_class(shell)
    assert found is not None
    # of the class above: that of bash runs bash first, to see how old it is
    click.echo(ShellComplete.source(found(cli, {}, PROGRAM, COMPLETION_VARIABLE)))
