# The machine's certificates, where nixpkgs' cacert has them.
set -eu
source "$find"
mkdir -p "$out/etc/ssl/certs" "$out/nix-support"
for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
  if [[ -e $bundle ]]; then
    cp -L "$bundle" "$out/etc/ssl/certs/ca-bundle.crt"
    break
  fi
done
if [[ ! -e $out/etc/ssl/certs/ca-bundle.crt ]]; then
  echo "error: this machine has no bundle of certificates" >&2
  exit 1
fi
cat >"$out/nix-support/setup-hook" <<HOOK
cacertHook() {
  export NIX_SSL_CERT_FILE=$out/etc/ssl/certs/ca-bundle.crt
  export SSL_CERT_FILE=$out/etc/ssl/certs/ca-bundle.crt
}
addEnvHooks "\$targetOffset" cacertHook
HOOK
