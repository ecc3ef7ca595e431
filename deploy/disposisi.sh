#!/bin/sh
# Install as /usr/local/bin/disposisi. Runs the command with the user, settings and folder of the service. Without
# them it would not find the PostgreSQL database and would create a new SQLite store.
set -eu
[ "$(id -un)" = disposisi ] || exec sudo -u disposisi -- "$0" "$@"
umask 027
cd /var/lib/disposisi
# Not sourced: systemd takes everything after "=" literally, but a shell would interpret "&" and spaces.
if [ -e /etc/disposisi.env ]; then
  number=0
  while read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    case $line in
      '' | '#'* | ';'*) continue ;;
    esac
    name=${line%%=*}
    case $name in
      "$line" | '' | *[!A-Za-z0-9_]*)
        echo "/etc/disposisi.env:$number: not NAME=VALUE. Write one setting a line, without export." >&2
        exit 78 ;;
    esac
    value=${line#*=}
    case $value in
      \"*\") value=${value#\"}; value=${value%\"} ;;
      \'*\') value=${value#\'}; value=${value%\'} ;;
    esac
    export "$name=$value"
  done < /etc/disposisi.env
fi
exec /opt/disposisi/bin/disposisi "$@"
