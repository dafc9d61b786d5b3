# What `variant.py` changes in a copy of this folder.
{
  # The kind of Python environment: "legacy", of nixpkgs before late 2025, "argv0", of since then, or
  # "resolve", of mid-2026.
  kind = "argv0";
  # The attribute that `python3` stands for, and with it the Python of poetry, tox and the like.
  python3 = "python313";
  # The release of `uv`: one of wheels/uv.json.
  uv = "0.13.8";
  # Interpreters to take before those that host/find.sh knows of: paths such as /opt/bin/python3.12.
  pythons = [ ];
}
