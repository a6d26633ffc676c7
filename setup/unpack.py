"""Take one folder or file out of a wheel (a zip), with its permissions.

usage: unpack.py WHEEL INSIDE DEST

INSIDE is a folder or file name inside the wheel; a trailing * matches one file by its beginning.
It appears as DEST. Programs get their run bit back: some wheels are packed without it.
"""

import pathlib
import shutil
import sys
import zipfile

PROGRAM_FOLDERS = ("bin", "tool")  # as in bin/postgres, pkg/tool/linux_amd64/compile


def wanted(name, inside):
    """Return the path below DEST for an entry of the wheel, or None when it is not asked for."""
    if inside.endswith("*") and name.startswith(inside[:-1]):
        return pathlib.PurePosixPath()
    if name == inside:
        return pathlib.PurePosixPath()
    if name.startswith(inside + "/"):
        return pathlib.PurePosixPath(name[len(inside) + 1 :])
    return None


def main(wheel, inside, dest):
    count = 0
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            below = wanted(entry.filename, inside)
            if below is None or entry.is_dir():
                continue
            if ".." in below.parts:
                sys.exit(f"{wheel}: the entry {entry.filename} points outside of its folder")
            target = pathlib.Path(dest) / below
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, open(target, "wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
            runs = (entry.external_attr >> 16) & 0o111 or any(p in PROGRAM_FOLDERS for p in below.parts[:-1])
            target.chmod(0o755 if runs else 0o644)
            count += 1
    if count == 0:
        sys.exit(f"{wheel}: nothing named {inside} inside")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
