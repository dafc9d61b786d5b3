"""What tests share: the stand-in for nixpkgs, and looking at the Nix store."""
