"""The help of commands with many options: under headings."""

from __future__ import annotations

import click

from .inputs import InOrder

OTHER = "Other options"
HEADINGS = {
    "What is judged": (
        "select", "ignore", "config", "no_config", "contract", "provider_version", "exclude", "force_exclude",
        "stdin_filename",
    ),
    "Values of variables": ("variables", "variable_files", "sets"),
    "What is reported": ("min_severity", "baseline", "write_baseline", "prune", "diff_base"),
    "How it is presented": (
        "format_", "given_outputs", "sarif_category", "quiet", "group_by", "statistics", "color", "no_color",
    ),
    "The exit code": ("fail_on", "strict", "exit_zero"),
    OTHER: ("jobs", "help"),
}  # the parameters under each heading, in order; what is under none comes last  # fmt: skip


class WithHeadings(InOrder):
    """A command whose help puts its options under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = {
            parameter.name: row
            for parameter in self.get_params(ctx)
            if isinstance(parameter, click.Option) and (row := parameter.get_help_record(ctx)) is not None
        }
        for heading, names in HEADINGS.items():
            listed = [rows.pop(name) for name in names if name in rows]
            if heading == OTHER:
                listed += rows.values()
            if listed:
                with formatter.section(heading):
                    formatter.write_dl(listed)
