"""HCL files by the grammar, and damage to them."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b_c", "d-e", "for", "if", "in", "null_x", "é", "aws_sqs_queue", "f1"])
PLAIN_NAMES = st.sampled_from(["a", "b_c", "d-e", "x", "aws_sqs_queue", "f1"])
BLANKS = st.sampled_from([" ", " ", "  ", "\t", " /* c */ "])
TEXTS = st.sampled_from(["", "x", "a b", "é", "$", "$${x}", "%%{y}", "100%", r"\n", r"\"", r"\\", "{", "}", "#", "//"])
OPERATORS = st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"])
NUMBERS = st.sampled_from(["0", "1", "42", "1.5", "1e3", "2E-2", "0.25"])


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("".join)


def _many(part: st.SearchStrategy[str], separator: str, most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(part, max_size=most).map(separator.join)


def _extended(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions made of smaller ones."""
    quoted = _many(st.one_of(TEXTS, inner.map("${{{}}}".format), inner.map("${{~ {} ~}}".format)), "").map(
        '"{}"'.format
    )
    chosen = st.tuples(inner, TEXTS, TEXTS).map(lambda t: f'"%{{ if {t[0]} }}{t[1]}%{{ else }}{t[2]}%{{ endif }}"')
    looped = st.tuples(PLAIN_NAMES, inner, TEXTS).map(lambda t: f'"%{{ for {t[0]} in {t[1]} ~}}{t[2]}%{{ endfor }}"')
    items = st.tuples(PLAIN_NAMES, inner).map(" = ".join)
    return st.one_of(
        quoted,
        chosen,
        looped,
        _many(inner, ", ").map("[{}]".format),
        _many(inner, ",\n").map("[\n{}\n]".format),
        _many(items, ", ").map("{{ {} }}".format),
        _many(items, "\n").map("{{\n{}\n}}".format),
        st.tuples(PLAIN_NAMES, _many(inner, ", ")).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(PLAIN_NAMES, inner).map(lambda t: f"{t[0]}({t[1]}...)"),
        inner.map("({})".format),
        inner.map("(\n{}\n)".format),
        inner.map("!{}".format),
        inner.map("-{}".format),
        st.tuples(inner, OPERATORS, inner).map(" ".join),
        st.tuples(inner, inner, inner).map(lambda t: f"{t[0]} ? {t[1]} : {t[2]}"),
        st.tuples(PLAIN_NAMES, PLAIN_NAMES).map(".".join),
        st.tuples(PLAIN_NAMES, inner).map(lambda t: f"{t[0]}[{t[1]}]"),
        st.tuples(PLAIN_NAMES, PLAIN_NAMES).map("[*].".join),
        st.tuples(PLAIN_NAMES, inner, inner).map(lambda t: f"[for {t[0]} in {t[1]} : {t[2]}]"),
        st.tuples(PLAIN_NAMES, inner, inner, inner).map(lambda t: f"[for {t[0]} in {t[1]} : {t[2]} if {t[3]}]"),
        st.tuples(PLAIN_NAMES, inner, inner).map(lambda t: f"{{ for {t[0]} in {t[1]} : {t[0]} => {t[2]}... }}"),
        st.tuples(TEXTS, inner).map(lambda t: f"f(<<EOT\n{t[0]} ${{{t[1]}}}\nEOT\n)"),
    )


SMALLEST = st.one_of(NUMBERS, PLAIN_NAMES, TEXTS.map('"{}"'.format), st.just("null"))
EXPRESSIONS = st.recursive(SMALLEST, _extended, max_leaves=6)
COMMENTS = st.sampled_from(["# c\n", "// c }\n", "/* c { */\n", "\n", ""])
LABELS = _many(st.one_of(PLAIN_NAMES, TEXTS.filter(lambda text: "{" not in text).map('"{}"'.format)), " ", 2)
VALUES = _joined(BLANKS, st.just("="), BLANKS, EXPRESSIONS, st.just("\n"), COMMENTS)
ATTRIBUTES = st.dictionaries(NAMES, VALUES, max_size=3).map(lambda pairs: "".join(map("".join, pairs.items())))
BODIES: st.SearchStrategy[str] = st.deferred(lambda: _joined(COMMENTS, ATTRIBUTES, _many(BLOCKS, "", 2)))
BLOCKS = _joined(NAMES, BLANKS, LABELS, st.just(" {\n"), BODIES, st.just("}\n"), COMMENTS)

DAMAGE = st.sampled_from([*"{}[]()\"'=,.:?!$%#\n&|~;@ a1", "${", "%{", "<<EOT\n", "/*", "for ", "..."])


@st.composite
def broken_files(draw: st.DrawFn) -> str:
    """A sound file with something put in, taken out or cut off."""
    text = draw(BODIES)
    start = draw(st.integers(0, len(text)))
    length = draw(st.sampled_from([0, 0, 1, 2, 5]))
    return text[:start] + draw(st.one_of(DAMAGE, st.just(""))) + text[start + length :]
