"""What the names of a Python program are bound to, and how that is changed later."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_CHANGES = {"append", "extend", "insert", "update", "set"}


@dataclass(frozen=True, slots=True)
class Binding:
    """What a name is bound to at one place; ``conditional`` if another binding may hold instead."""

    value: ast.expr
    conditional: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a list or dict: ``how`` is the method's name, or ``set`` for ``x[key] = …``."""

    how: str
    value: ast.expr
    key: ast.expr | None
    conditional: bool


class Bindings:
    """The bindings of a program, of all scopes alike: a setup.py seldom has more than one."""

    def __init__(self, tree: ast.Module) -> None:
        self._bound: dict[str, list[Binding]] = {}
        self._changes: dict[str, list[Change]] = {}
        self._functions: dict[str, ast.AST] = {}
        waiting: list[tuple[ast.stmt, bool]] = [(node, False) for node in reversed(tree.body)]
        while waiting:
            node, conditional = waiting.pop()
            self._statement(node, conditional)
            inner = conditional or (
                isinstance(node, ast.If | ast.For | ast.While) and not _is_main(node)
            )
            body = [
                statement
                for name in ("body", "orelse", "finalbody")
                for statement in getattr(node, name, [])
            ]
            handlers = [one for handler in getattr(node, "handlers", []) for one in handler.body]
            waiting += [(one, True) for one in reversed(handlers)]
            waiting += [(one, inner) for one in reversed(body)]

    @contextmanager
    def taken(self, node: ast.Name) -> Iterator[tuple[Binding | None, list[Change]]]:
        """Give a name's last binding above and the changes, hidden from all others meanwhile.

        Where none stands above, as in a function that is called later, it is the last of all.
        """
        name = node.id
        bindings, changes = self._bound.get(name, []), self._changes.pop(name, [])
        line = getattr(node, "lineno", None)
        above = [at for at, one in enumerate(bindings) if line is None or one.value.lineno <= line]
        at = above[-1] if above else len(bindings) - 1
        binding = bindings.pop(at) if bindings else None
        try:
            # A single binding below an `if` is as good as any: without it there would be none.
            alone = binding is not None and not bindings
            yield Binding(binding.value, False) if binding and alone else binding, changes
        finally:
            if binding is not None:
                bindings.insert(at, binding)
            if changes:
                self._changes[name] = changes

    def behind(self, name: ast.Name) -> list[ast.AST]:
        """Give all that a name may stand for: what it was bound to, what was added, functions.

        Of several bindings the last one above the name counts, with those that it may leave in
        force: ``f`` of ``with open(…) as f`` is another file each time.
        """
        found: list[ast.AST] = [one.value for one in self._in_force(name)]
        found += [one.value for one in self._changes.get(name.id, [])]
        return [*found, self._functions[name.id]] if name.id in self._functions else found

    def _in_force(self, name: ast.Name) -> list[Binding]:
        bound = self._bound.get(name.id, [])
        above = [one for one in bound if one.value.lineno <= getattr(name, "lineno", 0)]
        found: list[Binding] = []
        for one in reversed(above):
            found.append(one)
            if not one.conditional:
                break
        return found or bound

    def _statement(self, node: ast.stmt, conditional: bool) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._functions[node.name] = node
        elif isinstance(node, ast.Assign):
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
                self._change(call.func.value, call.func.attr, call.args[-1], None, conditional)

    def _assign(self, target: ast.expr, value: ast.expr, conditional: bool) -> None:
        if isinstance(target, ast.Name):
            self._bound.setdefault(target.id, []).append(Binding(value, conditional))
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
        if isinstance(target, ast.Name) and how in _CHANGES:
            how = "append" if how == "insert" else how
            self._changes.setdefault(target.id, []).append(Change(how, value, key, conditional))


def _is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.dump(node.test)
