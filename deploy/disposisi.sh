#!/bin/sh
# To be installed as /usr/local/bin/disposisi: the command as the service runs it, with its user, settings and folder.
# Called without them it would find no PostgreSQL, and begin a new SQLite store.
set -eu
[ "$(id -un)" = disposisi ] || exec sudo -u disposisi -- "$0" "$@"
umask 027
cd /var/lib/disposisi
# systemd reads the same file and takes what stands after "=" as it is: a shell would run "&" and what follows a space.
if [ -e /etc/disposisi.env ]; then
  while read -r line || [ -n "$line" ]; do
    case $line in
      '' | '#'* | ';'*) continue ;;
      *=*) ;;
      *) echo "/etc/disposisi.env: a line that is no NAME=VALUE" >&2; exit 78 ;;
    esac
    name=${line%%=*}
    value=${line#*=}
    case $value in
      \"*\") value=${value#\"}; value=${value%\"} ;;
      \'*\') value=${value#\'}; value=${value%\'} ;;
    esac
    export "$name=$value"
  done < /etc/disposisi.env
fi
exec /opt/disposisi/bin/disposisi "$@"
