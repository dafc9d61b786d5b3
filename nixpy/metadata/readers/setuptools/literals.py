"""Literals of a Python program, read from its syntax tree and never run."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from nixpy.metadata.readers.setuptools.bindings import Bindings, Change
from nixpy.metadata.readers.setuptools.values import Hidden, Text, Value, nodes, parts
from nixpy.syntax.limits import MOST_STEPS

_COPIES = {"list", "tuple", "set", "sorted", "frozenset", "dict", "OrderedDict"}
_METHODS = {"split", "splitlines", "strip", "copy"}
_DEEPEST = 50
_PER_STEP = 1000  # characters or entries that are copied in about the time of a step


class TooManyStepsError(Exception):
    """A program of which the values take longer to find out than any real one's."""


class Program:
    """A parsed program; :meth:`value` evaluates what is literal in an expression of it."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self._names = Bindings(tree)
        self._current: dict[str, Value] = {}
        self._steps = 0

    def _spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise TooManyStepsError

    def value(self, node: ast.expr, depth: int = 0) -> Value:
        """Evaluate an expression; what is not literal in it is :class:`Hidden`."""
        self._spend(1)
        if depth > _DEEPEST:
            return Hidden(node)
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return self._list(node.elts, depth)
        if isinstance(node, ast.Dict):
            return self._dict(node, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._sum(node, depth)
        if isinstance(node, ast.JoinedStr):
            return self._joined(node, depth)
        if isinstance(node, ast.Name):
            return self._name(node, depth)
        if isinstance(node, ast.Subscript):
            return self._item(node, depth)
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        return Hidden(node)

    def _constant(self, node: ast.Constant) -> Value:
        if isinstance(node.value, str):
            return Text(node.value, node.lineno)
        return [] if node.value is None else Hidden(node)

    def _list(self, nodes: list[ast.expr], depth: int) -> Value:
        found: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                value = self.value(node.value, depth + 1)
                found += value if isinstance(value, list) else [Hidden(node.value)]
                self._spend(len(found))
            else:
                found.append(self.value(node, depth + 1))
        return found

    def _dict(self, node: ast.Dict, depth: int) -> Value:
        found: dict[str, Value] = {}
        for key, item in zip(node.keys, node.values, strict=True):
            value = self.value(item, depth + 1)
            name = self.value(key, depth + 1) if key is not None else None
            if isinstance(name, Text):
                found[name.text] = value
            elif key is None and isinstance(value, dict):
                found.update(value)
            else:
                found[""] = Hidden(item)
        return found

    def _sum(self, node: ast.BinOp, depth: int) -> Value:
        left, right = self.value(node.left, depth + 1), self.value(node.right, depth + 1)
        if isinstance(left, Text) and isinstance(right, Text):
            self._spend(len(left.text) // _PER_STEP)
            return Text(left.text + right.text, left.line)
        sides = [
            side if isinstance(side, list) else [side]
            for side in (left, right)
            if isinstance(side, list | Hidden)
        ]
        if len(sides) < 2 or not any(isinstance(side, list) for side in (left, right)):
            return Hidden(node)
        self._spend(sum(map(len, sides)))
        return [item for side in sides for item in side]

    def _joined(self, node: ast.JoinedStr, depth: int) -> Value:
        text = ""
        for part in node.values:
            plain = isinstance(part, ast.Constant) or (
                isinstance(part, ast.FormattedValue)
                and part.conversion == -1
                and part.format_spec is None
            )
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            value = self.value(inner, depth + 1) if plain else None
            if not isinstance(value, Text):
                return Hidden(node)
            text += value.text
            self._spend(len(text) // _PER_STEP)
        return Text(text, node.lineno)

    def _name(self, node: ast.Name, depth: int) -> Value:
        if node.id in self._current:
            for _ in nodes(self._current[node.id]):
                self._spend(1)
            return self._current[node.id]
        # Taken away meanwhile: in `x = x + [...]` the inner x is the one bound before.
        with self._names.taken(node) as (binding, changes):
            if binding is None:
                return Hidden(node)
            value = self.value(binding.value, depth + 1)
            if binding.conditional:
                # Either this or what was bound before: of lists, both are told.
                before = self.value(node, depth + 1)
                hidden = Hidden(binding.value)
                if isinstance(before, list):
                    value = [*before, hidden]
                else:
                    value = {**before, "": hidden} if isinstance(before, dict) else hidden
            for change in changes:
                self._current[node.id] = value
                value = self._changed(value, change, depth)
        self._current.pop(node.id, None)
        return value

    def _changed(self, value: Value, change: Change, depth: int) -> Value:
        more = Hidden(change.value) if change.conditional else self.value(change.value, depth + 1)
        if isinstance(value, list | dict):
            self._spend(len(value) // _PER_STEP)
        if isinstance(value, list):
            if change.how == "append" or not isinstance(more, list):
                return [*value, more]
            self._spend(len(more))
            return [*value, *more]
        if not isinstance(value, dict):
            return value
        if change.how == "update":
            self._spend(len(more) if isinstance(more, dict) else 1)
            return {**value, **more} if isinstance(more, dict) else {**value, "": more}
        name = self.value(change.key, depth + 1) if change.key is not None else None
        return {**value, name.text if isinstance(name, Text) else "": more}

    def _item(self, node: ast.Subscript, depth: int) -> Value:
        whole = self.value(node.value, depth + 1)
        key = self.value(node.slice, depth + 1)
        if isinstance(whole, dict) and isinstance(key, Text) and key.text in whole:
            return whole[key.text]
        return Hidden(node)

    def _call(self, node: ast.Call, depth: int) -> Value:
        func = node.func
        if isinstance(func, ast.Name) and func.id in _COPIES:
            if node.keywords and not node.args:
                return self._dict(_as_dict(node), depth)
            return self.value(node.args[0], depth + 1) if node.args else []
        if isinstance(func, ast.Attribute) and func.attr in _METHODS and not node.keywords:
            return self._method(node, func, depth)
        return Hidden(node)

    def _method(self, node: ast.Call, func: ast.Attribute, depth: int) -> Value:
        owner = self.value(func.value, depth + 1)
        if func.attr == "copy":
            return owner
        if not isinstance(owner, Text):
            return Hidden(node)
        if func.attr == "strip":
            return Text(owner.text.strip(), owner.line)
        given = self.value(node.args[0], depth + 1) if node.args else None
        mark = given.text if isinstance(given, Text) and given.text else None
        parts = owner.text.splitlines() if func.attr == "splitlines" else owner.text.split(mark)
        return [Text(part, owner.line) for part in parts]

    def repeats(self, node: ast.expr, depth: int = 0) -> bool:
        """Tell whether an expression only puts together what literals elsewhere say.

        As ``sum(extras.values(), [])`` does. What it leaves out of them is not asked.
        """
        self._spend(sum(1 for _ in ast.walk(node)))
        targets = {
            name.id
            for inner in ast.walk(node)
            if isinstance(inner, ast.comprehension)
            for name in ast.walk(inner.target)
            if isinstance(name, ast.Name)
        }
        names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)} - targets
        known = {name for name in names if not hasattr(builtins, name)}
        known -= {"chain", "itertools"}
        if not known or depth > 3:
            return False
        for name in known:
            hidden = list(parts(self.value(ast.Name(name, ast.Load()))))
            if any(part is not node and not self.repeats(part, depth + 1) for part in hidden):
                return False
        return True

    def strings_behind(self, node: ast.AST) -> Iterator[str]:
        """Give every string that an expression, or what it names or calls, mentions."""
        waiting: list[ast.AST] = [node]
        seen: set[str] = set()
        while waiting:
            for inner in ast.walk(waiting.pop()):
                self._spend(1)
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.value
                elif isinstance(inner, ast.Name) and inner.id not in seen:
                    seen.add(inner.id)
                    waiting += self._names.behind(inner)

    def keywords(self, call: ast.Call, depth: int = 0) -> dict[str, ast.expr]:
        """Give a call's keyword arguments, also those of a literal dict passed with ``**``."""
        found: dict[str, ast.expr] = {}
        for keyword in call.keywords:
            if keyword.arg is not None:
                found[keyword.arg] = keyword.value
            else:
                found.update(self._unpacked(keyword.value, depth + 1))
        return found

    def _unpacked(self, node: ast.expr, depth: int) -> dict[str, ast.expr]:
        self._spend(1)
        if depth > _DEEPEST:
            return {}
        if isinstance(node, ast.Call):
            return self.keywords(node, depth + 1)
        if isinstance(node, ast.Dict):
            return {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
        found: dict[str, ast.expr] = {}
        if isinstance(node, ast.Name):
            with self._names.taken(node) as (binding, changes):
                if binding is not None:
                    found.update(self._unpacked(binding.value, depth + 1))
                for change in changes:
                    if change.how == "update":
                        found.update(self._unpacked(change.value, depth + 1))
                    elif isinstance(change.key, ast.Constant) and isinstance(change.key.value, str):
                        found[change.key.value] = change.value
        return found


def _as_dict(call: ast.Call) -> ast.Dict:
    """Write ``dict(a=1)`` as ``{"a": 1}``."""
    keys: list[ast.expr | None] = [
        ast.copy_location(ast.Constant(one.arg), call) if one.arg is not None else None
        for one in call.keywords
    ]
    return ast.Dict(keys, [one.value for one in call.keywords])
