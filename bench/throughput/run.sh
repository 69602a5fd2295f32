#!/usr/bin/env bash
# Runs Chasqui and wireguard-go in turn, each between two fresh network namespaces, and prints what one TCP stream gets.
# Both daemons, both TCP stacks and iperf3 share the machine's cores: the figures compare, they do not promise.
#
#   CHASQUI        our daemon (default: the published binary)
#   WIREGUARD_GO   the other one (default: wireguard-go on the path)
#   ROUNDS         how often each is measured in each direction (default: 5)
#   DURATION       seconds of one measurement (default: 5)
#   MTU            of the tunnel (default: 1420)

set -eEuo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
case $(uname -m) in aarch64) rid=linux-arm64 ;; *) rid=linux-x64 ;; esac
CHASQUI=${CHASQUI:-$here/../../artifacts/publish/$rid/chasqui}
WIREGUARD_GO=${WIREGUARD_GO:-$(command -v wireguard-go || true)}
ROUNDS=${ROUNDS:-5}
DURATION=${DURATION:-5}
MTU=${MTU:-1420}

# shellcheck source=demo/lab.sh
source "$here/../../demo/lab.sh"

declare -A PROGRAM=([chasqui]=$CHASQUI [wireguard-go]=$WIREGUARD_GO)
declare -A RATES=() PEAKS=()

configure_ends() {
    local end other
    for end in left right; do
        PRIVATE[$end]=$(wg genkey)
        PUBLIC[$end]=$(wg pubkey <<<"${PRIVATE[$end]}")
    done
    for end in left right; do
        other=$([[ $end == left ]] && echo right || echo left)
        uapi_set "$end" <<END
private_key=$(hex_of "${PRIVATE[$end]}")
listen_port=$LAB_PORT
public_key=$(hex_of "${PUBLIC[$other]}")
endpoint=${OUTER[$other]}:$LAB_PORT
allowed_ip=${INNER4[$other]}/32
END
        lab_interface_up "$end" "$MTU"
    done
    on right ping -q -n -c 3 -i 0.2 -W 2 "${INNER4[left]}" >/dev/null
}

# Peak resident memory of a host's daemon in KiB.
peak_of() { awk '/^VmHWM:/ { print $2 }' "/proc/$(lab_daemon_pid "$1" "$2")/status"; }

# One round: fresh namespaces, fresh daemons, a stream each way, and then the daemons' peak memory.
measure() {
    local name=$1 program=${PROGRAM[$1]} there back
    lab_up
    lab_start_daemon left "$program" >/dev/null 2>&1
    lab_start_daemon right "$program" >/dev/null 2>&1
    configure_ends
    there=$(lab_transfer right left "$DURATION")
    back=$(lab_transfer left right "$DURATION")
    RATES[$name,there]+="$there "
    RATES[$name,back]+="$back "
    PEAKS[$name]+="$(peak_of left "$program") $(peak_of right "$program") "
    awk -v name="$name" -v there="$there" -v back="$back" \
        'BEGIN { printf "  %-14s right to left %6.3f   left to right %6.3f Gbit/s\n", name, there / 1e9, back / 1e9 }'
    lab_down
}

# Median, least and greatest of the numbers given: one line of three.
statistics() {
    tr -s ' ' '\n' <<<"$*" | sed '/^$/d' | sort -g |
        awk '{ v[NR] = $1 } END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; print m, v[1], v[NR] }'
}

# "2.10 (1.98-2.14)" in Gbit/s.
gigabits() {
    # shellcheck disable=SC2086 # the numbers are words
    statistics ${RATES[$1,$2]} | awk '{ printf "%.2f (%.2f-%.2f)", $1 / 1e9, $2 / 1e9, $3 / 1e9 }'
}

# The greatest peak of all daemons of one kind, in MB.
megabytes() {
    # shellcheck disable=SC2086 # the numbers are words
    statistics ${PEAKS[$1]} | awk '{ printf "%.0f MB", $3 * 1024 / 1e6 }'
}

median_of() {
    # shellcheck disable=SC2086 # the numbers are words
    statistics ${RATES[$1,$2]} | cut -d' ' -f1
}

ratio() { awk -v a="$(median_of chasqui "$1")" -v b="$(median_of wireguard-go "$1")" 'BEGIN { printf "%.1f", a / b }'; }

version_of() { "$1" --version 2>&1 | sed -n '1s/.*[ v]\([0-9][0-9A-Za-z.+-]*\).*/\1/p'; }

machine() {
    local model
    model=$(lscpu | sed -n 's/^Model name: *//p' | head -n 1)
    echo "${model:-$(uname -m)}, $(nproc) cores, Linux $(uname -r | cut -d- -f1)"
}

report() {
    local name
    printf '\n%s\nMTU %s, %s rounds of %s s each way; median (least-greatest)\n\n' "$(machine)" "$MTU" "$ROUNDS" "$DURATION"
    for name in chasqui wireguard-go; do
        printf '  %-14s %-18s right to left %s   left to right %s Gbit/s   peak memory %s\n' "$name" "$(version_of "${PROGRAM[$name]}")" \
            "$(gigabits "$name" there)" "$(gigabits "$name" back)" "$(megabytes "$name")"
    done
    printf '  ratio of the medians: %s and %s\n' "$(ratio there)" "$(ratio back)"
    printf '\nFor the README:\n\n| %s | %s / %s Gbit/s, %s | %s: %s / %s Gbit/s, %s | %s x / %s x |\n' "$(machine)" \
        "$(gigabits chasqui there)" "$(gigabits chasqui back)" "$(megabytes chasqui)" "wireguard-go $(version_of "$WIREGUARD_GO")" \
        "$(gigabits wireguard-go there)" "$(gigabits wireguard-go back)" "$(megabytes wireguard-go)" "$(ratio there)" "$(ratio back)"
}

main() {
    local round name
    lab_require || exit 1
    command -v wg >/dev/null || { echo "This needs the tool wg." >&2; exit 1; }
    for name in chasqui wireguard-go; do
        [[ -x ${PROGRAM[$name]} ]] || { echo "No $name at \"${PROGRAM[$name]}\"." >&2; exit 1; }
    done
    trap 'echo "Failed: $BASH_COMMAND (line $LINENO)" >&2' ERR
    trap lab_down EXIT
    trap 'exit 130' INT TERM
    for ((round = 1; round <= ROUNDS; round++)); do
        echo "round $round of $ROUNDS"
        for name in chasqui wireguard-go; do
            measure "$name"
        done
    done
    report
}

main "$@"
