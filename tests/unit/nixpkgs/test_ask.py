"""What is said of names that the user's own nixpkgs was asked for."""

import pytest

from nixpy.config.parse import parse
from nixpy.errors import NixpyError
from nixpy.metadata.model import Project
from nixpy.nixpkgs import ask as asking
from nixpy.nixpkgs.query import queries
from nixpy.plan.make import make_plan
from nixpy.plan.model import Part
from nixpy.system import nix

YAML = 'python: "3.12"\npackages: [numpy, cowsay]\ntools: [gti, lib, hello]\n'


@pytest.fixture
def ask(monkeypatch):
    """Ask for all of a nixpy.yaml, with what Nix answers for each attribute; missing is default."""
    config = parse(YAML)
    plan = make_plan((Part("default", ".", Project(), config),))
    asked = queries(plan)

    def answer(states, configs=(config,)):
        def evaluate(expression, **_):
            assert "python312" in expression
            found = [states.get(one.attribute.name, "missing") for one in asked]
            return {
                "answers": [{"state": one, "found": "x", "version": ""} for one in found],
                "names": {"pkgs": ["git", "hello"], "python312": ["numpy", "cowsays"]},
            }

        monkeypatch.setattr(nix, "evaluate", evaluate)
        return asking.ask("<nixpkgs>", plan, asked, configs)

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


def test_no_place_is_told_of_what_is_not_written(ask):
    """Without the choices a message names no line."""
    verdict = ask({**GOOD, "gti": "missing"}, configs=())
    assert [str(one) for one in verdict.missing] == ["nixpkgs has no `gti`"]


def test_without_the_python_its_packages_are_not_blamed(ask):
    """A Python that nixpkgs has not is told once, and not as each of its packages."""
    verdict = ask({**GOOD, "Python 3.12": "missing", "numpy": "missing", "cowsay": "missing"})
    (error,) = verdict.missing
    assert str(error).startswith("nixpkgs has no `Python 3.12` (`python312`)")
