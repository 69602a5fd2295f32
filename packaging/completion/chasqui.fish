# fish completion for chasqui. Commands and options come from the program's own help.

function __chasqui_commands
    chasqui --help 2>/dev/null | string replace -rf '^  ([a-z]+) .*' '$1'
end

function __chasqui_running
    chasqui show interfaces 2>/dev/null | string split -n ' '
end

function __chasqui_files
    for file in /etc/wireguard/*.conf
        basename $file .conf
    end
end

function __chasqui_options
    set -l words (commandline -opc)[2..]
    test "$words[1]" = peer; or set words $words[1]
    chasqui $words[1..2] --help 2>/dev/null | string replace -rf -- '^  (?:-[a-z], )?(--[a-z][a-z-]*).*' '$1'
end

function __chasqui_peers
    set -l words (commandline -opc)
    sed -n 's/^# *Name *= *//p' "/etc/wireguard/$words[4].conf" 2>/dev/null
end

# Whether the words so far are the command of the first argument and as many more as the second says.
function __chasqui_at
    set -l words (commandline -opc)
    contains -- "$words[2]" (string split , $argv[1]); and test (count $words) -eq (math $argv[2] + 2)
end

complete -c chasqui -n __fish_use_subcommand -f -a '(__chasqui_commands)'
complete -c chasqui -n 'string match -q -- "-*" (commandline -ct)' -f -a '(__chasqui_options)'
complete -c chasqui -n '__chasqui_at show,showconf,set,setconf,addconf,syncconf,confirm,metrics,watch,explain,capture 0' -f -a '(__chasqui_running)'
complete -c chasqui -n '__chasqui_at show 0' -f -a 'all interfaces'
complete -c chasqui -n '__chasqui_at show 1' -f -a 'public-key private-key listen-port fwmark peers preshared-keys endpoints allowed-ips latest-handshakes persistent-keepalive transfer dump'
complete -c chasqui -n '__chasqui_at up,down,save,strip,reload,diff,check,export 0' -a '(__chasqui_files)'
complete -c chasqui -n '__chasqui_at peer 0' -f -a 'add list remove rename rotate'
complete -c chasqui -n '__chasqui_at peer 1' -f -a '(__chasqui_files)'
complete -c chasqui -n '__chasqui_at peer 2' -f -a '(__chasqui_peers)'
