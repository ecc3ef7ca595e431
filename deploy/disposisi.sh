#!/bin/sh
# To be installed as /usr/local/bin/disposisi: the command as the service runs it, with its user, settings and folder.
# Called without them it would find no PostgreSQL, and begin a new SQLite store.
set -eu
[ "$(id -un)" = disposisi ] || exec sudo -u disposisi -- "$0" "$@"
umask 027
cd /var/lib/disposisi
if [ -e /etc/disposisi.env ]; then
  set -a
  . /etc/disposisi.env
  set +a
fi
exec /opt/disposisi/bin/disposisi "$@"
