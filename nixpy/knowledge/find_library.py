"""Packages that look a library up by name: ``ctypes.util.find_library``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Searching:
    """What a distribution asks for: any one of the names does.

    ``sonames`` are those it tries when the name is not found, which a loaded library satisfies.
    ``attribute`` is nixpkgs' package of it.
    """

    attribute: str
    names: tuple[str, ...]
    sonames: tuple[str, ...] = ()


# Each read in the package's own source, which asks when it is imported or first used.
SEARCHING = {
    "cairocffi": Searching("cairo", ("cairo-2", "cairo", "libcairo-2"), ("libcairo.so.2",)),
    "fusepy": Searching("fuse", ("fuse",)),
    "libarchive-c": Searching("libarchive", ("archive",)),
    "libusb1": Searching("libusb1", ("usb-1.0",), ("libusb-1.0.so.0",)),
    "opuslib": Searching("libopus", ("opus",)),
    "pyenchant": Searching("enchant", ("enchant-2", "enchant", "enchant-1")),
    "pylibdmtx": Searching("libdmtx", ("dmtx",)),
    "pyturbojpeg": Searching("libjpeg", ("turbojpeg",)),
    "pyudev": Searching("udev", ("udev",)),
    "pyusb": Searching("libusb1", ("usb-1.0", "usb-0.1", "usb", "openusb")),
    "python-magic": Searching("file", ("magic",), ("libmagic.so.1",)),
    "python-vlc": Searching("libvlc", ("vlc",), ("libvlc.so.5",)),
    "pyzbar": Searching("zbar", ("zbar",)),
    "sounddevice": Searching("portaudio", ("portaudio",)),
    "wand": Searching(
        "imagemagick", ("MagickWand-7.Q16HDRI", "MagickWand-7.Q16", "MagickWand-6.Q16")
    ),
}


def asked(installed: frozenset[str]) -> tuple[str, ...]:
    """Give the names that the installed distributions ask for."""
    return tuple(
        dict.fromkeys(
            name for one, row in SEARCHING.items() if one in installed for name in row.names
        )
    )
