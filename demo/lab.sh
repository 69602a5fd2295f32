# shellcheck shell=bash
# Two network namespaces that stand for two hosts, with a WireGuard daemon in each. Sourced by the demo and the bench.
#
# Everything made here is named after the process that made it, and lab_down takes all of it away again. Processes are
# ended by number, and only those that live in namespaces of ours: nobody else's can.

export PATH=$PATH:/usr/sbin:/sbin

readonly LAB_SOCKETS=/var/run/wireguard
# shellcheck disable=SC2034 # read by those who source this file
readonly LAB_PORT=51820

# The two ends. "left" is the server, "right" the client; arrays are indexed by these words.
# shellcheck disable=SC2034 # read by those who source this file
declare -A NS=([left]="chq$$-left" [right]="chq$$-right")
declare -A IF=([left]="chq$$l" [right]="chq$$r")
declare -A PRIVATE=() PUBLIC=()
declare -A OUTER=([left]=192.0.2.1 [right]=192.0.2.2)
declare -A INNER4=([left]=10.7.0.1 [right]=10.7.0.2)
declare -A INNER6=([left]=fd07::1 [right]=fd07::2)

# Refuses to go on where namespaces cannot be made.
lab_require() {
    local tool
    ((EUID == 0)) || { echo "This needs root: it makes network namespaces and TUN interfaces." >&2; return 1; }
    [[ -c /dev/net/tun ]] || { echo "This needs /dev/net/tun (modprobe tun)." >&2; return 1; }
    for tool in ip ping iperf3 socat jq; do
        command -v "$tool" >/dev/null || { echo "This needs the tool $tool." >&2; return 1; }
    done
}

# Runs a command on one of the two hosts: on left ping 10.7.0.2
on() { ip netns exec "${NS[$1]}" "${@:2}"; }

# Makes the two hosts and the cable between them.
lab_up() {
    local end
    for end in left right; do
        ip netns add "${NS[$end]}"
        on "$end" ip link set lo up
    done
    ip link add "${IF[left]}" netns "${NS[left]}" type veth peer name "${IF[right]}" netns "${NS[right]}"
    for end in left right; do
        on "$end" ip link set "${IF[$end]}" name eth0
        on "$end" ip address add "${OUTER[$end]}/24" dev eth0
        on "$end" ip link set eth0 up
    done
}

# Ends the daemons by number, deletes the namespaces with all that is in them, and removes stale sockets.
lab_down() {
    local end pid
    for end in left right; do
        [[ -e /run/netns/${NS[$end]} ]] || continue
        for pid in $(ip netns pids "${NS[$end]}"); do
            kill "$pid" 2>/dev/null || true
        done
        wait_until 3 lab_is_quiet "$end" || true
        for pid in $(ip netns pids "${NS[$end]}"); do
            kill -KILL "$pid" 2>/dev/null || true
        done
        ip netns delete "${NS[$end]}" || true
        rm -f "$LAB_SOCKETS/${IF[$end]}.sock"
    done
}

# Whether no process is left on a host.
lab_is_quiet() { [[ -z $(ip netns pids "${NS[$1]}") ]]; }

# Tries a command every 50 ms until it succeeds: wait_until SECONDS COMMAND...
wait_until() {
    local deadline=$((SECONDS + $1))
    until "${@:2}"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

# Starts a daemon on a host. It returns when the interface and its socket are ready, as every drop-in for wireguard-go does.
lab_start_daemon() {
    local end=$1 program=$2
    on "$end" env LOG_LEVEL=error "$program" "${IF[$end]}" </dev/null || return 1
    [[ -S $LAB_SOCKETS/${IF[$end]}.sock ]]
}

# The daemon's process number.
lab_daemon_pid() {
    local end=$1 program pid
    program=$(readlink -f "$2")
    for pid in $(ip netns pids "${NS[$end]}"); do
        [[ $(readlink "/proc/$pid/exe") != "$program" ]] || { echo "$pid"; return 0; }
    done
    return 1
}

# Makes a key pair for a host: lab_make_keys left PROGRAM
lab_make_keys() {
    PRIVATE[$1]=$("$2" genkey)
    # shellcheck disable=SC2034 # read by those who source this file
    PUBLIC[$1]=$("$2" pubkey <<<"${PRIVATE[$1]}")
}

# Writes a base64 key as the 64 hexadecimal digits that UAPI wants.
hex_of() { base64 -d <<<"$1" | od -An -v -tx1 | tr -d ' \n'; }

# Sends one UAPI operation, the lines on standard input, to a host's daemon and prints the answer.
uapi() { { cat; echo; } | socat -t 5 - "UNIX-CONNECT:$LAB_SOCKETS/${IF[$1]}.sock"; }

# Sends a "set" and fails unless the daemon answers that it took it.
uapi_set() { [[ $({ echo set=1; cat; } | uapi "$1") == "errno=0"* ]]; }

# One value of a host's daemon: uapi_get right endpoint
uapi_get() { uapi "$1" <<<get=1 | sed -n "s/^$2=//p"; }

# Gives the interface its addresses and turns it on: lab_interface_up right MTU
lab_interface_up() {
    local end=$1 mtu=$2
    on "$end" ip link set "${IF[$end]}" mtu "$mtu" up &&
        on "$end" ip address add "${INNER4[$end]}/24" dev "${IF[$end]}" &&
        on "$end" ip address add "${INNER6[$end]}/64" dev "${IF[$end]}" nodad
}

# Whether a listener waits on a TCP port of a host.
is_listening() { [[ -n $(on "$1" ss -Hltn "sport = :$2") ]]; }

# One TCP stream through the tunnel. Prints bits per second as received: lab_transfer right left SECONDS
lab_transfer() {
    local from=$1 to=$2 seconds=$3 server result
    on "$to" iperf3 --server --one-off --port 5201 >/dev/null 2>&1 </dev/null &
    server=$!
    if ! wait_until 5 is_listening "$to" 5201; then
        kill "$server" 2>/dev/null || true
        return 1
    fi
    result=$(on "$from" timeout $((seconds + 10)) iperf3 --client "${INNER4[$to]}" --port 5201 --time "$seconds" --json) || true
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    jq -e '.end.sum_received.bits_per_second | select(. > 0)' <<<"$result"
}
