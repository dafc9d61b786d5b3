"""Literals of a Python program, read from its syntax tree and never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

_COPIES = {"list", "tuple", "set", "sorted", "frozenset", "dict", "OrderedDict"}
_METHODS = {"split", "splitlines", "strip", "copy"}
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Text:
    """A string of the program, with its 1-based line."""

    text: str
    line: int


Value = Text | list["Value"] | dict[str, "Value"]


@dataclass(slots=True)
class _Binding:
    """What a name is bound to at one place."""

    value: ast.expr
    conditional: bool


@dataclass(slots=True)
class Program:
    """A parsed program; :meth:`value` evaluates what is literal in an expression of it.

    What is not is collected in ``hidden``.
    """

    tree: ast.Module
    hidden: list[ast.expr] = field(default_factory=list)
    _bound: dict[str, list[_Binding]] = field(default_factory=dict)
    _changes: dict[str, list[tuple[str, ast.expr, ast.expr | None, bool]]] = field(
        default_factory=dict
    )
    _current: dict[str, Value] = field(default_factory=dict)
    _functions: dict[str, ast.AST] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Collect what names are bound to, in all scopes alike: setup.py seldom has two."""
        self._collect(self.tree.body, conditional=False)

    def _collect(self, body: list[ast.stmt], conditional: bool) -> None:
        for node in body:
            self._bind(node, conditional)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self._functions[node.name] = node
            inner = conditional or (
                isinstance(node, ast.If | ast.For | ast.While) and not _is_main(node)
            )
            for name in ("body", "orelse", "finalbody"):
                self._collect(getattr(node, name, []), inner)
            for handler in getattr(node, "handlers", []):
                self._collect(handler.body, conditional=True)

    def _bind(self, node: ast.stmt, conditional: bool) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value, conditional)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._assign(node.target, node.value, conditional)
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
            self._change(node.target, "extend", node.value, None, conditional)
        elif isinstance(node, ast.With):
            for item in node.items:
                if item.optional_vars is not None:
                    self._assign(item.optional_vars, item.context_expr, conditional)
        elif isinstance(node, ast.For):
            self._assign(node.target, node.iter, conditional)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            if isinstance(call.func, ast.Attribute) and call.args:
                self._change(call.func.value, call.func.attr, call.args[0], None, conditional)

    def _assign(self, target: ast.expr, value: ast.expr, conditional: bool) -> None:
        if isinstance(target, ast.Name):
            self._bound.setdefault(target.id, []).append(_Binding(value, conditional))
        elif isinstance(target, ast.Subscript):
            self._change(target.value, "set", value, target.slice, conditional)

    def _change(
        self,
        target: ast.expr,
        how: str,
        value: ast.expr,
        key: ast.expr | None,
        conditional: bool,
    ) -> None:
        if how in ("append", "extend", "update", "set", "insert") and isinstance(target, ast.Name):
            self._changes.setdefault(target.id, []).append((how, value, key, conditional))

    def value(self, node: ast.expr, depth: int = 0) -> Value | None:
        """Evaluate what is literal; None where nothing is."""
        if depth > _DEEPEST:
            return self._hide(node)
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                return Text(node.value, node.lineno)
            return [] if node.value is None else self._hide(node)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return self._list(node.elts, depth)
        if isinstance(node, ast.Dict):
            return self._dict(node, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._sum(node, depth)
        if isinstance(node, ast.Name):
            return self._name(node, depth)
        if isinstance(node, ast.Subscript):
            return self._item(node, depth)
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        return self._hide(node)

    def _hide(self, node: ast.expr) -> Value | None:
        self.hidden.append(node)
        return None

    def _list(self, nodes: list[ast.expr], depth: int) -> list[Value]:
        found: list[Value] = []
        for node in nodes:
            inner = node.value if isinstance(node, ast.Starred) else node
            value = self.value(inner, depth + 1)
            if isinstance(node, ast.Starred) and isinstance(value, list):
                found += value
            elif value is not None:
                found.append(value)
        return found

    def _dict(self, node: ast.Dict, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for key, item in zip(node.keys, node.values, strict=True):
            value = self.value(item, depth + 1)
            if key is None:
                if isinstance(value, dict):
                    found.update(value)
                continue
            name = self.value(key, depth + 1)
            if isinstance(name, Text) and value is not None:
                found[name.text] = value
        return found

    def _sum(self, node: ast.BinOp, depth: int) -> Value | None:
        left, right = self.value(node.left, depth + 1), self.value(node.right, depth + 1)
        if isinstance(left, Text) and isinstance(right, Text):
            return Text(left.text + right.text, left.line)
        if isinstance(left, Text) or isinstance(right, Text):
            return self._hide(node)
        sides = [side for side in (left, right) if isinstance(side, list)]
        return [item for side in sides for item in side] if sides else None

    def _name(self, node: ast.Name, depth: int) -> Value | None:
        if node.id in self._current:
            return self._current[node.id]
        bindings = self._bound.get(node.id)
        if not bindings:
            return self._hide(node)
        # Taken away meanwhile: in `x = x + [...]` the inner x is the one bound before.
        binding = bindings.pop()
        changes = self._changes.pop(node.id, [])
        try:
            value = self.value(binding.value, depth + 1)
            if binding.conditional and bindings:
                self._hide(binding.value)
            for how, item, key, conditional in changes:
                if value is not None:
                    self._current[node.id] = value
                if conditional:
                    self._hide(item)
                else:
                    value = self._changed(value, how, item, key, depth)
        finally:
            self._current.pop(node.id, None)
            bindings.append(binding)
            if changes:
                self._changes[node.id] = changes
        return value

    def _changed(
        self, value: Value | None, how: str, item: ast.expr, key: ast.expr | None, depth: int
    ) -> Value | None:
        more = self.value(item, depth + 1)
        if isinstance(value, list):
            if how == "append":
                return [*value, *([more] if more is not None else [])]
            return [*value, *(more if isinstance(more, list) else [])]
        if isinstance(value, dict):
            if how == "update" and isinstance(more, dict):
                return {**value, **more}
            name = self.value(key, depth + 1) if key is not None else None
            if isinstance(name, Text) and more is not None:
                return {**value, name.text: more}
        return value

    def _item(self, node: ast.Subscript, depth: int) -> Value | None:
        whole = self.value(node.value, depth + 1)
        key = self.value(node.slice, depth + 1)
        if isinstance(whole, dict) and isinstance(key, Text) and key.text in whole:
            return whole[key.text]
        return self._hide(node)

    def _call(self, node: ast.Call, depth: int) -> Value | None:
        if isinstance(node.func, ast.Name) and node.func.id in _COPIES:
            if node.keywords and not node.args:
                return self._dict(as_dict(node), depth)
            return self.value(node.args[0], depth + 1) if node.args else []
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr in _METHODS and not node.keywords:
            return self._method(node, func, depth)
        return self._hide(node)

    def _method(self, node: ast.Call, func: ast.Attribute, depth: int) -> Value | None:
        owner = self.value(func.value, depth + 1)
        if func.attr == "copy" or owner is None:
            return owner
        if not isinstance(owner, Text):
            return self._hide(node)
        if func.attr == "strip":
            return Text(owner.text.strip(), owner.line)
        given = self.value(node.args[0], depth + 1) if node.args else None
        mark = given.text if isinstance(given, Text) and given.text else None
        parts = owner.text.splitlines() if func.attr == "splitlines" else owner.text.split(mark)
        return [Text(part, owner.line) for part in parts]

    def strings_behind(self, node: ast.AST) -> Iterator[str]:
        """Give every string that an expression, or what it names, mentions."""
        waiting: list[ast.AST] = [node]
        seen: set[str] = set()
        while waiting:
            for inner in ast.walk(waiting.pop()):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.value
                elif isinstance(inner, ast.Name) and inner.id not in seen:
                    seen.add(inner.id)
                    waiting += [one.value for one in self._bound.get(inner.id, [])]
                    waiting += [self._functions[inner.id]] if inner.id in self._functions else []

    def keywords(self, call: ast.Call, depth: int = 0) -> dict[str, ast.expr]:
        """Give a call's keyword arguments, also those of a literal dict passed with ``**``."""
        found: dict[str, ast.expr] = {}
        for keyword in call.keywords:
            if keyword.arg is not None:
                found[keyword.arg] = keyword.value
            elif depth < _DEEPEST:
                found.update(self._unpacked(keyword.value, depth))
        return found

    def _unpacked(self, node: ast.expr, depth: int) -> dict[str, ast.expr]:
        if isinstance(node, ast.Name):
            found: dict[str, ast.expr] = {}
            for binding in self._bound.get(node.id, [])[-1:]:
                found.update(self._unpacked(binding.value, depth + 1) if depth < _DEEPEST else {})
            for how, value, key, _ in self._changes.get(node.id, []):
                if how == "set" and isinstance(key, ast.Constant) and isinstance(key.value, str):
                    found[key.value] = value
                elif how == "update":
                    found.update(self._unpacked(value, depth + 1) if depth < _DEEPEST else {})
            return found
        if isinstance(node, ast.Call):
            return self.keywords(node, depth + 1) if depth < _DEEPEST else {}
        if isinstance(node, ast.Dict):
            return {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
        return {}


def as_dict(call: ast.Call) -> ast.Dict:
    """Write ``dict(a=1)`` as ``{"a": 1}``."""
    keys: list[ast.expr | None] = [
        ast.copy_location(ast.Constant(one.arg), call) if one.arg is not None else None
        for one in call.keywords
    ]
    return ast.Dict(keys, [one.value for one in call.keywords])


def _is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.dump(node.test)
