# The machine's time zones.
set -eu
source "$find"
mkdir -p "$out/share"
ln -s /usr/share/zoneinfo "$out/share/zoneinfo"
