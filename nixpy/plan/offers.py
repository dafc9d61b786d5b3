"""What the project may use beside what it takes for sure: one line, and commands that bring it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from packaging.utils import canonicalize_name

from nixpy.knowledge.libraries import Needs, alternatives
from nixpy.metadata.model import Installer, Project, Topic

# Named in Dockerfiles and CI files for the sake of the image, or of whoever works in it.
_OF_THE_IMAGE = re.compile(
    "bc|ccache|cloc|curl|docker|emacs|espeak|gh|git|git-lfs|gnumake|gnupg|htop|iproute2|jq|lld|nano"
    "|netcat|openssh|openssl|parallel|pipx|procps|readline|rsync|screen|sqlite|sudo|tmux|unzip|vim"
    "|wget|which|xz|yq-go|zip|zlib|zsh|zstd"
)
_MOST = 6  # of programs and of libraries, each; who names more describes a system


def offers(project: Project, installed: Mapping[str, Needs], there: Collection[str]) -> list[str]:
    """Return a note on what distributions run and what other files name; none if all is there.

    ``installed`` are the distributions by name, ``there`` the attributes of the shell.
    """
    reasons: dict[str, list[str]] = {}
    for name, needed in installed.items():
        for attribute in needed.programs:
            reasons.setdefault(attribute, []).append(name)
    tools = _left(project, reasons, there, Topic.OFFERED_TOOL)
    libraries = _left(project, {}, there, Topic.OFFERED_LIBRARY)
    commands = [
        f"`nixpy add {option} {' '.join(found)}`"
        for option, found in (("--tool", tools), ("--library", libraries))
        if found
    ]
    said = [f"{name} ({why})" for found in (tools, libraries) for name, why in found.items()]
    if not said:
        return []
    verb = "brings" if len(commands) == 1 else "bring"
    return [f"the project may use {', '.join(said)}: {' and '.join(commands)} {verb} it"]


def _left(
    project: Project, reasons: dict[str, list[str]], there: Collection[str], topic: Topic
) -> dict[str, str]:
    """Give what is offered and not there, each with the distributions or the place that name it."""
    own: set[str] = {one.name for one in project.wanted} | {one.value for one in Installer}
    own.add(canonicalize_name(project.name or ""))
    places = {
        one.text: str(one.origin)
        for one in reversed(project.evidence)
        if one.topic is topic and not _OF_THE_IMAGE.fullmatch(one.text) and one.text not in own
    }
    found = {name: ", ".join(users) for name, users in reasons.items()}
    found |= {name: place for name, place in reversed(places.items()) if name not in found}
    left = [name for name in found if not {*alternatives(name)} & {*there}]
    return {name: found[name] for name in left[:_MOST]}
