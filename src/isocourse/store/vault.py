"""Sealed files: each photograph under a key of its own, that key wrapped by the clinic's.

AES-256-GCM throughout. What is sealed is bound to its name, so a file put in another's place does not open. The
clinic's key is derived from the house's photograph key (ISOCOURSE_PHOTO_KEY, or the file `photo-key` in the home), of
which there may be several: the first seals, all open, so that it can be replaced
(`isocourse clinic rewrap-photographs`).
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES, _NONCE, _TAG, _MARK = 32, 12, 16, b"iso1"
ORIGINAL, SCREEN, THUMB = "original", "screen", "thumb"


class Tampered(Exception):
    """What is stored is not what was sealed, or was sealed with another key. Says nothing about whose it is."""

    def __init__(self) -> None:
        super().__init__("a sealed file does not open")


class NoKey(Tampered, ImproperlyConfigured):
    """No photograph key of the house opens it: it is missing, cannot be read, or is another one."""

    def __init__(self, says: str = "no photograph key of this house opens it") -> None:
        Exception.__init__(self, says)


# --- keys -----------------------------------------------------------------------------------------
def house_keys() -> tuple[bytes, ...]:
    """The photograph keys: the first seals. Made at the first use where none is set; where sealed files are here
    already, a new one would open none of them. Raises NoKey."""
    text = os.environ.get("ISOCOURSE_PHOTO_KEY", "")
    path = Path(settings.HOME) / "photo-key"
    if not text:
        if not path.exists():
            if any(_top().glob("*/*")):
                raise NoKey("the photograph key is missing, and there are photographs sealed with it")
            _make(path)
        text = path.read_text()
    return _read(text)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(new_house_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass  # another process was first


def new_house_key() -> str:
    """A fresh photograph key, as it is written."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


@lru_cache(maxsize=4)
def _read(text: str) -> tuple[bytes, ...]:
    try:
        found = tuple(base64.b64decode(word, altchars=b"-_", validate=True) for word in text.replace(",", " ").split())
    except (binascii.Error, ValueError):
        found = ()
    if not found or any(len(key) != KEY_BYTES for key in found):
        # The text is a secret: it is not repeated.
        raise NoKey("the photograph key cannot be read: 32 bytes in base64, several with commas between")
    return found


@lru_cache(maxsize=256)
def _clinic_key(house: bytes, clinic: str) -> AESGCM:
    made = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"isocourse photographs of {clinic}".encode()).derive(house)
    return AESGCM(made)


def new_data_key() -> bytes:
    """A key for one photograph."""
    return AESGCM.generate_key(256)


def wrap(data_key: bytes, *, clinic: str, name: str) -> bytes:
    """A photograph's key as it is stored."""
    return _seal(_clinic_key(house_keys()[0], clinic), data_key, f"key of {name}")


def unwrap(wrapped: bytes, *, clinic: str, name: str) -> bytes:
    """A photograph's key. Raises NoKey."""
    for house in house_keys():
        try:
            return _open(_clinic_key(house, clinic), bytes(wrapped), f"key of {name}")
        except Tampered:
            continue
    raise NoKey


def _seal(key: AESGCM, content: bytes, name: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return _MARK + nonce + key.encrypt(nonce, content, name.encode())


def _open(key: AESGCM, sealed: bytes, name: str) -> bytes:
    if not sealed.startswith(_MARK):
        raise Tampered
    nonce, content = sealed[len(_MARK) : len(_MARK) + _NONCE], sealed[len(_MARK) + _NONCE :]
    try:
        return key.decrypt(nonce, content, name.encode())
    except (InvalidTag, ValueError):
        raise Tampered from None


# --- files ----------------------------------------------------------------------------------------
def place(name: str, part: str) -> Path:
    """Where a part of a photograph lies."""
    assert name.isalnum() and part.replace("-", "").isalnum()
    return _top() / name[:2] / f"{name}.{part}"


def _top() -> Path:
    return Path(settings.HOME) / "files" / "photographs"


def write(name: str, part: str, content: bytes, data_key: bytes) -> None:
    """Seal a part into its file: whole or not there, readable by its owner alone, on the disk when this returns."""
    path = place(name, part)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_seal(AESGCM(data_key), content, f"{part} of {name}"))
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        _settle(path.parent)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def read(name: str, part: str, data_key: bytes) -> bytes:
    """Open a part. Raises Tampered, or FileNotFoundError."""
    return _open(AESGCM(data_key), place(name, part).read_bytes(), f"{part} of {name}")


def holds(name: str, part: str, content: bytes, data_key: bytes) -> bool:
    """Whether a part is exactly this. Only a file of the same length is opened."""
    try:
        if place(name, part).stat().st_size != len(content) + len(_MARK) + _NONCE + _TAG:
            return False
        return read(name, part, data_key) == content
    except (Tampered, OSError):
        return False


def remove(name: str, part: str = "*") -> None:
    """Delete a part of a photograph, or all of them and what a killed writer left."""
    folder = place(name, ORIGINAL).parent
    if not folder.is_dir():
        return
    for path in folder.glob(f"{name}.{part}"):
        path.unlink(missing_ok=True)
    _settle(folder)


def names(before: float) -> set[str]:
    """The photographs of which there are files last written before a moment (seconds of the epoch)."""
    return {path.name.partition(".")[0] for path in _top().glob("*/*") if path.stat().st_mtime < before}


def _settle(folder: Path) -> None:
    """The folder's own entries on the disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
