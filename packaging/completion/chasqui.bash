# bash completion for chasqui. Commands and options come from the program's own help.

_chasqui_interfaces() { chasqui show interfaces 2>/dev/null; }

_chasqui_files() { find -L /etc/wireguard -maxdepth 1 -name '*.conf' -printf '%f\n' 2>/dev/null | sed 's/\.conf$//'; }

_chasqui_peers() { sed -n 's/^# *Name *= *//p' "/etc/wireguard/$1.conf" 2>/dev/null; }

_chasqui_commands() { chasqui --help 2>/dev/null | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p'; }

# What begins a line of the help; its sentences and examples name options of other commands too.
_chasqui_options() { chasqui "$@" --help 2>/dev/null | sed -n 's/^  \(-[a-z], \)\{0,1\}\(--[a-z][a-z-]*\).*/\2/p'; }

# The values of an option that has few.
_chasqui_values() {
    case $1 in
        --for) printf '%s\n' conf routeros linux ;;
        --confirm) printf '%s\n' 60 120 300 ;;
        --exclude) printf '%s\n' private ;;
    esac
}

# The words of "set", of "show" and of "peer" that may stand here.
_chasqui_words() {
    local command=$1 position=$2
    case $command:$position in
        show:1) printf '%s\n' all interfaces; _chasqui_interfaces ;;
        show:2) printf '%s\n' public-key private-key listen-port fwmark peers preshared-keys endpoints allowed-ips \
            latest-handshakes persistent-keepalive transfer dump ;;
        showconf:1 | set:1 | setconf:1 | addconf:1 | syncconf:1 | confirm:1 | metrics:1 | watch:1 | explain:1 | capture:1) _chasqui_interfaces ;;
        set:*) printf '%s\n' listen-port fwmark private-key peer remove preshared-key endpoint persistent-keepalive allowed-ips ;;
        up:1 | down:1 | save:1 | strip:1 | reload:1 | diff:1 | check:* | export:1) _chasqui_files; _chasqui_interfaces ;;
        peer:1) printf '%s\n' add list remove rename rotate ;;
        peer:2) _chasqui_files ;;
        peer:3) [[ ${COMP_WORDS[2]} == @(add|list) ]] || _chasqui_peers "${COMP_WORDS[3]}" ;;
        help:1) _chasqui_commands ;;
    esac
}

_chasqui() {
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} prefix=("${COMP_WORDS[1]}")
    local values
    COMPREPLY=()
    values=$(_chasqui_values "${COMP_WORDS[COMP_CWORD - 1]}")
    if [[ -n $values ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
    elif ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "$(_chasqui_commands)" -- "$word")
    elif [[ $word == -* ]]; then
        [[ $command != peer ]] || prefix+=("${COMP_WORDS[2]}")
        mapfile -t COMPREPLY < <(compgen -W "$(_chasqui_options "${prefix[@]}")" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -W "$(_chasqui_words "$command" $((COMP_CWORD - 1)))" -- "$word")
    fi
}

complete -o default -F _chasqui chasqui
