#!/usr/bin/env python3
"""Makes id-vectors.txt with Python's hmac: what id-permutation has to give, computed by somebody else.

A line is: id; key version and domain; result. The key is the one of make-vectors.sh.
"""
import hashlib
import hmac
import pathlib

KEY = bytes(range(32))
LOW, HIGH, ROUNDS = 27, 26, 10


def derive(info):
    """HKDF-SHA-256 (RFC 5869) of 32 bytes."""
    extracted = hmac.new(b"coupa-gateway/pseudonyms", KEY, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def permute(key, value):
    left, right = value >> LOW, value & ((1 << LOW) - 1)
    for number in range(ROUNDS):
        bits = HIGH if number % 2 == 0 else LOW
        digest = hmac.new(key, bytes([number]) + right.to_bytes(4, "big"), hashlib.sha256).digest()
        left, right = right, (left + int.from_bytes(digest[:4], "big")) % (1 << bits)
    return (left << LOW) | right


lines = []
for version, domain in ((1, "user.id"), (2, "user.id"), (1, "supplier.id")):
    key = derive(f"id/{version}/{domain}".encode())
    for value in (0, 1, 2, 3, 42, 1_000_000, (1 << 27) - 1, 1 << 27, (1 << 53) - 1):
        lines.append(f"{value};{version}/{domain};{permute(key, value)}\n")
pathlib.Path(__file__).with_name("id-vectors.txt").write_text("".join(lines))
