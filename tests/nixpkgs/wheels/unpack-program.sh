# Takes the programs out of a wheel: what its .data/scripts folder holds.
set -eu
source "$find"
python=$(find_any_python)
mkdir -p "$out/bin"
"$python" -I -S - "$src" "$out/bin" <<'PY'
import shutil, sys, zipfile
from pathlib import Path

wheel, target = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if ".data/scripts/" in name and not name.endswith("/"):
            place = Path(target) / Path(name).name
            with archive.open(name) as member, place.open("wb") as out:
                shutil.copyfileobj(member, out)
            place.chmod(0o755)
PY
