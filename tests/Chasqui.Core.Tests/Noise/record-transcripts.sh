#!/bin/sh
# Records Noise/Transcripts anew: wireguard-go in a network namespace of its own, our tunnel over loopback beside it.
# Needs root, wireguard-go, wg and ip. Run from the repository's root after building the tests; says nothing if all went well.
set -eu

tests=$(cd "$(dirname "$0")/.." && pwd)
program=${1:-$tests/../../artifacts/bin/Chasqui.Core.Tests/debug/Chasqui.Core.Tests}
namespace=chasqui-record-$$
interface=rec$$
folder=$(mktemp -d)
mkdir -p "$tests/Noise/Transcripts"

ip netns add "$namespace"
in_namespace() { ip netns exec "$namespace" "$@"; }
in_namespace ip link set lo up
ip netns exec "$namespace" wireguard-go -f "$interface" >"$folder/log" 2>&1 &
daemon=$!
trap 'kill $daemon 2>/dev/null; wait $daemon 2>/dev/null || true; ip netns delete "$namespace"; rm -r "$folder"' EXIT

tries=0
until [ -S "/var/run/wireguard/$interface.sock" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] || { cat "$folder/log" >&2; exit 1; }
    sleep 0.1
done

# The keys of TranscriptRecorder.FixedKey, 1 to 5: one byte 32 times, clamped.
echo AAMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA0M= >"$folder/private"
echo AAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBEQ= >"$folder/psk-initiator"
echo AAUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBUU= >"$folder/psk-responder"
echo AAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAUE= | wg pubkey >"$folder/initiator"
echo AAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAkI= | wg pubkey >"$folder/responder"

in_namespace wg set "$interface" private-key "$folder/private" listen-port 51002 \
    peer "$(cat "$folder/initiator")" preshared-key "$folder/psk-initiator" allowed-ips 10.9.0.1/32 \
    peer "$(cat "$folder/responder")" preshared-key "$folder/psk-responder" endpoint 127.0.0.1:51011 allowed-ips 10.9.0.11/32
in_namespace ip address add 10.9.0.2/24 dev "$interface"
in_namespace ip link set "$interface" mtu 1420 up

CHASQUI_RECORD="wireguard-go $(wireguard-go --version | head -n 1 | cut -d' ' -f2)" \
    ip netns exec "$namespace" "$program" -class Chasqui.Core.Tests.Noise.TranscriptRecorder -parallel none >"$folder/out" 2>&1 ||
    { cat "$folder/out" >&2; exit 1; }
