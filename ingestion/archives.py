"""Members of zip archives: one that cannot be unpacked is told as a fault of the file.

Flow: zip -> `inbox` (looked through before landing) and `readers` (landed).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, BinaryIO

from p20w.errors import ContractViolation

BLOCK_BYTES = 2 << 20
LARGEST_MEMBER_BYTES = 32 << 30
ENCRYPTED = 0x1
Opener = Callable[[], BinaryIO]


def unpacked(
    name: str, path: Path, patterns: Sequence[str], folder: Path
) -> list[tuple[str, Opener]]:
    """Members that fit the first pattern that any member fits, unpacked into a folder.

    Raises:
        ContractViolation: No member fits, or one is too large or cannot be unpacked.
    """
    with zipfile.ZipFile(path) as archive:
        inside = [info for info in archive.infolist() if not info.is_dir()]
        for pattern in patterns:
            fitting = [info for info in inside if re.search(pattern, info.filename)]
            if fitting:
                break
        else:
            raise ContractViolation(
                f"{name} holds {', '.join(info.filename for info in inside)[:500] or 'nothing'}:"
                f" expected a member like {' or '.join(patterns) or '(no pattern given)'}."
            )
        opened: list[tuple[str, Opener]] = []
        for position, info in enumerate(fitting):
            if info.file_size > LARGEST_MEMBER_BYTES:
                raise ContractViolation(f"{name}: {info.filename} would be {info.file_size} bytes.")
            target = folder / f"member-{position}{Path(info.filename).suffix}"
            with open_member(archive, info, name) as packed, target.open("wb") as out:
                while chunk := packed.read(BLOCK_BYTES):
                    out.write(chunk)
            opened.append((info.filename, _opener(target)))
    return opened


def open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> IO[bytes]:
    """A member's bytes.

    Args:
        archive: The open archive.
        info: Which member.
        name: The archive's name for messages.

    Raises:
        ContractViolation: It is encrypted, or packed by a method that is not known here.
    """
    try:
        return archive.open(info)
    except RuntimeError as error:  # also NotImplementedError, for a method that is not known
        why = (
            "is encrypted"
            if info.flag_bits & ENCRYPTED
            else f"is packed by a method that is not known here ({info.compress_type})"
        )
        raise ContractViolation(
            f"{name}, member {info.filename} {why}. Ask the sender for an ordinary zip without a"
            " password."
        ) from error


def _opener(path: Path) -> Opener:
    return lambda: path.open("rb")
