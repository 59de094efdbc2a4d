#!/bin/sh
# Runs in the sandbox: Xvnc on the socket that came as standard input, and XFCE on its display.
# Ends when Xvnc ends, and the sandbox with it. Arguments: geometry, whether a viewer may resize.
geometry=$1 resize=$2
# What may be changed while it runs: with the first, a recording locks the size of the screen.
override=
[ "$resize" = 1 ] && override=AcceptSetDesktopSize

# `&` takes standard input away from what it starts, so the socket moves aside first.
exec 5<&0 0</dev/null
Xvnc :1 -inetd -rfbport -1 -nolisten tcp -nolisten local -auth "$XAUTHORITY" \
  -SecurityTypes None -UseBlacklist=0 -AlwaysShared -AcceptSetDesktopSize="$resize" \
  -AllowOverride="$override" \
  -geometry "$geometry" -depth 24 -desktop desktop -s 0 -noreset -Log '*:stdout:30' <&5 5<&- &
xvnc=$!
exec 5<&-
until [ -S /tmp/.X11-unix/X1 ]; do
  kill -0 $xvnc 2>/dev/null || exit 1
  sleep 0.02
done

# Signals everything but Xvnc and what runs this script.
signal_others() {
  read -r self _ </proc/self/stat
  for process in /proc/[0-9]*; do
    case ${process#/proc/} in
      1 | $$ | "$self" | "$xvnc") ;;
      *) kill "-$1" "${process#/proc/}" ;;
    esac
  done 2>/dev/null
}

# Whoever logs out gets a new session; the desktop itself ends from outside. Where memory runs out
# the programs go before Xvnc, which holds the connection.
while kill -0 $xvnc 2>/dev/null; do
  choom -n 800 -- dbus-run-session -- xfce4-session
  signal_others KILL
  sleep 1
done &

# Asked to end: programs have two seconds to save what they can while they still have a display.
end() {
  trap '' TERM
  signal_others TERM
  signal_others HUP
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    set -- /proc/[0-9]*
    [ $# -le 3 ] && break
    sleep 0.1
  done
  exit 0
}
trap end TERM
wait $xvnc
