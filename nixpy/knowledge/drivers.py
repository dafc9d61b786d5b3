"""Where hosts keep the libraries of the NVIDIA driver, which no package of nixpkgs has."""

from __future__ import annotations

LIBCUDA = "libcuda.so.1"

# In the order in which they are asked, by the shell's hook as by the doctor: NixOS, Windows' Linux,
# Debian's folders, others', containers of Kubernetes, NVIDIA's own boards.
DRIVER_FOLDERS = (
    "/run/opengl-driver/lib",
    "/usr/lib/wsl/lib",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/nvidia/lib64",
    "/usr/lib/aarch64-linux-gnu/nvidia",
    "/usr/lib/aarch64-linux-gnu/tegra",
)
