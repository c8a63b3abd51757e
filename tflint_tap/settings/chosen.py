"""What is in force: the rules that judge a module, and what becomes of a finding by the file that it lies in.

The settings of a module's folder say how it is judged: the rules, their params. The settings of a file's folder say
which findings are reported there, and how grave they are. They differ where a module is called from elsewhere, and by
the entries of `paths`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..records import dataclass, replace
from ..rule import Rule, Severity
from ..rulebook.loader import CardError, load_foreign_rules
from ..suppressions.complaints import UNREADABLE
from ..text.ignored import covers
from ..text.nearest import suggestion
from ..text.yaml_text import Node
from . import DEFAULT_FAIL_ON, Options, SettingsError, shown_path
from .forms import GRADES, Item, is_within
from .keys import DOUBTS, KEYS, Joining
from .reading import Entry, Settings
from .selection import Choice, is_chosen

_OFF = GRADES[-1]
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """What holds in a file: the rules that report there, each with the severity that it is given, if any."""

    grades: Mapping[str, Severity | None]
    doubts: str
    fail_on: Severity


@dataclass(eq=False)
class Scheme:
    """What the settings of a folder come to: the rules that there are, with their params, and what holds where."""

    chain: tuple[Settings, ...]
    rules: Mapping[str, Rule]
    options: Options
    _made: dict[tuple[Entry, ...], InForce]

    def in_force(self, path: str) -> InForce:
        """What holds in a file, by its path as it really is."""
        return self._of(tuple(entry for one in self.chain for entry in entries_for(one, path)))

    def in_folder(self) -> InForce:
        """What holds in the files that no entry of `paths` is for."""
        return self._of(())

    def _of(self, entries: tuple[Entry, ...]) -> InForce:
        if entries not in self._made:
            self._made[entries] = self._in_force(entries)
        return self._made[entries]

    def items(self, key: str, folder: str) -> tuple[Item, ...]:
        """What the nearest file says of a key for a folder, as texts; empty where none says anything."""
        own = KEYS[key].joining is Joining.OWN
        files = [one for one in self.chain if key in one.values and (not own or one.origin.base == folder)]
        found = files[-1].values[key] if files else ()
        return (found,) if isinstance(found, Item) else found

    def _word(self, key: str, default: str) -> str:
        found = self.items(key, "")
        return found[0].text if found else default

    def layers(self, entries: Iterable[Entry]) -> Iterator[Mapping[str, Any]]:
        """What each file and each of these entries says, the farthest first."""
        listed = tuple(entries)
        for one in self.chain:
            yield one.values
            yield from (entry.values for entry in one.entries if entry in listed)

    def _in_force(self, entries: tuple[Entry, ...]) -> InForce:
        layers = list(self.layers(entries))
        choices = [Choice(_texts(layer.get("select")), _texts(layer.get("ignore")) or ()) for layer in layers]
        choices += self.options.choices
        grades: dict[str, Severity | None] = {}
        for rule, card in self.rules.items():
            if card.asked_only:
                continue
            word = _grade(rule, layers)
            if rule == UNREADABLE or (word != _OFF and is_chosen(rule, choices)):
                grades[rule] = None if word is None or rule == UNREADABLE else Severity[word.upper()]
        return InForce(
            grades,
            "fail" if self.options.strict else self._word("doubts", DOUBTS[0]),
            Severity[(self.options.fail_on or self._word("fail-on", DEFAULT_FAIL_ON)).upper()],
        )


def entries_for(settings: Settings, path: str) -> Iterator[Entry]:
    """The entries of `paths` that are for a file."""
    for entry in settings.entries:
        if covers([(settings.origin.base, [glob.pattern for glob in entry.files])], path):
            yield entry


def _texts(items: tuple[Item, ...] | None) -> tuple[str, ...] | None:
    return None if items is None else tuple(item.text for item in items)


def _grade(rule: str, layers: Iterable[Mapping[str, Any]]) -> str | None:
    """The severity that a rule is given: by the nearest that names it or its family; there its own name counts."""
    family, found = rule.partition("/")[0], None
    for layer in layers:
        named = layer.get("severity", {})
        item = named.get(rule) or named.get(family)
        found = item.text if item is not None else found
    return found


# -- the schemes of folders ----------------------------------------------------------------------------------------


class Schemes:
    """The schemes of a run, each made once. `own` are the rules of the rulebook."""

    def __init__(self, own: tuple[Rule, ...], options: Options) -> None:
        self._own = {rule.id: rule for rule in own}
        self._options = options
        self._made: dict[tuple[str, ...], Scheme] = {}
        self._foreign: dict[str, tuple[Rule, ...]] = {}

    def of(self, chain: tuple[Settings, ...]) -> Scheme:
        """The scheme of settings, the farthest first. SettingsError where they name what there isn't."""
        key = tuple(one.origin.path for one in chain)
        if key not in self._made:
            rules = dict(self._own)
            given: dict[str, dict[str, Any]] = {}
            for one in chain:
                for folder in one.values.get("rules", ()):
                    self._add(folder, one, rules)
                _check_names(one, rules)
                for rule, name, value in _params(one, rules):
                    given.setdefault(rule, {})[name] = value
            rules.update({id_: _with_params(rules[id_], params) for id_, params in given.items()})
            self._made[key] = Scheme(chain, rules, self._options, {})
        return self._made[key]

    def _add(self, folder: Item, settings: Settings, rules: dict[str, Rule]) -> None:
        """Adds a folder's rules. What is wrong with a card is told with the card's line."""
        if folder.text not in self._foreign:
            try:
                shown = Path(shown_path(folder.text))
                self._foreign[folder.text] = load_foreign_rules(
                    shown, lambda path: is_within(path, settings.origin.root)
                )
            except (CardError, OSError) as error:
                raise SettingsError(str(error)) from None
            if not self._foreign[folder.text]:
                raise SettingsError(f"{folder.place}: {shown_path(folder.text)} has no rules: FAMILY/RULE.yaml")
        for rule in self._foreign[folder.text]:
            known = rules.setdefault(rule.id, rule)
            if known is not rule:
                raise SettingsError(f"{folder.place}: there is a rule {rule.id} already; give yours another name")


def _with_params(rule: Rule, given: Mapping[str, Any]) -> Rule:
    """A rule with params of the settings: one that is for contracts, or only where it is asked for, is asked for."""
    return replace(rule, params={**rule.params, **given}, contract_only=False, named_only=False, asked_only=False)


def _check_names(settings: Settings, rules: Mapping[str, Rule]) -> None:
    """SettingsError for a rule or family that there isn't, and for what would silence unreadable files."""
    names = {name for rule in rules.values() for name in (rule.id, rule.family)}
    for layer in (settings.values, *(entry.values for entry in settings.entries)):
        severity = [Item(name, item.place) for name, item in layer.get("severity", {}).items()]
        for key, items in (
            ("select", layer.get("select", ())),
            ("ignore", layer.get("ignore", ())),
            ("severity", severity),
        ):
            for item in items:
                if item.text not in names:
                    hint = suggestion(item.text, names)
                    raise _wrong(item.place, f"{key}: there is no rule or family {item.text}{hint}")
                if item.text == UNREADABLE and key != "select":
                    raise _wrong(item.place, f"{key}: {UNREADABLE} can't be changed: unreadable files are errors")


def _wrong(place: str, message: str) -> SettingsError:
    return SettingsError(f"{place}: {message}")


def _params(settings: Settings, rules: Mapping[str, Rule]) -> Iterator[tuple[str, str, Any]]:
    """The params that a file gives: rule, name, value. SettingsError where a rule has none such, or of another type."""
    for name, key in KEYS.items():
        found = settings.values.get(name) if key.param else None
        if found is not None:
            value = found.text if isinstance(found, Item) else [item.text for item in found]
            yield from ((rule, param, value) for rule, param in key.param)
    for rule, params in settings.values.get("params", {}).items():
        card = rules.get(rule.text)
        if card is None:
            ids = [one.id for one in rules.values() if one.params]
            raise _wrong(rule.place, f"params: there is no rule {rule.text}{suggestion(rule.text, ids)}")
        for name, node in params.items():
            if name.text not in card.params:
                what = "no params" if not card.params else f"no param {name.text}"
                raise _wrong(name.place, f"params: {rule.text} has {what}{suggestion(name.text, card.params)}")
            path = settings.origin.path
            yield rule.text, name.text, _typed(node, card.params[name.text], f"{rule.text}: {name.text}", path)


def _typed(node: Node, like: object, name: str, path: str) -> Any:
    """The value of a node, of the type that a card's own value has."""
    line, kind, content = node
    if isinstance(like, list) and kind == "list":
        return [_typed(one, like[0] if like else "", name, path) for one in content]
    if isinstance(like, dict) and kind == "mapping":
        first = next(iter(like.values()), "")
        return {key[2]: _typed(value, like.get(key[2], first), name, path) for key, value in content}
    if kind == "text":
        if isinstance(like, bool):
            if content in ("true", "false"):
                return content == "true"
        elif isinstance(like, (int, float)):
            if _NUMBER.fullmatch(content) and (isinstance(like, float) or "." not in content):
                return float(content) if "." in content else int(content)
        elif isinstance(like, str):
            return content
    raise _wrong(f"{path}:{line}", f"params: {name} has to be {_type_words(like)}")


def _type_words(like: object) -> str:
    if isinstance(like, bool):
        return "true or false"
    if isinstance(like, int):
        return "a whole number"
    if isinstance(like, float):
        return "a number"
    if isinstance(like, list):
        return "a list"
    return "a mapping" if isinstance(like, dict) else "a text"
