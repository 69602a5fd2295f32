# shellcheck shell=bash
# Putting Chasqui onto a machine, taking it away again, and its Debian package. Sourced by build.sh.

readonly packaging=$root/packaging
readonly stock_names="wg wg-quick wireguard-go"

# What an installation below a prefix consists of: "mode source destination" a line, destinations relative to it.
# The second word is the binary's flavour, if it is not the default one.
installed_files() {
    local page zsh=share/zsh/site-functions flavour=${2:-}
    [[ $1 != /usr ]] || zsh=share/zsh/vendor-completions
    echo "0755 $publish_dir/$(native_rid)${flavour:+-$flavour}/chasqui bin/chasqui"
    for page in "$packaging"/man/*.8; do
        echo "0644 $page share/man/man8/${page##*/}"
    done
    echo "0644 $packaging/completion/chasqui.bash share/bash-completion/completions/chasqui"
    echo "0644 $packaging/completion/_chasqui $zsh/_chasqui"
    echo "0644 $packaging/completion/chasqui.fish share/fish/vendor_completions.d/chasqui.fish"
    echo "0644 $packaging/systemd/chasqui@.service lib/systemd/system/chasqui@.service"
    echo "0644 $packaging/systemd/chasqui.target lib/systemd/system/chasqui.target"
}

# The words of "install" and "uninstall": [--links] [PREFIX] [DESTDIR].
read_install_words() {
    links=
    if [[ ${1:-} == --links ]]; then
        links=1
        shift
    fi
    (($# <= 2)) || die "too many words: install [--links] [PREFIX] [DESTDIR]"
    prefix=${1:-${PREFIX:-/usr/local}}
    destdir=${2:-${DESTDIR:-}}
    [[ $prefix == /* ]] || die "the prefix $prefix is no absolute path, such as /usr/local"
}

# Without DESTDIR the binary is for this machine, and may be the fastest one; what is staged may go to another.
install_all() {
    local links prefix destdir flavour=
    read_install_words "$@"
    [[ -n $destdir ]] || flavour=$(best_flavour)
    publish "$(native_rid)" "$flavour"
    copy_files "$prefix" "$destdir" "$flavour"
    [[ -z $links ]] || make_links "$prefix" "$destdir"
    say "installed below $destdir$prefix: bin/chasqui, manual pages, completion, systemd units"
    [[ -n $destdir || ! -d /run/systemd/system ]] || systemctl daemon-reload
    [[ -n $destdir ]] || make_group
    say "begin with: chasqui new wg0"
}

# Members may ask the daemons for their state, and change peers, without root. Nobody is in it at first, and it stays.
make_group() {
    if getent group chasqui >/dev/null; then
        return 0
    elif has_command groupadd && groupadd --system chasqui 2>/dev/null; then
        say "made the group chasqui, whose members may ask daemons that start from now on: usermod -aG chasqui USER"
    else
        say "no group chasqui was made: only root may ask the daemons (groupadd --system chasqui, as root, makes it)"
    fi
}

copy_files() {
    local prefix=$1 destdir=$2 flavour=${3:-} mode source target
    while read -r mode source target; do
        mkdir -p "$destdir$prefix/${target%/*}"
        sed_units "$prefix" "$source" | write_new "$mode" "$destdir$prefix/$target"
    done < <(installed_files "$prefix" "$flavour")
}

# Units name the program by its path; everything else is copied as it is.
sed_units() {
    case $2 in
        *.service) sed "s|@BINDIR@|$1/bin|g" "$2" ;;
        *) cat "$2" ;;
    esac
}

# A running program's file cannot be written, but another may take its name.
write_new() {
    local mode=$1 target=$2
    cat >"$target.new"
    chmod "$mode" "$target.new"
    mv -f "$target.new" "$target"
}

# Stock's names for our program, where nobody else has them.
make_links() {
    local prefix=$1 destdir=$2 name there
    for name in $stock_names; do
        there=$(command -v "$name" || true)
        if [[ -e $destdir$prefix/bin/$name || -L $destdir$prefix/bin/$name ]]; then
            say "$destdir$prefix/bin/$name is there already, and stays"
        elif [[ -z $destdir && -n $there ]]; then
            say "$there is there already: no link $prefix/bin/$name"
        else
            ln -s chasqui "$destdir$prefix/bin/$name"
        fi
    done
}

uninstall_all() {
    local links prefix destdir name target
    read_install_words "$@"
    while read -r _ _ target; do
        rm -f "$destdir$prefix/$target"
    done < <(installed_files "$prefix")
    for name in $stock_names; do
        [[ $(readlink "$destdir$prefix/bin/$name" 2>/dev/null) != chasqui ]] || rm -f "$destdir$prefix/bin/$name"
    done
    [[ -n $destdir || ! -d /run/systemd/system ]] || systemctl daemon-reload
    say "uninstalled from $destdir$prefix; what is in /etc/wireguard stays"
}

# ---- The Debian package --------------------------------------------------------------------------------------------

version_of_sources() { sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' "$root/Directory.Build.props"; }

debian_architecture() { case $(native_rid) in linux-x64) echo amd64 ;; linux-arm64) echo arm64 ;; esac; }

package() {
    local version architecture name stage
    has_command dpkg-deb || die "dpkg-deb is not installed (apt-get install dpkg), and makes the package"
    version=$(version_of_sources)
    architecture=$(debian_architecture)
    name=chasqui_${version}_$architecture
    stage=$root/artifacts/package/$name
    publish
    rm -rf "$stage"
    mkdir -p "$stage/DEBIAN"
    (umask 022 && copy_files /usr "$stage" && add_debian_files "$stage")
    write_control "$stage" "$version" "$architecture"
    # The same sources give the same bytes: files are as old as the commit.
    SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)} \
        dpkg-deb --root-owner-group -Zxz --build "$stage" "$root/artifacts/package/$name.deb" >/dev/null
    rm -rf "$stage"
    say "artifacts/package/$name.deb: $(stat -c %s "$root/artifacts/package/$name.deb") bytes"
}

# What a package has beyond an installation: links for those who want stock's names, and its documents.
add_debian_files() {
    local stage=$1 name doc=$1/usr/share/doc/chasqui
    mkdir -p "$stage/usr/lib/chasqui/links" "$doc"
    for name in $stock_names; do
        ln -s ../../../bin/chasqui "$stage/usr/lib/chasqui/links/$name"
    done
    gzip -9n "$stage"/usr/share/man/man8/*.8
    cp "$root/README.md" "$doc/README.md"
    cp "$root/LICENSE" "$doc/copyright"
    gzip -9nc "$root/CHANGELOG.md" >"$doc/changelog.gz"
    install -m 0755 "$packaging"/deb/{postinst,prerm,postrm} "$stage/DEBIAN/"
}

write_control() {
    local stage=$1 version=$2 architecture=$3
    sed -e "s|@VERSION@|$version|" -e "s|@ARCHITECTURE@|$architecture|" \
        -e "s|@SIZE@|$(du -sk --exclude=DEBIAN "$stage" | cut -f1)|" "$packaging/deb/control" >"$stage/DEBIAN/control"
    (cd "$stage" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
}
