#!/usr/bin/env bash
# The one entrance to the repository: see usage below, or ./build.sh --help.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly root
readonly solution=$root/Chasqui.slnx
readonly publish_dir=$root/artifacts/publish
readonly results_dir=$root/artifacts/test-results
readonly test_seconds=${CHASQUI_TEST_SECONDS:-870}

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

usage() {
    cat <<'END'
usage: ./build.sh COMMAND

  demo                        two hosts, a tunnel from nothing, three classic mistakes, a roam and a reload, in a minute (root)
  test                        build, check the formatting, run every test; the last line is the result
  publish [RID] [baseline|avx512]
                              one native binary in artifacts/publish/RID/chasqui, and its bill of materials (CycloneDX) beside it,
                              chasqui.cdx.json; RID is linux-x64 or linux-arm64;
                              baseline: for x86-64 processors without AVX2 (before 2013 to 2015), in RID-baseline;
                              avx512: only for those with AVX-512 (x86-64-v4), a quarter faster there, in RID-avx512
  install [--links] [PREFIX] [DESTDIR]
                              the binary, manual pages, completion and systemd units below PREFIX (default /usr/local), itself
                              below DESTDIR if one is given; --links: also as wg, wg-quick and wireguard-go where these are missing
  uninstall [PREFIX] [DESTDIR]
                              take away what install has put there
  package                     a Debian package in artifacts/package
  bench [--quick] [OPTION...] tunnels side by side, into docs/performance.md (root; 25 minutes); --quick: ratios against
                              wireguard-go in two minutes; --diagnostics: what counters and events cost; bench --help: all options
  micro [FILTER...]           times of the parts (AEAD, checksums, routing, handshake, UAPI...) in nanoseconds, or of those whose names
                              hold FILTER; in artifacts/micro/results.md
  micro bar [ROUNDS]          the native AEAD beside "openssl speed" on one core, in turn, the default binary's and that of the flavour that is
                              fastest here; in artifacts/micro/bar.md
  soak [SECONDS] [OPTION...]  two daemons on a bad line, ten minutes if not told: transfers whole, memory and descriptors flat, counters without
                              drift (root); soak --help: all options
  flood [OPTION...]           floods of hostile datagrams while a peer pings, transfers and makes a new handshake, beside wireguard-go, in seven minutes
                              (root); --quick: in two; --at-once: beside a session that comes to its age, in half an hour
  record-counts               record anew what the counting tests hold later runs to: instructions and system calls a packet (root)
  fuzz [TARGET [SECONDS]]     feed a parser mutated input (default 60 s); without a target: the targets (fuzz/README.md)
  fuzz afl TARGET [SECONDS]   the same target under AFL++
  timing [SECONDS]            whether the time of what touches secrets tells them (dudect's statistics; default 10 s a subject); into
                              docs/security/timing.jsonl
  figures                     the figures of docs/security.md anew, from what the long runs have left in docs/security
  simulate [SECONDS [SEED]]   three hosts in virtual time, everything that can go wrong in any order, again and again (default 600 s);
                              into docs/security/simulation.json
  api                         write the public members of the libraries into src/*/PublicAPI.Unshipped.txt, for review
  format                      format the sources as "test" wants them
  --help                      this page

What is missing is installed with apt-get when run as root; otherwise it is named. The .NET SDK must be there.

environment
  CHASQUI               a binary to take for demo, bench and system tests, instead of publishing one
  CHASQUI_TEST_SECONDS  seconds that "test" may take in all (default 870)
  WIREGUARD_GO          the other binary that bench measures, instead of the newest that Debian packages
END
}

say() { printf '==> %s\n' "$*"; }

die() {
    printf 'build.sh: %s\n' "$*" >&2
    exit 1
}

# ---- What the machine must have ------------------------------------------------------------------------------------

# The Debian packages behind a word, each given as command:package, or file:package.
packages_of() {
    case $1 in
        afl) echo afl-fuzz:afl++ ;;
        linker) echo cc:gcc cc:libc6-dev ;;
        sbom) echo jq:jq readelf:binutils ;;
        lab) echo ip:iproute2 ss:iproute2 ping:iputils-ping iperf3:iperf3 socat:socat jq:jq ;;
        wireguard) echo wg:wireguard-tools ;;
        peers) echo wg:wireguard-tools wireguard-go:wireguard-go ;;
        charts) echo fc-list:fontconfig ;; # brings the typeface with it
        rivals)
            echo openvpn:openvpn swanctl:strongswan-swanctl taskset:util-linux /usr/lib/ipsec/charon:strongswan-charon
            echo /usr/lib/ipsec/plugins/libstrongswan-{kernel-libipsec.so:libcharon-extra-plugins,openssl.so:libstrongswan-standard-plugins}
            ;;
        pictures) echo zbarimg:zbar-tools rsvg-convert:librsvg2-bin ;;
        inspection) echo nft:nftables iptables:iptables tcpdump:tcpdump ethtool:ethtool strace:strace valgrind:valgrind tshark:tshark gdb:gdb openssl:openssl ;;
    esac
}

# Stops at a word that is no whole number: require_number WHAT WORD
require_number() { [[ $2 =~ ^[0-9]{1,9}$ ]] || die "$1 $2: not a whole number"; }

has_command() { PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null; }

# clang links as well as gcc does: whichever is there.
has_tool() {
    case $1 in
        cc) has_command gcc || has_command clang ;;
        /*) [[ -e $1 ]] ;;
        *) has_command "$1" ;;
    esac
}

# Installs what is missing of the given groups. Never fails: whoever needs the missing thing says so.
need() {
    local group pair missing=()
    for group in "$@"; do
        for pair in $(packages_of "$group"); do
            has_tool "${pair%%:*}" || missing+=("${pair#*:}")
        done
    done
    ((${#missing[@]} > 0)) || return 0
    if ((EUID != 0)) || ! has_command apt-get; then
        say "missing, and not installed without root and apt-get: ${missing[*]}"
        return 0
    fi
    say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || true
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || say "could not install ${missing[*]}"
}

require_dotnet() {
    has_command dotnet || die "the .NET 10 SDK is not installed (the command dotnet is not on the path)"
}

# ---- Publish -------------------------------------------------------------------------------------------------------

native_rid() {
    case $(uname -m) in
        x86_64) echo linux-x64 ;;
        aarch64) echo linux-arm64 ;;
        *) die "no NativeAOT for $(uname -m): linux-x64 and linux-arm64 are known" ;;
    esac
}

# The flavour that is fastest on this machine; empty is the default one. In /proc/cpuinfo the flags come in a fixed order.
best_flavour() {
    [[ $(native_rid) == linux-x64 ]] || return 0
    case $(grep -m 1 '^flags' /proc/cpuinfo) in
        *avx512f*avx512dq*avx512cd*avx512bw*avx512vl*) echo avx512 ;;
        *avx2*) ;;
        *) echo baseline ;;
    esac
}

# Whether nothing has changed since the publishing of the binary in a folder began.
is_published() {
    local stamp=$1/.stamp
    [[ -x $1/chasqui && -f $stamp ]] || return 1
    [[ -z $(find "$root/src" "$root"/Directory.*.props "$root/global.json" "$root/build.sh" -newer "$stamp" -print -quit) ]]
}

# The linker's properties for a RID, one a line; none if the SDK finds a linker by itself.
linker_properties() {
    local rid=$1 host triplet
    host=$(native_rid)
    if [[ $rid == "$host" ]]; then
        has_command clang || echo "-p:CppCompilerAndLinker=gcc"
        return 0
    fi
    case $rid in linux-arm64) triplet=aarch64-linux-gnu ;; linux-x64) triplet=x86_64-linux-gnu ;; esac
    has_command "$triplet-gcc" || return 1
    printf '%s\n' "-p:CppCompilerAndLinker=$(cross_linker "$triplet")" "-p:ObjCopyName=$triplet-objcopy"
}

# The SDK tells every cross linker its target in clang's words, which gcc, made for one target, does not know: a
# three-line program between them leaves that word out.
cross_linker() {
    local wrapper=$root/artifacts/toolchain/$1-gcc
    mkdir -p "${wrapper%/*}"
    cat >"$wrapper" <<END
#!/bin/sh
for word do shift; case \$word in --target=*) ;; *) set -- "\$@" "\$word" ;; esac; done
exec $1-gcc "\$@"
END
    chmod +x "$wrapper"
    echo "$wrapper"
}

no_cross_linker() {
    cat >&2 <<END
build.sh: $1 cannot be linked on this machine ($(uname -m)).
  Either install the cross compiler and run this again:
      apt-get install gcc-aarch64-linux-gnu        (for linux-arm64, on Debian and Ubuntu)
      apt-get install gcc-x86-64-linux-gnu         (for linux-x64)
  or run ./build.sh publish on a machine of that architecture: nothing else is needed there.
END
    exit 1
}

# What makes a flavour of the binary.
flavour_property() {
    case $1 in
        baseline) echo "-p:ChasquiInstructionSet=x86-64-v2" ;;
        avx512) echo "-p:ChasquiInstructionSet=x86-64-v4" ;;
    esac
}

# Publishes a project as a native binary of a flavour: publish_native PROJECT RID FLAVOUR FOLDER [OPTION...]
publish_native() {
    local project=$1 rid=$2 flavour=$3 folder=$4 words properties=()
    need linker
    words=$(linker_properties "$rid" && flavour_property "$flavour") || no_cross_linker "$rid"
    [[ -z $words ]] || mapfile -t properties <<<"$words"
    dotnet publish "$root/$project" -c Release -r "$rid" -o "$folder" -v quiet "${properties[@]}" "${@:5}"
}

publish() {
    local rid=${1:-$(native_rid)} flavour=${2:-} name out work
    case $rid in linux-x64 | linux-arm64) ;; *) die "unknown RID $rid: linux-x64 or linux-arm64" ;; esac
    case $flavour in "" | baseline | avx512) ;; *) die "unknown flavour $flavour: baseline or avx512" ;; esac
    [[ -z $flavour || $rid == linux-x64 ]] || die "the flavour $flavour is for linux-x64 only"
    name=$rid${flavour:+-$flavour}
    out=$publish_dir/$name
    if is_published "$out"; then
        say "artifacts/publish/$name/chasqui is up to date"
        return 0
    fi
    require_dotnet
    need sbom
    say "publishing $name (NativeAOT)"
    work=$root/artifacts/publish-work/$name
    rm -rf "$work"
    mkdir -p "$out" "$work"
    touch "$work/stamp"
    publish_native src/Chasqui.Cli "$rid" "$flavour" "$work/out" || die "publishing $name failed"
    install -m 0755 "$work/out/Chasqui.Cli" "$out/chasqui.new"
    [[ ! -f $work/out/Chasqui.Cli.dbg ]] || install -m 0644 "$work/out/Chasqui.Cli.dbg" "$out/chasqui.dbg"
    mv "$out/chasqui.new" "$out/chasqui"
    write_sbom "$rid" "$out/chasqui" "$out/chasqui.cdx.json"
    mv "$work/stamp" "$out/.stamp"
    rm -rf "$work"
    say "artifacts/publish/$name/chasqui: $(stat -c %s "$out/chasqui") bytes (symbols and a bill of materials are beside it)"
}

# The daemon that demo, bench and tests run: the given one, or ours, published, of the given flavour.
provide_daemon() {
    local flavour=${1:-}
    if [[ -z ${CHASQUI:-} ]]; then
        publish "$(native_rid)" "$flavour"
        CHASQUI=$publish_dir/$(native_rid)${flavour:+-$flavour}/chasqui
    fi
    export CHASQUI
}

# shellcheck source=packaging/sbom.sh
source "$root/packaging/sbom.sh"

# shellcheck source=packaging/install.sh
source "$root/packaging/install.sh"

# ---- Test ----------------------------------------------------------------------------------------------------------

passed=0
failed=0
skipped=0

count_failure() {
    say "FAILED: $*"
    failed=$((failed + 1))
}

seconds_left() { echo $((test_seconds - SECONDS)); }

# Runs a check that is no test program: it counts only when it fails.
check() {
    local words=$1
    shift
    say "$words"
    "$@" || count_failure "$words"
}

check_scripts() {
    if has_command shellcheck; then
        (cd "$root" && shellcheck -x build.sh .ci/run packaging/deb/p* demo/*.sh bench/*.sh)
    else
        say "shellcheck is not installed: the scripts are not checked"
    fi
}

# A number from the head of an xunit result file.
result_attribute() { grep -o '<assembly [^>]*>' "$1" | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9'; }

# Why tests of an xunit result file were skipped: one line each.
skip_reasons() {
    tr '\n' ' ' <"$1" | sed 's/<reason>/\n<reason>/g; s/<\/reason>/&\n/g' | sed -n '/^<reason>/ {
        s/^<reason>\(<!\[CDATA\[\)\{0,1\}//; s/\(\]\]>\)\{0,1\}<\/reason>.*//
        s/\\"/"/g; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g; p
    }'
}

# The programs have named each skipped test as they ran; this says at the end, where nobody misses it, what was lacking.
print_skipped() {
    local file
    ((skipped > 0)) || return 0
    say "skipped, by reason"
    for file in "$results_dir"/*.xml; do
        skip_reasons "$file"
    done | sort | uniq -c | sort -rn
}

add_results() {
    local name=$1 file=$2 code=$3 here_failed total
    here_failed=$(($(result_attribute "$file" failed) + $(result_attribute "$file" errors)))
    total=$(result_attribute "$file" total)
    passed=$((passed + $(result_attribute "$file" passed)))
    skipped=$((skipped + $(result_attribute "$file" skipped)))
    failed=$((failed + here_failed))
    if ((total == 0)); then
        count_failure "$name has no tests"
    elif ((code != 0 && here_failed == 0)); then
        count_failure "$name ended with code $code after its last test"
    fi
}

run_test_program() {
    local name=$1 program=$root/artifacts/bin/$1/release/$1 file=$results_dir/$1.xml left code=0
    left=$(seconds_left)
    say "$name"
    if ((left < 5)); then
        count_failure "$name was not run: the $test_seconds seconds are over"
        return 0
    fi
    timeout --kill-after=15 "$left" "$program" -noLogo -noColor -result-xml "$file" </dev/null || code=$?
    if [[ -s $file ]]; then
        add_results "$name" "$file" "$code"
    elif ((code == 124 || code == 137)); then
        count_failure "$name did not end within $left seconds"
    else
        count_failure "$name crashed with code $code before it wrote its results"
    fi
}

run_test_programs() {
    local project
    rm -rf "$results_dir"
    mkdir -p "$results_dir"
    for project in "$root"/tests/*/*.csproj; do
        project=${project##*/}
        run_test_program "${project%.csproj}"
    done
}

print_result() {
    printf '%d passed, %d failed' "$passed" "$failed"
    ((skipped == 0)) || printf ', %d skipped' "$skipped"
    printf '\n'
}

build_solution() { dotnet build "$solution" -c Release -v quiet; }

test_all() {
    local formatting
    require_dotnet
    need linker lab peers pictures inspection
    say "building (Release)"
    if build_solution; then
        dotnet format "$solution" --verify-no-changes --no-restore & # beside the linker, which has but one thread
        formatting=$!
        check "checking the scripts" check_scripts
        # A subshell, because a failed publish ends the shell that it runs in.
        check "providing the native daemon" eval '(provide_daemon)'
        check "checking the formatting" wait "$formatting"
        export CHASQUI=${CHASQUI:-$publish_dir/$(native_rid)/chasqui}
        run_test_programs
    else
        count_failure "the build"
    fi
    print_skipped
    print_result
    ((failed == 0))
}

# Builds one project, and says nothing unless it fails.
build_quietly() {
    local log
    log=$(dotnet build "$root/$1" -c Release -v quiet 2>&1) || { printf '%s\n' "$log" >&2; return 1; }
}

# ---- Demo and bench ------------------------------------------------------------------------------------------------

# The sources are built as the user; only the rest is run as root: run_as_root SCRIPT GROUPS [ARGUMENT...]
run_as_root() {
    local script=$1 tools=$2 name variables=()
    shift 2
    if ((EUID == 0)); then
        # shellcheck disable=SC2086 # the groups are words
        need $tools
        exec "$script" "$@"
    fi
    has_command sudo || die "network namespaces need root, and there is no sudo: run this as root"
    say "network namespaces need root: asking sudo"
    for name in CHASQUI CHASQUI_FLAVOUR CHASQUI_NULL CHASQUI_UNCOUNTED WIREGUARD_GO DOTNET_ROOT; do
        [[ -z ${!name:-} ]] || variables+=("$name=${!name}")
    done
    exec sudo "${variables[@]}" "$root/build.sh" "$command" "$@"
}

demo() {
    provide_daemon
    run_as_root "$root/demo/run.sh" "lab"
}

# A daemon without something, for the bench alone, in a flavour: in folders of its own, so that "publish" never finds a part of it.
# publish_without WHAT PROPERTY FLAVOUR; the program's path is in $without then.
publish_without() {
    local what=$1 property=$2 flavour=$3 out=$root/artifacts/bench-without-$1${3:+-$3}
    if ! is_published "$out"; then
        say "publishing the daemon without its $what, for the bench alone"
        mkdir -p "$out"
        touch "$out/.stamp.new"
        publish_native src/Chasqui.Cli "$(native_rid)" "$flavour" "$out/out" "-p:$property=true" "-p:Version=0.1.0-without-$what" \
            "-p:ArtifactsPath=$out/work" || die "publishing the daemon without its $what failed"
        install -m 0755 "$out/out/Chasqui.Cli" "$out/chasqui"
        mv "$out/.stamp.new" "$out/.stamp"
    fi
    without=$out/chasqui
}

# Whether one of the words says that nothing is to be measured, or only a little.
has_word() { [[ " ${*:2} " == *" $1 "* ]]; }

bench() {
    local program=$root/artifacts/bin/Chasqui.Compare/release/Chasqui.Compare flavour without
    # Under sudo everything has been built by the user before.
    if [[ -z ${SUDO_USER:-} || ! -x $program || -z ${DOTNET_ROOT:-} ]]; then
        require_dotnet
        DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")")
        export DOTNET_ROOT
        build_quietly "bench/Chasqui.Compare" || die "the bench does not build"
        if has_word --help "$@" || has_word -h "$@" || has_word --render "$@"; then exec "$program" "$@"; fi
        "$program" --help "$@" >/dev/null || exit 1 # a wrong option is told before minutes of publishing
        flavour=$(best_flavour)
        [[ -n ${CHASQUI:-} ]] || export CHASQUI_FLAVOUR=$flavour
        provide_daemon "$flavour"
        if has_word --diagnostics "$@"; then
            publish_without counters ChasquiUncounted "$flavour"
            export CHASQUI_UNCOUNTED=$without
        elif ! has_word --quick "$@"; then
            publish_without cipher ChasquiNullCipher "$flavour"
            export CHASQUI_NULL=$without
        fi
        WIREGUARD_GO=$("$root/bench/wireguard-go.sh") || WIREGUARD_GO=
        export WIREGUARD_GO
    fi
    run_as_root "$program" "lab wireguard rivals charts" "$@"
}

# ---- Soak and flood -------------------------------------------------------------------------------------------------

# siege WHAT GROUPS [OPTION...]: the program of bench/Chasqui.Siege, whose first word is WHAT.
siege() {
    local program=$root/artifacts/bin/Chasqui.Siege/release/Chasqui.Siege tools=$2
    set -- "$1" "${@:3}"
    # Under sudo everything has been built by the user before.
    if [[ -z ${SUDO_USER:-} || ! -x $program || -z ${DOTNET_ROOT:-} ]]; then
        require_dotnet
        DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")")
        export DOTNET_ROOT
        build_quietly "bench/Chasqui.Siege" || die "the program does not build"
        if has_word --help "$@" || has_word -h "$@"; then exec "$program" "$@"; fi
        "$program" "$@" --help >/dev/null || exit 1 # a wrong option is told before minutes of publishing
        provide_daemon
    fi
    if ((EUID == 0)); then
        run_as_root "$program" "$tools" "$@"
    else
        run_as_root "$program" "$tools" "${@:2}" # sudo starts this script, which says the first word itself
    fi
}

soak() { siege soak "lab wireguard" "$@"; }

flood() {
    if [[ -z ${SUDO_USER:-} || -z ${WIREGUARD_GO:-} ]] && ! has_word --help "$@" && ! has_word -h "$@"; then
        WIREGUARD_GO=$("$root/bench/wireguard-go.sh") || WIREGUARD_GO=
        export WIREGUARD_GO
    fi
    siege flood "lab wireguard" "$@"
}

# ---- Micro benchmarks and counts ------------------------------------------------------------------------------------

micro() {
    local program=$root/artifacts/bin/Chasqui.Benchmarks/release/Chasqui.Benchmarks results=$root/artifacts/micro filters=('*') code=0
    require_dotnet
    if [[ ${1:-} == bar ]]; then
        shift
        aead_bar "$@"
        return
    fi
    build_quietly "bench/Chasqui.Benchmarks" || die "the benchmarks do not build"
    (($# == 0)) || filters=("${@/#/*}") filters=("${filters[@]/%/*}")
    rm -rf "$results/results"
    mkdir -p "$results"
    CHASQUI_MICRO_RESULTS=$results "$program" --filter "${filters[@]}" </dev/null || code=$?
    ((code == 0)) || die "the benchmarks ended with code $code"
    join_reports "$results/results" >"$results/results.md"
    say "artifacts/micro/results.md"
}

# One page of BenchmarkDotNet's reports: the machine once, then each class's table.
join_reports() {
    local file name machine=yes fence=$'\x60\x60\x60'
    for file in "$1"/*-report-github.md; do
        name=${file##*/}
        [[ -z $machine ]] || sed -n "/^$fence/,/^$fence/p" "$file"
        machine=
        name=${name%-report-github.md}
        printf '\n## %s\n\n' "${name##*.}"
        sed "/^$fence/,/^$fence/d" "$file"
    done
}

# A program of bench/ as a native binary of a flavour, in a folder.
publish_program() {
    publish_native "bench/$1" "$(native_rid)" "$3" "$2" "-p:ArtifactsPath=$2-work" || die "$1 does not build"
}

# Once for the default binary, and once more for the flavour that is fastest here if that is another.
aead_bar() {
    local work=$root/artifacts/micro/bar flavour flavours=("")
    flavour=$(best_flavour)
    [[ -z $flavour ]] || flavours+=("$flavour")
    for flavour in "${flavours[@]}"; do publish_program Chasqui.AeadBar "$work/${flavour:-default}" "$flavour"; done
    for flavour in "${flavours[@]}"; do "$work/${flavour:-default}/Chasqui.AeadBar" "$@"; done | tee "$work.md"
}

# Does the time of what touches secrets tell them? The binary that is shipped decides, not what a JIT makes of it.
timing() {
    local out=$root/artifacts/timing seconds=${1:-10}
    require_number "timing: SECONDS" "$seconds"
    require_dotnet
    publish_program Chasqui.Timing "$out" ""
    mkdir -p "$root/docs/security"
    "$out/Chasqui.Timing" "$seconds" "$root/docs/security/timing.jsonl"
}

record_counts() {
    local name=Chasqui.System.Tests
    ((EUID == 0)) || die "the counts are taken between network namespaces: run this as root"
    require_dotnet
    need linker lab peers inspection
    provide_daemon
    build_quietly "tests/$name" || die "the tests do not build"
    CHASQUI_RECORD_COUNTS=1 "$root/artifacts/bin/$name/release/$name" -noLogo -noColor -showLiveOutput -class '*.CountingTests' </dev/null ||
        die "nothing is recorded"
    say "tests/$name/recorded-counts.txt: look at the difference, and commit it with what has caused it"
}

# ---- Fuzzing -------------------------------------------------------------------------------------------------------

# The program that was built is copied, and the copy's libraries are instrumented: nothing else ever sees those.
fuzz() {
    local program=$root/artifacts/bin/Chasqui.Fuzz/release/Chasqui.Fuzz instrumented=$root/artifacts/fuzz
    require_dotnet
    build_quietly "fuzz/Chasqui.Fuzz" || die "the fuzzing program does not build"
    (($# > 0)) || exec "$program"
    "$program" instrument "$instrumented" || die "the libraries could not be instrumented"
    [[ $1 == afl ]] && fuzz_by_afl "$instrumented/Chasqui.Fuzz" "${@:2}"
    exec "$instrumented/Chasqui.Fuzz" "$@"
}

# The same target, driven by Debian's afl++ in place of our own loop.
fuzz_by_afl() {
    local program=$1 target=${2:-} seconds=${3:-60} corpus=$root/artifacts/afl/in/${2:-} out=$root/artifacts/afl/out/${2:-}
    [[ -n $target ]] || die "fuzz afl: which target? ./build.sh fuzz lists them"
    "$program" | grep -q "^  $target " || die "fuzz afl: no target $target; ./build.sh fuzz lists them"
    require_number "fuzz afl: SECONDS" "$seconds"
    need afl
    mkdir -p "$corpus" "$out"
    cp -f "$root/fuzz/corpus/$target"/* "$corpus" 2>/dev/null || printf 'x' >"$corpus/x"
    AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 \
        afl-fuzz -i "$corpus" -o "$out" -t 10000 -m none -V "$seconds" -- "$program" child-of-afl "$target" >"$out/log" 2>&1 ||
        die "afl-fuzz failed: $out/log"
    grep -E '^(execs_done|execs_per_sec|edges_found|corpus_count|saved_crashes|saved_hangs)' "$out/default/fuzzer_stats"
    if compgen -G "$out/default/crashes/id*" >/dev/null; then
        die "found: $out/default/crashes; again: ./build.sh fuzz $target FILE"
    fi
    exit 0
}

# ---- Simulation ----------------------------------------------------------------------------------------------------

simulate() {
    local program=$root/artifacts/bin/Chasqui.Core.Tests/release/Chasqui.Core.Tests seconds=${1:-600} seed=${2:-$((RANDOM * 32768 + RANDOM))}
    require_number "simulate: SECONDS" "$seconds"
    require_number "simulate: SEED" "$seed"
    require_dotnet
    build_quietly "tests/Chasqui.Core.Tests" || die "the simulator does not build"
    mkdir -p "$root/docs/security"
    CHASQUI_SIMULATE_SECONDS=$seconds CHASQUI_SIMULATE_SEED=$seed CHASQUI_SIMULATE_RESULT=$root/docs/security/simulation.json \
        "$program" -noLogo -noColor -showLiveOutput -class '*LongWalkTests'
}

figures() {
    require_dotnet
    build_quietly "tests/Chasqui.Tests" || die "the tests do not build"
    CHASQUI_WRITE_FIGURES=1 "$root/artifacts/bin/Chasqui.Tests/release/Chasqui.Tests" -noLogo -noColor -class '*.SecurityDocumentTests' >/dev/null ||
        die "docs/security.md: ./build.sh test says what is wrong"
    say "docs/security.md is what docs/security says"
}

# ---- The public surface --------------------------------------------------------------------------------------------

# Written anew, so that what is gone goes; what a release has shipped stays where it is.
list_api() {
    local file
    require_dotnet
    for file in "$root"/src/*/PublicAPI.Unshipped.txt; do
        echo '#nullable enable' >"$file"
        say "${file#"$root"/}"
        dotnet format analyzers "${file%/*}" --diagnostics RS0016 --severity warn || die "the public members could not be listed"
    done
}

command=${1:---help}
shift || true
case $command in
    demo) demo ;;
    test) test_all ;;
    publish) publish "$@" ;;
    install) install_all "$@" ;;
    uninstall) uninstall_all "$@" ;;
    package) package ;;
    bench) bench "$@" ;;
    soak) soak "$@" ;;
    flood) flood "$@" ;;
    micro) micro "$@" ;;
    record-counts) record_counts ;;
    fuzz) fuzz "$@" ;;
    figures) figures ;;
    timing) timing "$@" ;;
    simulate) simulate "$@" ;;
    api) list_api ;;
    format) require_dotnet; dotnet format "$solution" ;;
    help | -h | --help) usage ;;
    *) usage >&2; die "unknown command $command" ;;
esac
