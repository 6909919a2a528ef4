#!/bin/sh
# Stands in for systemctl: answers with what a real one said (*.show, *.cat), and for one process as a unit is stopped.
. "$(dirname "$0")/where"
while [ "${1#--}" != "$1" ]; do shift; done
verb=$1
unit=
for unit; do :; done
[ "$verb" = show ] || [ "$verb" = cat ] || echo "$*" >> "$units/asked"
if [ -e "$units/refuses.$verb" ]; then cat "$units/refuses.$verb" >&2; exit 1; fi
pid=$(cat "$units/$unit.pid" 2>/dev/null)
[ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || pid=
case $verb in
  show)
    [ -e "$units/$unit.show" ] || { echo LoadState=not-found; exit 0; }
    state=inactive; [ -n "$pid" ] && state=active
    sed "s/^MainPID=.*/MainPID=${pid:-0}/; s/^ActiveState=.*/ActiveState=$state/; s/^UnitFileState=.*/UnitFileState=$(cat "$units/$unit.enabled")/" "$units/$unit.show" ;;
  cat) cat "$units/$unit.cat" ;;
  disable) echo disabled > "$units/$unit.enabled" ;;
  stop)
    [ -n "$pid" ] || exit 0
    kill -TERM "$pid"
    while kill -0 "$pid" 2>/dev/null && [ "$(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null)" != Z ]; do sleep 0.05; done ;;
  daemon-reload) ;;
  enable | start)
    [ -e "$units/$unit.show" ] || { echo "Unit $unit could not be found." >&2; exit 5; }
    if [ -x "$units/$unit.start" ]; then "$units/$unit.start" > /dev/null 2>&1; fi
    exit 0 ;;
  *) echo "Unknown command verb $verb." >&2; exit 1 ;;
esac
