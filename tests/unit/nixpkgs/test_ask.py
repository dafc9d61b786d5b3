"""What is said of names that the user's own nixpkgs was asked for."""

import pytest

from nixpy.config.parse import parse
from nixpy.errors import NixpyError
from nixpy.metadata.model import Project
from nixpy.nixpkgs import ask as asking
from nixpy.nixpkgs.query import queries
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part
from nixpy.syntax.origin import Origin
from nixpy.system import nix

YAML = 'python: "3.12"\npackages: [numpy, cowsay]\ntools: [gti, lib, hello]\n'


@pytest.fixture
def ask(monkeypatch):
    """Ask for all of a nixpy.yaml, with what Nix answers for each attribute; missing is default."""
    config = parse(YAML)
    plan = make_plan((Part("default", ".", Project(), config),))
    asked = queries(plan)

    def answer(states, plan=plan):
        def evaluate(expression, **_):
            assert "python312" in expression
            found = [states.get(one.attribute.name, "missing") for one in asked]
            return {
                "answers": [{"state": one, "found": "x", "version": ""} for one in found],
                "names": {"pkgs": ["git", "hello"], "python312": ["numpy", "cowsays"]},
            }

        monkeypatch.setattr(nix, "evaluate", evaluate)
        return asking.ask("<nixpkgs>", plan, queries(plan))

    return answer


GOOD = dict.fromkeys(["Python 3.12", "numpy", "cowsay", "gti", "lib", "hello"], "good")
GOOD |= dict.fromkeys(["stdenv.cc.cc.lib", "zlib", "uv"], "good")


def test_all_is_there(ask):
    """Nothing is said."""
    ask(GOOD).check()


def test_what_is_missing_is_told_with_its_line(ask):
    """Each as it is written, with the nearest name of its own set."""
    verdict = ask({**GOOD, "cowsay": "missing", "lib": "other"})
    assert [(str(one), one.hint) for one in verdict.missing] == [
        ("nixpkgs has no `cowsay`, which nixpy.yaml:2 lists", "did you mean `cowsays`?"),
        (
            "`tools`: `lib` of nixpkgs is no package",
            "give the path to a package below it, or remove it",
        ),
    ]
    with pytest.raises(NixpyError, match="cowsay"):
        verdict.check()


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (Origin("--tool", value="gti"), "nixpkgs has no `gti`, which `--tool gti` lists"),
        (Origin("", value="gti"), "nixpkgs has no `gti`"),
    ],
)
def test_what_is_not_written_yet_is_told_by_its_option(ask, origin, said):
    """An option is named; what was typed without one has no place worth telling."""
    config = parse(YAML).said_by({("tools", "gti"): origin})
    plan = make_plan((Part("default", ".", Project(), config),))
    verdict = ask({**GOOD, "gti": "missing"}, plan)
    assert [str(one) for one in verdict.missing] == [said]


def test_what_every_shell_loads(ask):
    """A default library that a nixpkgs has not is no fault of the user's."""
    verdict = ask({**GOOD, "zlib": "missing"})
    assert [str(one) for one in verdict.missing] == [
        "nixpkgs has no `zlib`, which every shell loads for wheels"
    ]


def test_without_the_python_its_packages_are_not_blamed(ask):
    """A Python that nixpkgs has not is told once, and not as each of its packages."""
    verdict = ask({**GOOD, "Python 3.12": "missing", "numpy": "missing", "cowsay": "missing"})
    (error,) = verdict.missing
    assert str(error).startswith("nixpkgs has no `Python 3.12` (`python312`)")
