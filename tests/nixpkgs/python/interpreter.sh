# Copies the machine's CPython $minor to $out.
set -eu
source "$find"
interpreter=$(find_python "$minor")
echo "copying $interpreter"
export SOURCE_DATE_EPOCH=315532800
"$interpreter" -I -S "$relocate" "$out"
