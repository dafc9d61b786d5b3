"""What can go wrong at a call that writes, in the words of strace."""

from __future__ import annotations

import os
import re

ALL = os.environ.get("NIXPY_FAULTS") == "all"

WRITING = (
    "openat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,symlink,symlinkat,"
    "link,linkat,chmod,fchmod,fchmodat,utimensat,write,pwrite64,ftruncate,copy_file_range,sendfile"
)
CALL = re.compile(r"(?:\d+ +)?(\w+)\((.*)")
FAULTS = {
    "KILL": "signal=KILL",
    "INT": "signal=INT",
    "ENOSPC": "error=ENOSPC",
    "EIO": "error=EIO",
    "EACCES": "error=EACCES",
    "EROFS": "error=EROFS",
}
