"""Expressions of cards, compiled: each is made into closures once, and asked of many subjects.

The evaluator walks an expression's tree anew each time, which is right for the expressions of a stack: most are asked
once. Those of cards are asked of every subject. What they give is the same, but for one thing: where the left side of
`&&` or `||`, or an element of `anytrue`, `alltrue` or `exists`, settles the answer, nothing behind it is looked at, so
that no error there counts.
"""
