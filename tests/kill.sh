#!/usr/bin/env bash
# Ends trainings at random moments, as a service manager would, and looks whether something is left to
# load each time: on the command line, and in the window on a virtual display. Every second one is ended
# only after it was seen to learn, and must leave something. Of the others each that leaves nothing must
# prove that it had not begun to learn.
#
#   tests/kill.sh PROGRAM [TIMES]
set -euo pipefail

program=$(realpath "$1")
times=${2:-30}
work=$(mktemp -d)
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
  echo "kill.sh: $*" >&2
  tail -n 20 "$work"/stderr >&2
  exit 1
}

# Seconds between $1 and $2, with hundredths.
between() { awk -v from="$1" -v to="$2" -v seed="$RANDOM$RANDOM" 'BEGIN { srand(seed); printf "%.2f", from + (to - from) * rand() }'; }

# Waits for $app to end, at most 5 min: a busy machine is slow. Its status.
ended() {
  for _ in $(seq 3000); do
    kill -0 "$app" 2>/dev/null || break
    sleep 0.1
  done
  ! kill -0 "$app" 2>/dev/null || fail "still runs 5 min after it was asked to end"
  status=0
  wait "$app" || status=$?
  app=
}

# Whether the model files among the arguments load; they must not be empty.
loads() {
  for model in "$@"; do
    "$program" inspect "$model" "$work/samples/washer/test" --device cpu --iterations 1 --pictures none \
      --out "$work/results" >/dev/null 2>"$work/stderr" || fail "$model does not load"
  done
}

"$program" sample-data "$work/samples" >/dev/null 2>&1
data=$work/samples/washer

# Waits until a line of file $1 matches $2, at most 5 min.
seen() {
  for _ in $(seq 3000); do
    grep -q "$2" "$1" 2>/dev/null && return
    kill -0 "$app" 2>/dev/null || break
    sleep 0.1
  done
  fail "waited in vain for \"$2\""
}

learned=0 early=0 unlearned=0
for ((i = 1; i <= times; i++)); do
  rm -rf "$work/models"
  "$program" train "$data" --out "$work/models/m.safetensors" --size 64 --width 4 --time-budget 10m \
    --device cpu --json >"$work/stdout" 2>"$work/stderr" &
  app=$!
  if ((i % 2)); then
    seen "$work/stdout" '"event":"progress"'
    sleep "$(between 0 4)"
  else
    sleep "$(between 0.3 3)"
  fi
  kill -TERM "$app"
  ended
  if ((status == 0)); then
    loads "$work/models"/*.safetensors
    ((i % 2)) && learned=$((learned + 1)) || early=$((early + 1))
  else
    grep -q "nothing was saved" "$work/stderr" || fail "status $status"
    ! grep -q '"event":"progress"' "$work/stdout" || fail "it had learned, and nothing was saved"
    unlearned=$((unlearned + 1))
  fi
done
echo "kill.sh: command line: $learned ended while they learned, each left a model; of $((early + unlearned))" \
  "ended earlier $early left a model, $unlearned had not begun to learn"

Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
xvfb=$!
for _ in $(seq 100); do
  [[ -s $work/display ]] && break
  sleep 0.1
done
DISPLAY=:$(cat "$work/display")
export DISPLAY
unset WAYLAND_DISPLAY WAYLAND_SOCKET

learned=0 early=0 unlearned=0
for ((i = 1; i <= times; i++)); do
  rm -rf "$work"/home
  mkdir -p -m 700 "$work"/home/{config,data,cache,state,runtime}
  XDG_CONFIG_HOME=$work/home/config XDG_DATA_HOME=$work/home/data XDG_CACHE_HOME=$work/home/cache \
    XDG_STATE_HOME=$work/home/state XDG_RUNTIME_DIR=$work/home/runtime \
    "$program" --data "$data" --device cpu 2>"$work/stderr" >/dev/null &
  app=$!
  window=
  for _ in $(seq 300); do
    window=$(xdotool search --onlyvisible --name Kizumi 2>/dev/null | head -n 1) && [[ -n $window ]] && break
    sleep 0.2
  done
  sleep 1
  xdotool windowfocus --sync "$window"
  # The palette of commands starts the training.
  xdotool key --delay 80 ctrl+p
  sleep 0.4
  xdotool type --delay 40 "start training"
  xdotool key --delay 80 Return
  log=$work/home/state/kizumi/kizumi.log
  if ((i % 2)); then
    seen "$log" "training begins"
    sleep "$(between 1 5)"
  else
    # A training that was asked for has taken the name of its autosave.
    for _ in $(seq 100); do
      compgen -G "$work/home/data/kizumi/models/*.autosave-*" >/dev/null && break
      sleep 0.1
    done
    compgen -G "$work/home/data/kizumi/models/*.autosave-*" >/dev/null || fail "no training was asked for"
    sleep "$(between 0 2)"
  fi
  kill -TERM "$app"
  ended
  ((status == 0)) || fail "the window ended with status $status"
  shopt -s nullglob
  models=("$work"/home/data/kizumi/models/*.safetensors)
  if ((${#models[@]} > 0)); then
    loads "${models[@]}"
    ((i % 2)) && learned=$((learned + 1)) || early=$((early + 1))
  else
    grep -q "nothing of the training is kept: it has seen 0 images" "$log" ||
      fail "nothing is left of a training that may have learned"
    unlearned=$((unlearned + 1))
  fi
done
((learned > 0)) || fail "no window was ended while it learned"
echo "kill.sh: window: $learned ended after training began left a model or an autosave, $early ended earlier" \
  "did; $unlearned had not begun to learn, as their logs say"
