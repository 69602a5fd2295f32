#!/usr/bin/env bash
# The demo: two hosts, two daemons, a tunnel, three classic mistakes and a roam. See ./build.sh demo.
#
#   CHASQUI           the daemon (default: the published binary)
#   CHASQUI_KEYTOOL   what makes keys (default: the daemon itself, with genkey and pubkey)

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
case $(uname -m) in aarch64) rid=linux-arm64 ;; *) rid=linux-x64 ;; esac
CHASQUI=${CHASQUI:-$here/../artifacts/publish/$rid/chasqui}
CHASQUI_KEYTOOL=${CHASQUI_KEYTOOL:-$CHASQUI}
log=$(mktemp)
good=0
bad=0

# shellcheck source=demo/lab.sh
source "$here/lab.sh"

title() { printf '\n%s\n' "$1"; }
say() { printf '          %s\n' "$1"; }

# Prints what should be, does it, and keeps the score: check "the words" COMMAND...
check() {
    local words=$1
    shift
    if "$@" >"$log" 2>&1; then
        printf '  ok      %s\n' "$words"
        good=$((good + 1))
    else
        printf '  FAILED  %s\n' "$words"
        tail -n 5 "$log" | sed 's/^/              /'
        bad=$((bad + 1))
    fi
}

fails() { ! "$@"; }

# Three pings through the tunnel; one answer is enough, for the first may wait for the handshake.
pings() { on "$1" ping -q -n -c 3 -i 0.2 -W 2 "$2"; }

# Three pings of which none may be answered.
no_ping() { fails on "$1" ping -q -n -c 3 -i 0.2 -W 1 "$2"; }

# Shows a UAPI text with its keys shortened, and sends it.
configure() {
    local end=$1 text
    text=$(cat)
    say "to ${IF[$end]}.sock:"
    sed -E 's/^(private_key)=.*/\1=(hidden)/; s/=([0-9a-f]{8})[0-9a-f]{56}$/=\1.../; s/^/              /' <<<"set=1"$'\n'"$text"
    check "the daemon on $end takes it: errno=0" uapi_set "$end" <<<"$text"
}

step_hosts() {
    title "1. Two hosts, left and right, and a cable between them"
    say "left is ${OUTER[left]}, right is ${OUTER[right]}; each is a network namespace of its own"
    check "namespaces and cable are made" lab_up
    check "they reach each other without a tunnel" pings right "${OUTER[left]}"
}

step_daemons() {
    title "2. One daemon on each: $CHASQUI"
    local end
    for end in left right; do
        check "\"${CHASQUI##*/} ${IF[$end]}\" on $end returns when interface and socket are ready" lab_start_daemon "$end" "$CHASQUI"
    done
}

step_keys() {
    title "3. Keys: ${CHASQUI_KEYTOOL##*/} genkey | ${CHASQUI_KEYTOOL##*/} pubkey"
    local end
    for end in left right; do
        lab_make_keys "$end" "$CHASQUI_KEYTOOL" || true
        check "$end is ${PUBLIC[$end]:0:8}..." test "${#PUBLIC[$end]}" = 44
    done
}

step_configure() {
    title "4. Each is told about the other, through its UAPI socket"
    configure left <<END
private_key=$(hex_of "${PRIVATE[left]}")
listen_port=$LAB_PORT
replace_peers=true
public_key=$(hex_of "${PUBLIC[right]}")
replace_allowed_ips=true
allowed_ip=${INNER4[right]}/32
allowed_ip=${INNER6[right]}/128
END
    say "left knows right's key and its addresses in the tunnel, but not where it is: it will learn that"
    configure right <<END
private_key=$(hex_of "${PRIVATE[right]}")
replace_peers=true
public_key=$(hex_of "${PUBLIC[left]}")
endpoint=${OUTER[left]}:$LAB_PORT
replace_allowed_ips=true
allowed_ip=${INNER4[left]}/32
allowed_ip=${INNER6[left]}/128
END
    check "left's interface is up with ${INNER4[left]} and ${INNER6[left]}" lab_interface_up left 1420
    check "right's interface is up with ${INNER4[right]} and ${INNER6[right]}" lab_interface_up right 1420
}

had_handshake() { (($(uapi_get "$1" last_handshake_time_sec) > 0)); }

step_ping() {
    title "5. The first packet starts a handshake, then everything goes through the tunnel"
    check "right pings left, IPv4" pings right "${INNER4[left]}"
    check "left counts a handshake" had_handshake left
    check "right counts a handshake" had_handshake right
    check "left pings right, IPv4" pings left "${INNER4[right]}"
    check "right pings left, IPv6" pings right "${INNER6[left]}"
    check "left pings right, IPv6" pings left "${INNER6[right]}"
    say "left has learnt where right is: $(uapi_get left endpoint)"
}

step_transfer() {
    title "6. A TCP transfer from right to left, three seconds"
    local rate
    rate=$(lab_transfer right left 3) || rate=0
    check "$(awk -v bits="$rate" 'BEGIN { printf "%.2f Gbit/s through the tunnel", bits / 1e9 }')" test "${rate%.*}" -gt 0
    say "sent $(uapi_get right tx_bytes) bytes, received $(uapi_get right rx_bytes), as right counts them"
}

lesson_key() {
    title "7. Lesson one: a wrong key. Right takes somebody else's public key for left's"
    local stranger
    stranger=$("$CHASQUI_KEYTOOL" genkey | "$CHASQUI_KEYTOOL" pubkey)
    replace_left_on_right "$stranger"
    check "ping fails: left cannot read what is meant for a stranger, and says nothing" no_ping right "${INNER4[left]}"
    say "repair: the right key"
    replace_left_on_right "${PUBLIC[left]}"
    check "ping works again" pings right "${INNER4[left]}"
}

replace_left_on_right() {
    configure right <<END
replace_peers=true
public_key=$(hex_of "$1")
endpoint=${OUTER[left]}:$LAB_PORT
allowed_ip=${INNER4[left]}/32
allowed_ip=${INNER6[left]}/128
END
}

lesson_allowed_ip() {
    title "8. Lesson two: a wrong allowed address. Left believes that right is 10.7.0.99"
    allow_right_on_left 10.7.0.99
    check "ping fails: the packet arrives and is decrypted, but right may not send from ${INNER4[right]}" no_ping right "${INNER4[left]}"
    say "repair: the right address"
    allow_right_on_left "${INNER4[right]}"
    check "ping works again, on the same session" pings right "${INNER4[left]}"
}

allow_right_on_left() {
    configure left <<END
public_key=$(hex_of "${PUBLIC[right]}")
replace_allowed_ips=true
allowed_ip=$1/32
allowed_ip=${INNER6[right]}/128
END
}

lesson_endpoint() {
    title "9. Lesson three: a wrong endpoint. Right looks for left at 192.0.2.77, where nobody is"
    point_right_at 192.0.2.77
    check "ping fails: nobody answers there" no_ping right "${INNER4[left]}"
    say "repair: the right endpoint"
    point_right_at "${OUTER[left]}"
    check "ping works again" pings right "${INNER4[left]}"
}

point_right_at() {
    configure right <<END
public_key=$(hex_of "${PUBLIC[left]}")
endpoint=$1:$LAB_PORT
END
}

step_roam() {
    title "10. A roam: right's address changes from ${OUTER[right]} to 192.0.2.3 while it pings"
    local pings pinger received
    pings=$(mktemp)
    on right ping -q -n -c 20 -i 0.2 -W 2 "${INNER4[left]}" >"$pings" 2>&1 &
    pinger=$!
    sleep 1
    # In this order: with the first address of a network the kernel deletes the later ones too.
    on right ip address del "${OUTER[right]}/24" dev eth0
    on right ip address add 192.0.2.3/24 dev eth0
    wait "$pinger" || true
    received=$(sed -n 's/.* \([0-9]*\) received.*/\1/p' "$pings")
    rm -f "$pings"
    check "${received:-0} of 20 pings are answered: nobody had to be told" test "${received:-0}" -ge 17
    check "left has followed: right is now $(uapi_get left endpoint)" grep -q '^192\.0\.2\.3:' <(uapi_get left endpoint)
}

step_end() {
    title "11. The interfaces are deleted, and the daemons go by themselves"
    local end
    for end in left right; do
        on "$end" ip link delete "${IF[$end]}" 2>/dev/null || true
        check "$end's daemon has ended" wait_until 5 lab_is_quiet "$end"
        check "$end's socket is gone" test ! -e "$LAB_SOCKETS/${IF[$end]}.sock"
    done
}

main() {
    lab_require || exit 1
    [[ -x $CHASQUI ]] || { echo "No daemon at $CHASQUI: run ./build.sh publish, or name one in CHASQUI." >&2; exit 1; }
    trap 'lab_down; rm -f "$log"' EXIT
    trap 'exit 130' INT TERM
    step_hosts
    step_daemons
    ((bad == 0)) || { echo "Nothing to go on with." >&2; exit 1; }
    step_keys
    step_configure
    step_ping
    step_transfer
    lesson_key
    lesson_allowed_ip
    lesson_endpoint
    step_roam
    step_end
    title "$good steps as they should be, $bad not, in $SECONDS seconds."
    ((bad == 0))
}

main "$@"
