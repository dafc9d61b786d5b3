"""What a reader has found so far in one file: facts, notes and mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from nixpy.errors import NixpyError, NixpyErrors
from nixpy.metadata.model import (
    Facts,
    Installer,
    InstallerSign,
    Kind,
    Locked,
    Note,
    PythonPin,
    PythonRange,
    Strength,
    Wanted,
)
from nixpy.metadata.notation.requirement import (
    lenient,
    likely_meant,
    likely_range,
    parse_requirement,
    parse_specifiers,
)
from nixpy.syntax.limits import MOST_MISTAKES, MOST_REQUIREMENTS
from nixpy.syntax.origin import Origin

_LONGEST_SHOWN = 200  # characters of what is not a requirement


@dataclass(slots=True)
class Findings:
    """Facts while they are gathered; :meth:`facts` gives them, or raises all mistakes at once."""

    file: str
    name: str | None = None
    wanted: list[Wanted] = field(default_factory=list)
    locked: list[Locked] = field(default_factory=list)
    ranges: list[PythonRange] = field(default_factory=list)
    pins: list[PythonPin] = field(default_factory=list)
    signs: list[InstallerSign] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    also_read: list[str] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    no_binary: list[str] = field(default_factory=list)
    uv_versions: list[tuple[str, Origin]] = field(default_factory=list)
    dynamic: tuple[str, ...] | None = None
    errors: list[NixpyError] = field(default_factory=list)
    # The requirements files that were taken in, each with what it is for.
    included: set[tuple[str, Kind, str | None]] = field(default_factory=set)
    _told_full: bool = False

    def want(
        self,
        text: str,
        origin: Origin,
        kind: Kind = Kind.RUN,
        group: str | None = None,
        source: str | None = None,
        shown: str | None = None,
    ) -> None:
        """Add a requirement in PEP 508 form; what is none becomes an error.

        ``shown`` is what the file says, where that is another notation.
        """
        if self.is_full():
            return
        try:
            requirement = parse_requirement(text)
        except ValueError as error:
            mended = lenient(text)
            if mended is None:
                self.errors.append(bad_requirement(shown or text, error, origin))
                return
            self.note(f"`{text}` is read as `{mended}`, as uv does; pip refuses it", origin)
            requirement = parse_requirement(mended)
        name = canonicalize_name(requirement.name)
        self.wanted.append(
            Wanted(
                name,
                (shown or text).strip(),
                requirement,
                origin,
                kind,
                group,
                source or requirement.url,
            )
        )

    def is_full(self) -> bool:
        """Tell whether so much was found that the rest is not read; the first time is an error."""
        if len(self.wanted) + len(self.packages) < MOST_REQUIREMENTS:
            return len(self.errors) >= MOST_MISTAKES
        if not self._told_full:
            self._told_full = True
            self.errors.append(too_many(self.file))
        return True

    def want_all(
        self, items: Iterable[tuple[str, Origin]], kind: Kind, group: str | None = None
    ) -> None:
        """Add each of some requirements in PEP 508 form."""
        for text, origin in items:
            self.want(text, origin, kind, group)

    def allow(
        self, text: str | None, origin: Origin, lenient: bool = False, poetry: bool = False
    ) -> None:
        """Add a range of Python versions (PEP 440 specifiers); what is none becomes an error.

        ``poetry``: poetry's own notation is a note only, since poetry reads it there.
        """
        if text is None:
            return
        try:
            specifiers = parse_specifiers(text, lenient)
        except ValueError:
            if poetry and (meant := likely_range(text)):
                self.note(f"`{text}` is poetry's notation: other tools want `{meant}`", origin)
                self.ranges.append(PythonRange(parse_specifiers(meant), text, origin))
                return
            meant = likely_range(text)
            self.errors.append(
                NixpyError(
                    f"`{text}` is not a version specifier",
                    file=origin.file,
                    line=origin.line,
                    key=origin.key,
                    hint=f"did you mean `{meant}`?" if meant else "write it as `>=3.10`",
                )
            )
            return
        self.ranges.append(PythonRange(specifiers, text, origin))

    def sign(self, installer: Installer, strength: Strength, origin: Origin) -> None:
        """Add a hint that the project uses an installer."""
        self.signs.append(InstallerSign(installer, strength, origin))

    def note_errors(self, start: int) -> None:
        """Make notes of the errors from the given one on: of what can be done without."""
        for error in self.errors[start:]:
            origin = Origin(error.file or self.file, error.key, error.line)
            self.note(f"{error.message}, so it was left out", origin)
        del self.errors[start:]

    def note(self, text: str, origin: Origin) -> None:
        """Add something that could not be taken over."""
        self.notes.append(Note(text, origin))

    def facts(self) -> Facts:
        """Give what was found; raises NixpyError (NixpyErrors if several) for what is wrong."""
        raise_all(self.errors)
        return Facts(
            file=self.file,
            name=self.name,
            wanted=tuple(self.wanted),
            locked=tuple(self.locked),
            ranges=tuple(self.ranges),
            pins=tuple(self.pins),
            signs=tuple(self.signs),
            members=tuple(self.members),
            also_read=tuple(dict.fromkeys(self.also_read)),
            packages=tuple(dict.fromkeys(self.packages)),
            notes=tuple(self.notes),
            no_binary=tuple(self.no_binary),
            uv_versions=tuple(self.uv_versions),
            dynamic=self.dynamic,
        )

    def facts_of_lock(self, newer: bool, hint: str) -> Facts:
        """Give what was found in a lock file.

        In a format newer than the known one (``newer``) what looks wrong is only unknown: a note
        names it. Else it is an error, with the hint where it has none.
        """
        for error in self.errors:
            error.hint = error.hint or hint
        if newer and self.errors:
            first = self.errors[0]
            self.note(
                f"what is new in it was left out, first `{first.key}`: {first.message}",
                Origin(self.file, first.key, first.line),
            )
            self.errors.clear()
        return self.facts()


def raise_all(errors: list[NixpyError], most: int | None = None) -> None:
    """Raise what was collected: nothing, the one error, or all of them together.

    ``most`` is how many of one file are told; the others are counted.
    """
    # One file may be reached by several others: its mistakes are told once.
    once = list({str(error): error for error in errors}.values())
    if most:
        told: list[NixpyError] = []
        counts: dict[str | None, int] = {}
        for error in once:
            counts[error.file] = counts.get(error.file, 0) + 1
            if counts[error.file] <= most:
                told.append(error)
        once = told + [
            NixpyError(f"has further mistakes, {_number(count - most)} in all", file=file)
            for file, count in counts.items()
            if count > most
        ]
    if len(once) > 1:
        raise NixpyErrors(once)
    if once:
        raise once[0]


def _number(count: int) -> str:
    return f"{count}" if count < MOST_MISTAKES // 2 else f"{MOST_MISTAKES // 2} or more"


def too_many(file: str) -> NixpyError:
    """Make the error for more requirements than are read."""
    return NixpyError(
        f"with it there are more than {MOST_REQUIREMENTS:,} requirements",
        file=file,
        hint="no project needs so many: look what wrote them",
    )


def bad_requirement(text: str, error: ValueError, origin: Origin) -> NixpyError:
    """Make the error for a text that is not a requirement, with the fix that is most likely."""
    meant = likely_meant(text)
    reason = str(error).partition("\n")[0]
    reason = reason[:1].lower() + reason[1:]
    text = text.strip()
    text = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return NixpyError(
        f"`{text}` is not a requirement: {reason}",
        file=origin.file,
        line=origin.line,
        key=origin.key,
        hint=f"did you mean `{meant}`?" if meant else "requirements look like `name>=1.0,<2.0`",
    )
