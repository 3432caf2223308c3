"""Writes the vectors of docs/formats/encrypted-file.md, from the document alone: a second implementation.

Needs the PyPI packages `cryptography` and `argon2-cffi`. Run it in this folder; the output is always the same.
"""

import hashlib
import hmac
import struct

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK = 65536
KEY = bytes(range(32))
SALT = bytes(range(100, 132))
PASSPHRASE = "correct horse, Käse ✓".encode()


def hkdf(key, salt, info, length):
    return HKDF(hashes.SHA256(), length, salt, info).derive(key)


def header(source=1, version=1, exponent=16, key_id=None, cost=(0, 0, 0), magic=b"LTSEALED"):
    if key_id is None:
        key_id = hkdf(KEY, b"", b"locktender key id", 16) if source == 1 else bytes(16)
    return magic + struct.pack(">HBB", version, source, exponent) + key_id + SALT + struct.pack(">III", *cost)


def seal(content, head, key, mac_flip=0, empty_tail=False):
    keys = hkdf(key, SALT, b"locktender encrypted file 1", 64)
    mac = bytearray(hmac.new(keys[:32], head, hashlib.sha256).digest())
    mac[0] ^= mac_flip
    parts = [content[i : i + CHUNK] for i in range(0, len(content), CHUNK)] or [b""]
    if empty_tail:
        parts.append(b"")
    chunks = []
    for number, part in enumerate(parts):
        nonce = number.to_bytes(11, "big") + bytes([number == len(parts) - 1])
        chunks.append(AESGCM(keys[32:]).encrypt(nonce, part, None))
    return [head + bytes(mac)] + chunks


def passphrase_key(cost):
    memory, iterations, lanes = cost
    return hash_secret_raw(PASSPHRASE, SALT, iterations, memory, lanes, 32, Type.ID)


def content(length):
    block = b"".join(hashlib.sha256(struct.pack(">I", i)).digest() for i in range((length + 31) // 32))
    return block[:length]


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)


COST = (64, 2, 2)
TWO = content(CHUNK + 1000)
good = seal(TWO, header(), KEY)
write("good-empty.sealed", b"".join(seal(b"", header(), KEY)))
write("good-short.sealed", b"".join(seal(content(1000), header(), KEY)))
write("good-one-chunk.sealed", b"".join(seal(content(CHUNK), header(), KEY)))
write("good-two-chunks.sealed", b"".join(good))
write("good-passphrase.sealed", b"".join(seal(content(1000), header(2, cost=COST), passphrase_key(COST))))

short = b"".join(seal(content(1000), header(), KEY))
flipped = bytearray(short)
flipped[-1] ^= 1
write("bad-authenticationFailed-flipped-bit.sealed", bytes(flipped))
write("bad-authenticationFailed-cut-in-chunk.sealed", short[:-1])
write("bad-authenticationFailed-cut-at-chunk.sealed", b"".join(good[:2]))
write("bad-authenticationFailed-only-header.sealed", good[0])
write("bad-authenticationFailed-trailing-byte.sealed", short + b"\0")
write("bad-authenticationFailed-trailing-empty-chunk.sealed", b"".join(seal(content(CHUNK), header(), KEY)) + bytes(16))
write("bad-authenticationFailed-empty-last-chunk.sealed",
      b"".join(seal(content(CHUNK), header(), KEY, empty_tail=True)))
swapped = seal(content(2 * CHUNK + 9), header(), KEY)
write("bad-authenticationFailed-reordered.sealed", b"".join([swapped[0], swapped[2], swapped[1], swapped[3]]))
write("bad-authenticationFailed-header-code.sealed", b"".join(seal(content(10), header(), KEY, 1)))
salted = bytearray(short)
salted[30] ^= 1
write("bad-authenticationFailed-salt.sealed", bytes(salted))
write("bad-unknownFormat-magic.sealed", b"".join(seal(b"x", header(magic=b"LTSEALEX"), KEY)))
write("bad-unknownFormat-version-2.sealed", b"".join(seal(b"x", header(version=2), KEY)))
write("bad-unknownFormat-source-3.sealed", b"".join(seal(b"x", header(3), KEY)))
write("bad-unknownFormat-chunk-size.sealed", b"".join(seal(b"x", header(exponent=20), KEY)))
write("bad-unknownFormat-cost-beside-key.sealed", b"".join(seal(b"x", header(cost=COST), KEY)))
write("bad-unknownFormat-key-id-beside-passphrase.sealed",
      b"".join(seal(b"x", header(2, key_id=b"k" * 16, cost=COST), KEY)))
write("bad-unknownFormat-half-header.sealed", short[:90])
write("bad-unknownFormat-nothing.sealed", b"")
write("bad-invalidParameter-memory.sealed", b"".join(seal(b"x", header(2, cost=((1 << 20) + 1, 1, 1)), KEY)))
write("bad-invalidParameter-passes.sealed", b"".join(seal(b"x", header(2, cost=(64, 17, 1)), KEY)))
write("bad-invalidParameter-no-lanes.sealed", b"".join(seal(b"x", header(2, cost=(64, 1, 0)), KEY)))
write("bad-otherKey-id.sealed", b"".join(seal(b"x", header(key_id=b"k" * 16), KEY)))
write("bad-otherKey-passphrase.sealed", b"".join(seal(b"x", header(2, cost=COST), passphrase_key(COST))))
