# show_progress <label>: turns lines "<percent> <text>" on stdin into one line that renews itself on a terminal, and
# into a line for each ten percent elsewhere.
show_progress() {
  local label=$1 begin=$SECONDS percent text shown=-1 columns=80 took
  if [ -t 1 ]; then columns=$(tput cols 2>/dev/null || echo 80); fi
  while read -r percent text; do
    took=$((SECONDS - begin))
    if [ -t 1 ]; then
      printf '\r\033[K%.*s' "$((columns - 1))" \
        "$(printf '  %s %3d %%  %d:%02d  %s' "$label" "$percent" $((took / 60)) $((took % 60)) "$text")"
    elif [ $((percent / 10)) -gt "$shown" ]; then
      shown=$((percent / 10))
      printf '  %s %3d %%  %d:%02d\n' "$label" "$percent" $((took / 60)) $((took % 60))
    fi
  done
  if [ -t 1 ]; then printf '\r\033[K'; fi
}
