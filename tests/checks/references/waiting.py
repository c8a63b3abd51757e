"""Modules whose parts wait for each other."""

from __future__ import annotations


def module_call(name: str, *lines: str) -> str:
    return f'module "{name}" {{\n  source = "./m"\n' + "".join(f"  {line}\n" for line in lines) + "}\n"
