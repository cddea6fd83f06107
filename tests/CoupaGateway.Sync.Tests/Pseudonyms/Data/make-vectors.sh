#!/usr/bin/env bash
# Makes vectors.txt with OpenSSL 3 and coreutils: what the algorithms have to give, computed by somebody else.
# A line is: algorithm; value in hex; domain and key version, or salt in hex; result. Tokens are made of normalized values (the fifth field).
set -euo pipefail
cd "$(dirname "$0")"

key=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
salt=$(printf 'pepper-and-salt' | xxd -p)
values=('jane.doe' 'Jane.Doe' '  Jane.Doe@Example.com ' 'a' 'Grüße, 東京' '+49 89 1234567' "$(printf 'x%.0s' {1..300})")

hex() { printf '%s' "$1" | xxd -p -c 0; }
unhex() { xxd -r -p <<<"$1"; }

for value in "${values[@]}"; do
  v=$(hex "$value")
  for digest in sha1:sha-1 sha256:sha-256 sha512:sha-512; do
    printf '%s;%s;;%s;\n' "${digest#*:}" "$v" "$(unhex "$v" | openssl dgst -"${digest%%:*}" -r | cut -d' ' -f1)"
  done
  for digest in sha256:sha-256-salted sha512:sha-512-salted; do
    printf '%s;%s;%s;%s;\n' "${digest#*:}" "$v" "$salt" "$(unhex "$salt$v" | openssl dgst -"${digest%%:*}" -r | cut -d' ' -f1)"
  done
done

# Token: HKDF-SHA-256 (salt "coupa-gateway/pseudonyms", info "token/VERSION/DOMAIN", 32 bytes), then HMAC-SHA-256, 16 bytes, base 32.
token() { # value, normalized value, version, domain
  local derived mac
  derived=$(openssl kdf -keylen 32 -binary -kdfopt digest:SHA256 -kdfopt hexkey:$key \
    -kdfopt hexsalt:"$(hex coupa-gateway/pseudonyms)" -kdfopt hexinfo:"$(hex "token/$3/$4")" HKDF | xxd -p -c 0)
  mac=$(printf '%s' "$2" | openssl dgst -sha256 -mac HMAC -macopt hexkey:"$derived" -r | cut -c1-32)
  printf 'hmac-sha-256;%s;%s/%s;k%02d_%s;%s\n' "$(hex "$1")" "$3" "$4" "$3" "$(unhex "$mac" | base32 | tr -d '=' | tr 'A-Z' 'a-z')" "$(hex "$2")"
}
token 'jane.doe' 'jane.doe' 1 user.login
token 'Jane.Doe' 'jane.doe' 1 user.login
token ' Jane.Doe ' 'jane.doe' 1 user.login
token 'Jane.Doe' 'Jane.Doe' 1 user.name
token 'jane.doe' 'jane.doe' 2 user.login
token 'jane.doe' 'jane.doe' 12 user.login
token 'jane.doe' 'jane.doe' 1 user.email
token 'Jane.Doe@Example.com' 'jane.doe@example.com' 1 user.email
token $'Zoe\u0308' $'Zo\u00eb' 1 user.name
token $'ZOE\u0308' $'zo\u00eb' 1 user.login
token $'\u1112\u1161\u11ab' $'\ud55c' 1 user.name
