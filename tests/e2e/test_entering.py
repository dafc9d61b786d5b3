"""`nixpy shell` and `nixpy run`: into the project's shell from any of its folders."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.nixpkgs import NIX_CONFIG
from tests.support.project import Project, lines

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("standin", ["argv0"], indirect=True, ids=["argv0"]),
]

PYPROJECT = '[project]\nname = "{}"\nversion = "1"\nrequires-python = ">=3.10"\n'
NIXPY = [sys.executable, "-I", "-m", "nixpy"]
# A user who has never turned flakes on.
NO_FLAKES = "\n".join(line for line in NIX_CONFIG.splitlines() if "features" not in line) + "\n"


@pytest.fixture
def project(make_project) -> Project:
    """A project whose nixpkgs is the stand-in, as the choices say."""
    made = make_project({"pyproject.toml": PYPROJECT.format("app"), "a/b/file": ""})
    yaml = made.root / "nixpy.yaml"
    yaml.write_text(f'{yaml.read_text()}\nnixpkgs: "{made.nixpkgs}"\n')
    made.nixpy("sync")
    return made


def settings_of(home: Path) -> Path:
    """Give a user's fish and zsh settings, which put a Python of theirs first on PATH."""
    foreign = home / "pyenv"
    foreign.mkdir()
    (foreign / "python").write_text("#!/bin/sh\necho foreign\n")
    (foreign / "python").chmod(0o755)
    (home / ".zshenv").write_text("export FROM_ZSHENV=yes\n")
    (home / ".zshrc").write_text(f'PATH="{foreign}:$PATH"\nMINE=settings; PS1="> "\n')
    fish = home / ".config/fish/config.fish"
    fish.parent.mkdir(parents=True)
    fish.write_text(f'set -gx PATH "{foreign}" $PATH\nset MINE settings\n')
    return foreign


def typed(project: Project, cwd: Path, program: str, text: str) -> tuple[int, str]:
    """Type text into the shell in a terminal; give the exit code, and all that was shown."""
    pid, terminal = pty.fork()
    if not pid:
        environment = {**project.environment, "SHELL": program, "TERM": "dumb"}
        os.chdir(cwd)
        os.execve(NIXPY[0], [*NIXPY, "shell"], environment)
    shown = b""
    os.write(terminal, text.encode())
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def test_one_command(project):
    """The command sees the venv and its own words, in the user's folder; its exit code is ours."""
    inner = project.root / "a/b"
    script = "import sys; print(sys.prefix, sys.argv[1:])"
    options = ["--", "--help", "b  c", "", "$x"]
    done = project.run([*NIXPY, "run", "--", "python", "-c", script, *options], cwd=inner)
    assert lines(done) == [f"{project.venv} {options}"]
    assert "is dirty" not in done.stderr
    script = "pwd; yes | head -n 1; echo ${PIPESTATUS[*]}; exit 7"
    done = project.run([*NIXPY, "run", "-C", str(inner), "bash", "-c", script], check=False)
    assert (done.returncode, lines(done)) == (7, [str(inner), "y", "141 0"])
    done = project.run([*NIXPY, "run", "no-such-program"], check=False)
    assert done.returncode == 127


def test_no_process_stays_between_and_flakes_may_be_turned_off(project):
    """The command has nixpy's process: a signal to it reaches the command."""
    environment = {**project.environment, "NIX_CONFIG": NO_FLAKES}
    command = [*NIXPY, "run", "bash", "-c", "trap 'echo ended; exit 5' TERM; echo $$; read"]
    with subprocess.Popen(
        command, cwd=project.root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline().strip() == str(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "ended\n"
        assert process.wait(timeout=20) == 5


@pytest.mark.parametrize("name", ["zsh", "fish", "bash"])
def test_the_users_own_shell(project, tmp_path, name):
    """In a terminal the user's shell runs, with its settings; the project's programs come first."""
    program = shutil.which(name)
    assert program
    foreign = settings_of(tmp_path / "home")
    prefix = "import sys; print(f'<{sys.prefix}>')"
    code, shown = typed(
        project,
        project.root / "a",
        program,
        f'python -c "{prefix}"; echo "<$MINE>" "<$SHELL>"; exit 7\n',
    )
    assert code == 7, shown
    assert f"<{project.venv}>" in shown
    if name != "bash":
        assert "<settings>" in shown
        assert f"<{program}>" in shown
        assert str(foreign) not in shown


def test_a_monorepos_projects(make_project):
    """A project's folder has its shell, and each has a name that can be asked for."""
    made = make_project({
        "pyproject.toml": PYPROJECT.format("main"),
        "api/pyproject.toml": PYPROJECT.format("api"),
    })  # fmt: skip
    yaml = made.root / "nixpy.yaml"
    python = yaml.read_text().partition('python: "')[2].partition('"')[0]
    text = f'python: "{python}"\n'
    yaml.write_text(f'{text}nixpkgs: "{made.nixpkgs}"\nprojects: {{api: api}}\n')
    (made.root / "api/nixpy.yaml").write_text(text)
    made.nixpy("sync")
    prefix = ["python", "-c", "import sys; print(sys.prefix)"]
    where = f"{made.root}/api/.venv"
    assert lines(made.run([*NIXPY, "run", *prefix], cwd=made.root / "api")) == [where]
    assert lines(made.nixpy("run", "--project", ".#api", *prefix)) == [where]
    assert lines(made.nixpy("run", *prefix)) == [str(made.venv)]
    wrong = made.nixpy("shell", "web", check=False)
    assert wrong.returncode == 1
    assert "nixpy.yaml:3: `projects`: the flake has no shell `web`" in wrong.stderr
    assert "hint: it has default, api" in wrong.stderr
