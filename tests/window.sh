#!/usr/bin/env bash
# Opens the real window on a virtual display, looks at it, presses a key and closes it.
#
#   tests/window.sh PROGRAM DATA [SCREENSHOT.png]
#
# PROGRAM is the built binary, DATA the folder it opens. Settings of the person running this are
# neither read nor written.
set -euo pipefail

program=$1
data=$2
shot=${3:-}
work=$(mktemp -d)
shot=${shot:-$work/window.png}
app=
xvfb=

finish() {
  status=$?
  trap - EXIT
  for pid in $app $xvfb; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT

fail() {
  echo "window.sh: $*" >&2
  if [[ -s $work/stderr ]]; then
    echo "--- end of the program's stderr" >&2
    tail -n 40 "$work/stderr" >&2
  fi
  exit 1
}

# Tries a command until it succeeds: wait_for SECONDS COMMAND...
wait_for() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.5
  done
}

running() { kill -0 "$app" 2>/dev/null; }
ended() { ! running; }
display_known() { [[ -s $work/display ]]; }
window_open() {
  running || fail "the program ended before its window appeared"
  window=$(xdotool search --onlyvisible --name Kizumi 2>/dev/null | head -n 1) && [[ -n $window ]]
}
# A drawn window has text and edges; an empty one has one colour, or two.
window_drawn() {
  running || fail "the program ended before it had drawn anything"
  import -window "$window" "$shot" 2>/dev/null || return 1
  colours=$(identify -format %k "$shot")
  ((colours >= 8))
}

Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$work/display" 2>"$work/xvfb" &
xvfb=$!
wait_for 30 display_known || fail "Xvfb did not start: $(cat "$work/xvfb")"
DISPLAY=:$(cat "$work/display")
export DISPLAY
unset WAYLAND_DISPLAY WAYLAND_SOCKET

mkdir -m 700 "$work"/{config,data,cache,state,runtime}
XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_CACHE_HOME=$work/cache \
  XDG_STATE_HOME=$work/state XDG_RUNTIME_DIR=$work/runtime \
  "$program" --data "$data" 2>"$work/stderr" &
app=$!

wait_for 60 window_open || fail "no window called Kizumi within 60 s"
wait_for 60 window_drawn || fail "the window stayed empty for 60 s: ${colours:-no} colours"
echo "window.sh: the window shows $colours colours"

# There is no window manager to give it the focus.
xdotool windowfocus --sync "$window" key Right
sleep 1
running || fail "the program ended on a key press"

"$(dirname "$0")/close_window.py" "$window"
wait_for 30 ended || fail "the program still runs 30 s after its window was asked to close"
status=0
wait "$app" || status=$?
app=
((status == 0)) || fail "the program ended with status $status"
if grep -q "panicked at" "$work/stderr"; then
  fail "the program panicked"
fi
echo "window.sh: closed cleanly"
