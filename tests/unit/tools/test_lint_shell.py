"""The hooks of rendered files, as shellcheck gets them."""

from tools.lint_shell import bash_of

RENDERED = r"""
{
  outputs = pkgs.mkShell {
    shellHook = ''
      local root=''${NIXPY_ROOT:-}
        ${lib.concatMapStringsSep " " (one: "--library ${lib.getLib one}") libraries}
      echo '''it''' ''\'''\'
    '';
  };
}
"""


def test_a_hook_is_given_as_bash_gets_it():
    assert bash_of(RENDERED) == [
        "local root=${NIXPY_ROOT:-}\n  /nix/store/filled-in\necho ''it'' ''\n",
    ]


def test_a_file_without_a_hook_gives_nothing():
    assert bash_of("{ outputs = { }; }\n") == []
