# The builder of every mkDerivation.
source "$stdenv/setup"
genericBuild
