# Helpers of the command line tests. MIA_BUILD names the build folder (ctest sets it; else build/debug).
# shellcheck shell=bash

bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
MIA_BUILD=${MIA_BUILD:-$ROOT/build/debug}
PROGRAMME=$ROOT/proto/programme/mia.ini
export PATH="$MIA_BUILD/client:$PATH"
# What the machine or the person has set must not decide what a test sees.
unset MIA_SOCKET MIA_AT LANGUAGE LC_ALL LC_MESSAGES COLUMNS NO_COLOR
export LANG=C.UTF-8 TERM=dumb MIA_CONF=/nonexistent

# Runs mia, stdout and stderr apart: $output, $stderr, $status.
mia() { run --separate-stderr command mia "$@"; }

# Complains with everything there is to know, and fails.
complain() {
	# shellcheck disable=SC2154 # run --separate-stderr sets stderr
	printf '%s\nstatus: %s\nstdout: %s\nstderr: %s\n' "$1" "$status" "$output" "${stderr-}" >&2
	return 1
}

exits() { [ "$status" -eq "$1" ] || complain "exit $status instead of $1"; }
says() { [[ $output == *"$1"* ]] || complain "stdout does not say: $1"; }
says_not() { [[ $output != *"$1"* ]] || complain "stdout says: $1"; }
complains() { [[ $stderr == *"$1"* ]] || complain "stderr does not say: $1"; }
complains_not() { [[ $stderr != *"$1"* ]] || complain "stderr says: $1"; }
silent() { [ -z "$output" ] || complain "stdout should be empty"; }
# holds FILTER: the answer is JSON, and jq's filter is true of it.
holds() { jq -e "$1" <<<"$output" >/dev/null || complain "JSON without: $1"; }
# Three lines: code and what, why, what to do now.
three_lines() {
	[[ $(wc -l <<<"$stderr") = 3 && $stderr == "$1 "* ]] || complain "not three lines beginning with $1"
}
# Columns of the widest line of the answer.
widest() { wc -L <<<"$output"; }
# eventually COMMAND: until it is good, at most half a minute.
eventually() {
	local end=$((SECONDS + 30))
	until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || { complain "in vain: $*"; return 1; }; done
}
mode_of() { stat -c %a "$1"; }

# ---- a county ----
# county_make SITE... makes keys, programme, roster, hub and sites in $COUNTY; county_start runs them, county_stop ends them.

free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# A signed programme and its key in $COUNTY.
programme_make() {
	COUNTY=${COUNTY:-$BATS_TEST_TMPDIR/county}
	mkdir -p "$COUNTY"
	cp "$PROGRAMME" "$COUNTY/mia.ini"
	[ -e "$COUNTY/programme.key" ] || command mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key --plain-key >/dev/null
}

# room_make OWNER: the rehearsal room of a site or the hub.
room_make() {
	local endpoint="tcp://127.0.0.1:$PORT" who=(site "$1" --hub "tcp://127.0.0.1:$PORT")
	[ "$1" != hub ] || who=(hub --listen "$endpoint")
	command mia init "${who[@]}" --rehearsal --dir "$COUNTY/$1" --programme "$COUNTY/mia.ini" \
		--programme-key "$COUNTY/programme.key.pub" --roster "$COUNTY/roster.ini" >/dev/null
}

county_make() {
	local site cards=()
	programme_make
	PORT=$(free_port)
	printf '%s\n' hub "$@" >"$COUNTY/rooms"
	for site in hub "$@"; do
		room_make "$site"
		cards+=("$COUNTY/$site/identity.ini")
	done
	command mia roster build "${cards[@]}" --out "$COUNTY/roster.ini" >/dev/null
	command mia programme sign "$COUNTY/roster.ini" --key "$COUNTY/programme.key" >/dev/null
}

rooms() { cat "$COUNTY/rooms"; }
socket_of() { echo "$COUNTY/$1/run/control"; }

room_start() {
	local role=site
	[ "$1" != hub ] || role=hub
	mkdir -p "$COUNTY/$1/run"
	"$MIA_BUILD/daemon/miad-$role" --config "$COUNTY/$1/miad.conf" >"$COUNTY/$1.log" 2>&1 3>&- &
	echo $! >"$COUNTY/$1.pid"
}

# The socket is there when the daemon is ready; a daemon that ended never will be.
room_ready() {
	until [ -S "$(socket_of "$1")" ]; do
		kill -0 "$(cat "$COUNTY/$1.pid")" || { cat "$COUNTY/$1.log" >&2; return 1; }
	done
	command mia wait --until ready --timeout 30 --socket "$(socket_of "$1")" >/dev/null
}

county_start() {
	local room
	for room in $(rooms); do room_start "$room"; done
	for room in $(rooms); do room_ready "$room"; done
}

room_stop() {
	local pid
	[ -f "$COUNTY/$1.pid" ] || return 0
	pid=$(cat "$COUNTY/$1.pid")
	rm -f "$COUNTY/$1.pid"
	kill "$pid" 2>/dev/null || return 0
	tail --pid="$pid" -f /dev/null
}

county_stop() {
	local room
	[ -f "$COUNTY/rooms" ] || return 0
	for room in $(rooms); do room_stop "$room"; done
}

# at ROOM: the mia commands that follow ask this room's daemon.
at() { MIA_SOCKET=$(socket_of "$1") && export MIA_SOCKET; }

# clock_set MOMENT: every room's clock.
clock_set() {
	local room
	for room in $(rooms); do command mia clock set "$1" --socket "$(socket_of "$room")" >/dev/null; done
}
