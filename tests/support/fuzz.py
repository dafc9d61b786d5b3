"""What projects are made of at random: the words of each format, and values that do not fit."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from tests.support.slow_inputs import Files

# Text that means something to a parser, a shell, a terminal or Nix.
_PIECES = (
    "numpy", "a", "A_b.c-d", "é", "\u202e", "\x1b[31m", "\x00", "\x85", "\u2028", " ", "\t", "\n",
    "\r", ".", "..", "/", "../x", "~", "-", "--", "-r", "-e", "-c", "#", "==", ">=", "<", "!=", "~=",
    "===", "^", "*", "|", "||", ",", ";", ":", "::", "@", "=", "1", "1.2.3", "0", "9" * 30, "3.12",
    ">=3.10,<4", "1!2.0.post1.dev2+l", "[", "]", "[all]", "{", "}", "(", ")", "<<", "&a", "*a", "!!b",
    '"', "'", "\\", "`", "$", "${x}", "$(x)", "''", "%", "%(a)s", "python", "python_version", "extra",
    "extra == 'a'", "sys_platform == 'linux'", " and ", " or ", " in ", "not", "true", "null", "yes",
    "git+https://u:p@h/x.git@v1#egg=x", "https://h/x-1-py3-none-any.whl", "file:", "attr:", "./x",
    "x.tar.gz", "-1", "1e9", "nan", "2020-01-01", "🐍", "lib", "pip", "cpython", "pypy3.10", "3.13t",
)  # fmt: skip
PIECE = st.sampled_from(_PIECES)
TEXT = st.lists(PIECE, max_size=5).map("".join)
_NAME = st.sampled_from(["numpy", "a", "app", "python", "Ä", "a.b", "", "x" * 300, "dev", "test"])
_VALUE = st.recursive(
    TEXT | st.integers(-1, 10**30) | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAME, inner, max_size=3),
    max_leaves=5,
)
_TEXTS = st.lists(TEXT, max_size=4)


def _or_odd(usual: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Mostly what the format asks for, at times another type."""
    return st.one_of(usual, usual, usual, usual, _VALUE)


def _table(**keys: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional={k.replace("__", "-"): v for k, v in keys.items()})


_MAP = st.dictionaries(_NAME, _or_odd(TEXT), max_size=3)
_LISTS = _or_odd(st.dictionaries(_NAME, _or_odd(_TEXTS), max_size=3))
_POETRY_ENTRY = _or_odd(
    TEXT
    | _table(
        version=TEXT, optional=st.just(True), extras=_TEXTS, markers=TEXT, python=TEXT, git=TEXT,
        path=TEXT, url=TEXT, platform=TEXT, rev=TEXT,
    )
)  # fmt: skip
_POETRY = st.dictionaries(_NAME, _POETRY_ENTRY | st.lists(_POETRY_ENTRY, max_size=2), max_size=4)
_INCLUDE = st.fixed_dictionaries({"include-group": _NAME})
_GROUPS = st.dictionaries(_NAME, _or_odd(st.lists(TEXT | _INCLUDE, max_size=3)), max_size=3)
_UV = _table(
    workspace=_or_odd(_table(members=_or_odd(_TEXTS), exclude=_or_odd(_TEXTS))),
    sources=_or_odd(
        st.dictionaries(
            _NAME,
            _or_odd(_table(git=TEXT, path=TEXT, url=TEXT, workspace=st.booleans(), rev=TEXT)),
            max_size=2,
        )
    ),
    dev__dependencies=_or_odd(_TEXTS),
    constraint__dependencies=_or_odd(_TEXTS),
    no__binary__package=_or_odd(_TEXTS),
    no__binary=_VALUE,
    pip=_or_odd(_table(no__binary__package=_TEXTS)),
    dependency__groups=_VALUE,
)
_FILES = _or_odd(st.fixed_dictionaries({"file": _or_odd(TEXT | _TEXTS)}))
PYPROJECT = _table(
    project=_or_odd(
        _table(
            name=_or_odd(TEXT), requires__python=_or_odd(TEXT), dependencies=_or_odd(_TEXTS),
            optional__dependencies=_LISTS, dynamic=_or_odd(_TEXTS),
        )
    ),
    dependency__groups=_or_odd(_GROUPS),
    build__system=_or_odd(_table(requires=_or_odd(_TEXTS), build__backend=_or_odd(TEXT))),
    tool=_or_odd(
        _table(
            uv=_or_odd(_UV),
            poetry=_or_odd(
                _table(
                    name=TEXT, dependencies=_or_odd(_POETRY), extras=_LISTS,
                    group=_or_odd(st.dictionaries(_NAME, _table(dependencies=_POETRY), max_size=2)),
                )
            ),
            pdm=_or_odd(_table(dev__dependencies=_LISTS, distribution=_VALUE)),
            hatch=_or_odd(
                _table(
                    envs=_or_odd(
                        st.dictionaries(_NAME, _table(dependencies=_TEXTS, python=TEXT), max_size=2)
                    ),
                    metadata=_VALUE,
                )
            ),
            flit=_or_odd(_table(metadata=_or_odd(_table(requires=_TEXTS, module=TEXT)))),
            setuptools=_or_odd(
                _table(dynamic=_or_odd(_table(dependencies=_FILES, optional__dependencies=_VALUE)))
            ),
        )
    ),
)  # fmt: skip
_LOCKED = _table(
    name=_or_odd(_NAME), version=_or_odd(TEXT), source=_or_odd(_MAP), dependencies=_VALUE,
    wheels=_VALUE, sdist=_VALUE, files=_VALUE, markers=_or_odd(TEXT | _MAP), marker=_or_odd(TEXT),
    groups=_VALUE, optional=_VALUE, extras=_VALUE, vcs=_VALUE, archive=_VALUE, directory=_VALUE,
)  # fmt: skip
LOCK = _table(
    version=_VALUE, requires__python=_or_odd(TEXT), package=_or_odd(st.lists(_LOCKED, max_size=4)),
    packages=_or_odd(st.lists(_LOCKED, max_size=4)), lock__version=_or_odd(TEXT),
    created__by=_or_odd(TEXT),
    metadata=_or_odd(
        _table(
            lock_version=_or_odd(TEXT), targets=_VALUE, files=_VALUE, python__versions=_or_odd(TEXT)
        )
    ),
)  # fmt: skip
PIPFILE = st.dictionaries(
    st.sampled_from(["packages", "dev-packages", "requires", "source", "pipenv", "_meta", "default"]),
    _or_odd(st.dictionaries(st.sampled_from(["numpy", "python_version", "a"]), _POETRY_ENTRY)),
    max_size=4,
)  # fmt: skip
DEVBOX = _table(packages=_or_odd(_TEXTS | st.dictionaries(_NAME, _VALUE, max_size=3)))
MISE = _table(tools=_or_odd(_table(python=_or_odd(TEXT | _TEXTS), node=TEXT)))
CONDA = _table(
    name=_or_odd(TEXT),
    channels=_VALUE,
    dependencies=_or_odd(
        st.lists(TEXT | st.fixed_dictionaries({"pip": _or_odd(_TEXTS)}), max_size=4)
    ),
)
CHOICES = _table(
    python=_or_odd(TEXT), installer=_or_odd(st.sampled_from(["uv", "pip", "poetry", "pdm", "hatch"])),
    packages=_or_odd(_TEXTS), libraries=_or_odd(_TEXTS), tools=_or_odd(_TEXTS), env=_or_odd(_MAP),
    shell_hook=_or_odd(TEXT), nixpkgs=_or_odd(TEXT), systems=_or_odd(_TEXTS), venv=_or_odd(TEXT),
    pythons=_or_odd(_TEXTS), allow_unfree=_or_odd(st.booleans()), flake=_or_odd(TEXT),
    projects=_or_odd(_MAP), shell=_or_odd(st.sampled_from(["venv", "fhs"])), cuda=_VALUE,
)  # fmt: skip


def toml(value: object) -> str:
    """Write a mapping as TOML: each top-level key with an inline value."""
    items = value.items() if isinstance(value, dict) else ()
    return "".join(f"{_key(key)} = {_inline(item)}\n" for key, item in items)


def _key(key: str) -> str:
    return json.dumps(key, ensure_ascii=False).replace("\x7f", "\\u007f")


def _inline(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _key(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(key)} = {_inline(item)}' for key, item in value.items())}}}"
    return repr(value)


LINES = st.lists(st.lists(PIECE, max_size=6).map("".join), max_size=8).map("\n".join)
_INI = st.lists(
    st.sampled_from(
        [
            "[options]", "[metadata]", "[options.extras_require]", "install_requires =", "name =",
            "python_requires =", "file:", "requires_python =", "tests_require:", "  ", "\n",
        ]
    )
    | TEXT.map("  {}".format)
    | TEXT,
    max_size=12,
).map("\n".join)  # fmt: skip
_LITERAL = st.recursive(
    TEXT.map(repr) | st.sampled_from(["a", "b", "None", "open('requirements.txt').read()", "f(a)"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.tuples(inner, inner).map(" + ".join)
        | st.tuples(TEXT.map(repr), inner).map(lambda pair: f"{{{pair[0]}: {pair[1]}}}")
        | inner.map(lambda part: f"[*{part}]")
        | inner.map(lambda part: f"[x for x in {part}]")
        | inner.map(lambda part: f"{part}.split()")
    ),
    max_leaves=6,
)
_STATEMENT = st.tuples(
    st.sampled_from(
        ["a = ", "b = ", "a += ", "a.append(", "a['x'] = ", "if 1:\n  a = ", "b.update("]
    ),
    _LITERAL,
).map(lambda pair: f"{pair[0]}{pair[1]}{')' if pair[0].endswith('(') else ''}\n")
_ARGUMENTS = ("name", "install_requires", "extras_require", "python_requires", "tests_require")
_SETUP = st.tuples(
    st.lists(_STATEMENT, max_size=5).map("".join),
    st.dictionaries(st.sampled_from(_ARGUMENTS), _LITERAL, max_size=4),
).map(lambda pair: f"{pair[0]}setup({', '.join(f'{k}={v}' for k, v in pair[1].items())})\n")


def yaml(value: object) -> str:
    """Write a value as YAML, of which JSON is a part."""
    return json.dumps(value, ensure_ascii=False)


_TOML_FILES = {
    "pyproject.toml": PYPROJECT, "uv.toml": _UV, "hatch.toml": PYPROJECT, "poetry.toml": PYPROJECT,
    "uv.lock": LOCK, "poetry.lock": LOCK, "pdm.lock": LOCK, "pylock.toml": LOCK, "Pipfile": PIPFILE,
    "mise.toml": MISE,
}  # fmt: skip
READERS: dict[str, st.SearchStrategy[str]] = {
    **{path: drawn.map(toml) for path, drawn in _TOML_FILES.items()},
    "Pipfile.lock": PIPFILE.map(json.dumps),
    "devbox.json": DEVBOX.map(json.dumps),
    "environment.yml": CONDA.map(yaml) | LINES.map("dependencies:\n- {}".format),
    "requirements.txt": LINES,
    "constraints.txt": LINES,
    "setup.cfg": _INI,
    "setup.py": _SETUP,
    ".python-version": LINES,
    ".tool-versions": LINES.map("python {}".format),
    "runtime.txt": LINES,
}


@st.composite
def projects(draw: st.DrawFn, path: str) -> Files:
    """Draw a project with a file of one name, and at times with a second one."""
    files = {path: draw(READERS[path])}
    other = draw(st.sampled_from([None, None, *READERS]))
    if other and other != path:
        files[other] = draw(READERS[other])
    return files
