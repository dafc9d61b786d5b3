"""The store safety matrix: which recipes keep every installer out of the Nix store."""
