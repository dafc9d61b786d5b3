"""The distributions of a site-packages folder."""

from pathlib import Path

from nixpy.venv.installed import Distribution, installed, site_packages


def test_distributions_of_an_environment(tmp_path: Path) -> None:
    """Wheels' and eggs' metadata folders tell names and versions; links tell who made them."""
    for name, installer in [
        ("ruamel.yaml-0.18.6.dist-info", "nixpy\n"),
        ("foo_bar-1.0.dist-info", "uv"),
        ("old_egg-2.0-py3.13.egg-info", None),
        ("~umpy-1.0.dist-info", "pip"),
    ]:
        (tmp_path / name).mkdir()
        if installer is not None:
            (tmp_path / name / "INSTALLER").write_text(installer)
    (tmp_path / "gone-1.0.dist-info").symlink_to("nowhere")
    assert installed(tmp_path) == (
        Distribution("foo-bar", "1.0", "uv"),
        Distribution("old-egg", "2.0"),
        Distribution("ruamel-yaml", "0.18.6", "nixpy"),
    )


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """What cannot be read holds nothing."""
    assert installed(site_packages(tmp_path, "3.13")) == ()
