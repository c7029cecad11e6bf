load lib.bash

# One county for all: two of the programme's six sites report May 2018, the others never do.
setup_file() {
	export COUNTY=$BATS_FILE_TMPDIR/county
	local site
	county_make sodertalje varna
	county_start
	clock_set 2018-06-01
	for site in sodertalje:0181:12 varna:0136:7; do
		IFS=: read -r name municipality n <<<"$site"
		{
			echo 'Löpnummer;Kön;Födelsedatum;Kommun;Inskrivningsdatum'
			seq "$n" | sed "s/.*/&;Man;1988-05-06;$municipality;2018-05-14/"
		} >"$COUNTY/$name.csv"
		command mia import "$COUNTY/$name.csv" --apply --socket "$(socket_of "$name")" >/dev/null
		command mia close 2018-05 --yes --socket "$(socket_of "$name")" >/dev/null
	done
	clock_set 2018-06-02
	for name in sodertalje varna; do
		command mia wait --until received --timeout 60 --socket "$(socket_of "$name")" >/dev/null
	done
	clock_set 2018-06-15 # May is now over for everybody
}

teardown_file() { county_stop; }

ANSWERS=("status" "sites" "totals --all --allow-partial" "totals --by site --measure entered --period 2018-05 --allow-partial"
	"totals --by site,period --measure entered --allow-partial" "goals --allow-partial" "events" "config show")

@test "what the sites report is what the hub adds up" {
	at hub
	mia totals --by site --measure entered --period 2018-05 --allow-partial --format json
	exits 0
	holds '[.rows[] | select(.site == "Södertälje").total] == [12]'
	holds '[.rows[] | select(.site == "VärNa").total] == [7]'
}

@test "a site that has not reported makes the answer incomplete, and is named" {
	at hub
	mia totals --period 2018-05
	exits 6
	says "has not reported"
	mia totals --period 2018-05 --allow-partial
	exits 0
	mia goals
	exits 6
}

@test "a missing report is never a zero, and a hidden figure never blank" {
	at hub
	mia totals --by site --measure entered --period 2018-05 --allow-partial --format csv
	exits 0
	grep -q '^Östra Södertörn,–$' <<<"${output//$'\r'}" || complain "no – for a missing report"
	mia totals --by site --measure entered --period 2018-05 --allow-partial --format json
	holds '[.rows[] | select(.site == "Östra Södertörn").total] == [{"state": "missing"}]'
}

@test "every answer is JSON where that is asked for, and rows of even width as CSV" {
	for room in hub sodertalje; do
		at $room
		for answer in "${ANSWERS[@]}"; do
			# shellcheck disable=SC2086 # a command and its options
			mia $answer --format json
			exits 0
			holds 'if type == "array" then .[0] else . end | .schema | startswith("mia.")'
			# shellcheck disable=SC2086
			mia $answer --format csv
			exits 0
			/usr/bin/python3 -c 'import csv, sys; [sys.exit(1) for block in sys.stdin.read().strip().split("\n\n") if len({len(row) for row in csv.reader(block.splitlines())}) != 1]' <<<"$output" ||
				complain "rows of different width"
			# shellcheck disable=SC2086
			mia $answer --format plain
			exits 0
		done
	done
}

@test "every answer is shown in both languages and in a narrow terminal" {
	for answer in "${ANSWERS[@]}"; do
		for language in sv en; do
			at hub
			# shellcheck disable=SC2086
			mia $answer --lang $language
			exits 0
			# shellcheck disable=SC2086
			COLUMNS=40 mia $answer --lang $language
			exits 0
		done
	done
	at hub
	COLUMNS=40 mia sites --lang sv
	[ "$(widest)" -le 40 ] || complain "wider than 40"
}

@test "the status says in a few lines how it is, and what is to be done" {
	at sodertalje
	mia status --lang sv
	exits 0
	says "Att göra"
	says "✓ i kontakt"
	says "sodertalje.csv"
	[ "$(wc -l <<<"$output")" -le 12 ] || complain "too long"
	at hub
	mia status
	says "2 of 6 in contact"
	says "have reports missing: see \`mia sites\`"
	says "This is a rehearsal"
}

@test "tables keep within the terminal, with all their figures, and the goals their bars" {
	at hub
	for width in 60 80 132; do
		for answer in "goals --allow-partial" "sites" "status" "totals --by site --allow-partial" "totals --allow-partial"; do
			# shellcheck disable=SC2086 # a command and its options
			COLUMNS=$width mia $answer --lang sv
			exits 0
			[ "$(widest)" -le $width ] || complain "$answer is wider than $width"
		done
	done
	COLUMNS=80 mia totals --by site --allow-partial --lang en
	[ "$(grep -c '^SITE ' <<<"$output")" -gt 1 ] || complain "no second table below the first"
	[ "$(grep -c '^Södertälje ' <<<"$output")" -gt 1 ] || complain "no site in the second table"
	COLUMNS=80 mia goals --allow-partial --lang en
	says "PROGRESS"
}

@test "people read labels and sentences where programs read ids" {
	at hub
	mia totals --all --period 2018-05 --allow-partial --lang sv
	says "Södertälje"
	says "Inskrivna"
	mia totals --all --period 2018-05 --allow-partial --lang sv --format csv
	says "2018-05,sodertalje,entered,total,value,12"
	mia events --lang sv
	says "rapport mottagen"
	says "sodertalje: rapport 14 för 2018-05"
	mia events --format json
	holds '[.rows[] | select(.event == "release_accepted")][0].details | startswith("site=")'
	at sodertalje
	mia events
	says "import stored"
}

@test "keys of JSON are the same in every language" {
	at hub
	keys() { command mia totals --all --allow-partial --format json --lang "$1" | jq -S '[paths | map(select(type == "string")) | join(".")] | unique'; }
	[ "$(keys sv)" = "$(keys en)" ]
}

@test "a site answers for the county from what the hub has signed" {
	at sodertalje
	knows_itself() { command mia totals --by site --measure entered --period 2018-05 --allow-partial --format json --lang sv | jq -e '[.rows[] | select(.site == "Södertälje").total] == [12]'; }
	eventually knows_itself
}

@test "what is closed stays closed, and a month to come cannot be" {
	at sodertalje
	mia close 2018-05 --yes
	[ "$status" -ne 0 ]
	mia close 2018-06 --yes
	[ "$status" -ne 0 ]
	mia close May --yes
	exits 2
}

@test "the preview shows sums, and that nothing else leaves the house" {
	at sodertalje
	mia preview
	exits 0
	says "no row about a person"
	mia preview --format json
	exits 0
	jq -e . <<<"$output"
}

@test "waiting for what does not come ends with exit 9" {
	at hub
	mia wait --until complete --timeout 1
	exits 9
	mia wait --until christmas
	exits 2
	mia wait
	exits 2
}

@test "the clock of a rehearsal goes forward only" {
	at sodertalje
	mia clock set 2018-01-01
	[ "$status" -ne 0 ]
	mia clock set tomorrow
	exits 2
}

@test "a dump holds what was sent, byte by byte" {
	at sodertalje
	mia dump
	exits 0
	[ -n "$output" ]
	jq -e . <<<"$output" >/dev/null
	mia dump --out "$BATS_TEST_TMPDIR/audit"
	exits 0
	[ -n "$(ls "$BATS_TEST_TMPDIR/audit")" ]
}

@test "an option's value that cannot be is wrong use, a site that is not there is not found" {
	at hub
	mia totals --period 2018-13
	exits 2
	mia totals --by colour
	exits 2
	mia totals --site nowhere
	exits 5
	mia events --since yesterday
	exits 2
}

@test "another account may not" {
	[ "$(id -u)" = 0 ] || skip "only root can play another account"
	at sodertalje
	run --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups "$MIA_BUILD/client/mia" close --yes
	exits 4
	silent
	# Who may ask, but not do: the right that it takes is named.
	local folder
	folder=$(dirname "$(socket_of sodertalje)")
	while [ "$folder" != /tmp ] && [ "$folder" != / ]; do chmod o+x "$folder" && folder=$(dirname "$folder"); done
	chmod 666 "$(socket_of sodertalje)"
	run --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups "$MIA_BUILD/client/mia" close --yes
	chmod 660 "$(socket_of sodertalje)"
	three_lines X004
	complains 'the right "administrator"'
}

@test "a real store has the machine's clock" {
	local real=$BATS_TEST_TMPDIR/real
	command mia init hub --dir "$real" --programme "$COUNTY/mia.ini" --programme-key "$COUNTY/programme.key.pub" --roster "$COUNTY/real.ini" --listen "tcp://127.0.0.1:$(free_port)"
	command mia roster build "$real/identity.ini" --out "$COUNTY/real.ini"
	command mia programme sign "$COUNTY/real.ini" --key "$COUNTY/programme.key"
	mkdir -p "$real/run"
	"$MIA_BUILD/daemon/miad-hub" --config "$real/miad.conf" >"$real/log" 2>&1 3>&- &
	local pid=$!
	until [ -S "$real/run/control" ]; do kill -0 $pid; done
	mia clock set 2030-01-01 --socket "$real/run/control"
	kill $pid
	exits 4
	three_lines X007
}
