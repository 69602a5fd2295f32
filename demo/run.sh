#!/usr/bin/env bash
# The demo: two hosts, a tunnel from nothing, three classic mistakes with the sentence that explains each, a roam and a reload. See ./build.sh demo.
#
#   CHASQUI   the program (default: the published binary)

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
case $(uname -m) in aarch64) rid=linux-arm64 ;; *) rid=linux-x64 ;; esac
CHASQUI=${CHASQUI:-$here/../artifacts/publish/$rid/chasqui}
files=$(mktemp -d)
log=$files/log
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

# The sentence that explain gives on a host for one of these verdicts: verdict_of left source-not-allowed
verdict_of() {
    local end=$1
    shift
    # It exits with 1 for a problem, as it should.
    { on "$end" "$CHASQUI" explain "${IF[$end]}" --json || true; } |
        jq -er --arg codes " $* " 'first(.interfaces[] | .findings[], .peers[].findings[] | select(.code as $code | $codes | contains(" \($code) ")) | .verdict)'
}

# Within ten seconds, of which the pings took two, explain says what is wrong, where that can be known; its sentence is printed.
explains() {
    local end=$1
    check "$end# chasqui explain ${IF[$end]}" wait_until 8 verdict_of "$@"
    show_log
}

# Runs a command of ours on a host, printed as a person would type it: chasqui left up FILE
chasqui() {
    local end=$1
    shift
    check "$end# chasqui ${*//"$files/"/}" on "$end" "$CHASQUI" "$@"
}

# What the program said, each line as a comment of the demo.
show_log() { sed 's/^/              /' "$log"; }

file_of() { echo "$files/${IF[$1]}.conf"; }

public_key_of() { on "$1" "$CHASQUI" show "${IF[$1]}" public-key; }

step_hosts() {
    title "1. Two hosts, left and right, and a cable between them"
    say "left is ${OUTER[left]}, right is ${OUTER[right]}; each is a network namespace of its own"
    check "namespaces and cable are made" lab_up
    check "they reach each other without a tunnel" pings right "${OUTER[left]}"
}

step_new() {
    title "2. Left becomes a server: keys, a file, an interface"
    chasqui left new "${IF[left]}" --address "${INNER4[left]}/24,${INNER6[left]}/64" --endpoint "${OUTER[left]}" -o "$(file_of left)"
    chasqui left up "$(file_of left)"
    say "each step is printed as the command that does the same:"
    show_log
}

step_peer() {
    title "3. A peer is added: its keys, the next free addresses, both ends' sections, at once on the running interface"
    chasqui left peer add "$(file_of left)" office -o "$(file_of right)" --no-qr
    say "what right gets, its private key left out (without -o it is printed, with its QR code; --for routeros prints commands):"
    sed 's/^PrivateKey = .*/PrivateKey = .../; s/^PresharedKey = .*/PresharedKey = .../; s/^/              /' "$(file_of right)"
    chasqui left peer list "$(file_of left)"
    show_log
}

step_client() {
    title "4. Right brings its file up"
    chasqui right check "$(file_of right)"
    chasqui right up "$(file_of right)"
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
    local stranger key file
    file=$(file_of right)
    key=$(public_key_of left)
    stranger=$("$CHASQUI" genkey | "$CHASQUI" pubkey)
    sed -i "s|^PublicKey = .*|PublicKey = $stranger|" "$file"
    chasqui right reload "$file"
    check "ping fails: left cannot read what is meant for a stranger, and says nothing" no_ping right "${INNER4[left]}"
    say "left tells its owner, who is no stranger, within ten seconds:"
    explains left peer-has-wrong-key wrong-key-for-us
    say "repair: the right key, in the file"
    sed -i "s|^PublicKey = .*|PublicKey = $key|" "$file"
    chasqui right reload "$file"
    check "ping works again" pings right "${INNER4[left]}"
}

lesson_allowed_ip() {
    title "8. Lesson two: a wrong allowed address. Left believes that right is 10.7.0.99"
    allow_right_on_left 10.7.0.99
    check "ping fails: the packet arrives and is decrypted, but right may not send from ${INNER4[right]}" no_ping right "${INNER4[left]}"
    explains left source-not-allowed
    say "repair: the right address"
    allow_right_on_left "${INNER4[right]}"
    check "ping works again, on the same session" pings right "${INNER4[left]}"
}

allow_right_on_left() {
    chasqui left set "${IF[left]}" peer "$(public_key_of right)" allowed-ips "$1/32,${INNER6[right]}/128"
}

lesson_endpoint() {
    title "9. Lesson three: a wrong endpoint. Right comes up looking for left at 192.0.2.77, where nobody is"
    local file
    file=$(file_of right)
    chasqui right down "$file"
    sed -i "s|^Endpoint = .*|Endpoint = 192.0.2.77:$LAB_PORT|" "$file"
    chasqui right up "$file"
    check "ping fails: nobody answers there" no_ping right "${INNER4[left]}"
    explains right host-unreachable
    say "repair: the right endpoint, at once on the running interface, and in the file"
    chasqui right set "${IF[right]}" peer "$(public_key_of left)" endpoint "${OUTER[left]}:$LAB_PORT"
    sed -i "s|^Endpoint = .*|Endpoint = ${OUTER[left]}:$LAB_PORT|" "$file"
    # The handshake to nowhere is repeated when Rekey-Timeout and its jitter are over: 5.3 s after the last.
    check "ping works again, from the next handshake on" wait_until 9 pings right "${INNER4[left]}"
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

step_reload() {
    title "11. A reload that is not confirmed: left gets another address for three seconds"
    sed -i "s|^Address = .*|&, 10.7.9.1/24|" "$(file_of left)"
    check "left# chasqui diff ${IF[left]}.conf tells it apart" fails on left "$CHASQUI" diff "$(file_of left)"
    show_log
    chasqui left reload "$(file_of left)" --confirm 3
    check "the new address is there" pings left 10.7.9.1
    check "nobody confirms, and it goes again" wait_until 8 fails on left ping -q -c 1 -W 1 10.7.9.1
    check "ping still works, on the same session" pings right "${INNER4[left]}"
}

step_end() {
    title "12. Both interfaces go down, and the daemons go by themselves"
    local end
    for end in left right; do
        chasqui "$end" down "$(file_of "$end")"
        check "$end's daemon has ended" wait_until 5 lab_is_quiet "$end"
        check "$end's socket is gone" test ! -e "$LAB_SOCKETS/${IF[$end]}.sock"
    done
}

main() {
    lab_require || exit 1
    [[ -x $CHASQUI ]] || { echo "No daemon at $CHASQUI: run ./build.sh publish, or name one in CHASQUI." >&2; exit 1; }
    trap 'lab_down; rm -rf "$files"' EXIT
    trap 'exit 130' INT TERM
    step_hosts
    step_new
    step_peer
    step_client
    ((bad == 0)) || { echo "Nothing to go on with." >&2; exit 1; }
    step_ping
    step_transfer
    lesson_key
    lesson_allowed_ip
    lesson_endpoint
    step_roam
    step_reload
    step_end
    title "$good steps as they should be, $bad not, in $SECONDS seconds."
    ((bad == 0))
}

main "$@"
