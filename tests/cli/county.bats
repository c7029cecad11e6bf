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
	"totals --by site,period --measure entered --allow-partial" "goals --allow-partial" "events" "config show"
	"goals --forecast --allow-partial" "targets --allow-partial" "trend --allow-partial" "trend --measure entered --allow-partial"
	"trend --by site --allow-partial" "flow --allow-partial" "flow --by site --allow-partial" "sites --wide"
	"compare 2018-04 2018-05 --allow-partial" "totals --as-of 2018-06-10 --allow-partial" "why entered 2018-05" "define" "define left"
	"watch totals --count 1")

# The site has got the county's results.
knows_itself() { command mia totals --by site --measure entered --period 2018-05 --allow-partial --format json --lang sv | jq -e '[.rows[] | select(.site == "sodertalje").total] == [12]'; }

@test "what the sites report is what the hub adds up" {
	at hub
	mia totals --by site --measure entered --period 2018-05 --allow-partial --format json
	exits 0
	holds '[.rows[] | select(.site == "sodertalje").total] == [12]'
	holds '[.rows[] | select(.site == "varna").total] == [7]'
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
	grep -q '^ostra-sodertorn,–$' <<<"${output//$'\r'}" || complain "no – for a missing report"
	mia totals --by site --measure entered --period 2018-05 --allow-partial --format json
	holds '[.rows[] | select(.site == "ostra-sodertorn").total] == [{"state": "missing"}]'
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
	eventually knows_itself
}

@test "recruited against plan: the target that changed has two steps, and the month reached is said or why it is not" {
	at hub
	mia targets --site ostra-sodertorn --period 2017..2020 --allow-partial --format json
	exits 0
	holds '[.rows[] | [.from, .target, .change]] == [["2017-04-01", 700, null], ["2018-07-01", 650, -50]]'
	mia goals --forecast --site sodertalje --allow-partial --format json
	exits 0
	holds '[.[].schema] == ["mia.goals/1", "mia.recruited/1", "mia.forecast/1"]'
	holds '.[1].rows[0] | .target == 533 and .plan == 166 and .entered == 12 and .difference == -154'
	mia goals --check --allow-partial
	exits 10
}

# What a program finds a row by is no word of a language.
@test "a program finds the same rows in Swedish and in English" {
	at hub
	local screen names='[.. | objects | .site?, .measure?, .cell?, .goal? | strings]'
	for screen in goals "goals --forecast" "sites --wide" targets totals "totals --by site" trend "trend --by site" "flow --by site" \
		"compare 2018-04 2018-05" "why entered 2018-05"; do
		mia $screen --format json --lang sv
		jq -c "$names" <<<"$output" >"$BATS_TEST_TMPDIR/sv"
		mia $screen --format json --lang en
		jq -c "$names" <<<"$output" | diff "$BATS_TEST_TMPDIR/sv" - || complain "$screen differs"
		grep -q '[a-z]' "$BATS_TEST_TMPDIR/sv" || complain "$screen names no row"
	done
}

@test "the flow and the trend know missing from zero" {
	at hub
	mia flow --site sodertalje --period 2018-05 --allow-partial --format json
	exits 0
	holds '.rows[0] | .in == 12 and .out == 0 and .active == 12'
	mia flow --by site --period 2018-05 --allow-partial --format json
	holds '[.rows[] | select(.site == "ostra-sodertorn").active] == [{"state": "missing"}]'
	mia trend --measure entered --site sodertalje --period 2018-05 --allow-partial --format json
	holds '.rows[0].value == 12'
	mia trend --site sodertalje --lang en --allow-partial
	says "█"
}

@test "who is late is named, with the days" {
	at hub
	mia sites --wide --lang en
	exits 0
	says "VärNa"
	says "days overdue"
	mia sites --wide --format json
	holds '[.rows[] | select(.site == "sodertalje")][0] | .next == "2018-06" and .due_by == "2018-07-28"'
}

@test "what was known on a day does not hold what came later" {
	at hub
	mia totals --measure entered --period 2018-05 --as-of 2018-05-31 --allow-partial --format json
	exits 0
	holds '.rows | length == 0 or all(.value != 19)'
	mia totals --measure entered --period 2018-05 --allow-partial --format json
	holds '.rows[0].value == 19'
	mia compare 2018-05 --as-of 2018-06-01 --measure entered --allow-partial --format json
	exits 0
	holds '.rows[0].second == 19'
	mia compare 2018-05
	exits 2
	mia totals --as-of 2099-01-01
	exits 2
}

@test "a figure is explained: definition, rules, reports, and at the site what waits" {
	at hub
	mia why "entered site=sodertalje 2018-05" --lang en
	exits 0
	says "the day of entry"
	says "at least 5 persons"
	mia why --measure entered --site sodertalje --period 2018-05 --format json
	holds '[.[].schema] == ["mia.why/1", "mia.why.rules/1", "mia.why.reports/1"]'
	holds '.[0].values | .value == 12 and .months_expected == 1 and .months_reported == 1'
	holds '.[2].rows[0] | .report == 14 and .value == 12 and (.hash | length == 16)'
	at sodertalje
	mia why entered sodertalje 2018-05 --format json
	holds '.[3].schema == "mia.why.books/1" and (.[3].rows[0] | .booked == 12 and .taken == 0 and .value == 12)'
	mia why entered varna 2018-05 --format json
	holds 'length == 3'
	mia why enterd
	exits 5
	complains '"entered"'
	mia why sodertalje
	exits 2
}

@test "a word is defined in both languages, and the nearest proposed" {
	at sodertalje
	mia define left --lang en
	exits 0
	says "Avslutade"
	says "Left the programme"
	says "Reason for leaving: Work, Studies"
	mia definiera arbetslös --lang sv
	exits 0
	says "unemployed"
	mia define entred
	exits 5
	complains '"entered"'
}

@test "a watch asks so many times, and ends with what is wrong" {
	at hub
	mia watch sites --count 2 --every 1 --format json
	exits 0
	[ "$(jq -s length <<<"$output")" = 2 ] || complain "not two answers"
	mia watch totals --site nowhere
	exits 5
	mia watch preview
	exits 2
	mia watch sites --measure entered
	exits 2
	mia watch totals --every 0
	exits 2
}

@test "a site answers the coordinator's questions when the hub is gone" {
	at sodertalje
	eventually knows_itself
	room_stop hub
	for answer in "trend" "flow --by site" "targets" "goals --forecast" "compare 2018-04 2018-05" "totals --as-of 2018-06-10"; do
		# shellcheck disable=SC2086 # a command and its options
		mia $answer --allow-partial
		exits 0
	done
	for answer in "sites --wide" "why entered 2018-05" "define left"; do
		# shellcheck disable=SC2086
		mia $answer
		exits 0
	done
	room_start hub
	eventually room_ready hub
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

@test "what cannot be a fingerprint is a slip and no try; a line too long is one line" {
	printf '12345\n%0300d\n\n' 7 >"$BATS_TEST_TMPDIR/typed"
	mia key verify varna --socket "$(socket_of sodertalje)" <"$BATS_TEST_TMPDIR/typed"
	exits 2
	complains "thirty digits; that was 5."
	[ "$(grep -c "thirty digits; that was" <<<"$stderr")" = 2 ] || complain "$stderr"
	complains J001
	mia events --last 1 --socket "$(socket_of sodertalje)"
	says_not "wrong fingerprint"
}

@test "a file that cannot be written is told before the hub decides anything" {
	mia invite create suv --hub tcp://hub.example.se:5670 --out "$BATS_TEST_TMPDIR/nowhere/suv.ini" --socket "$(socket_of hub)"
	exits 1
	complains "nowhere/suv.ini"
	mia invite list --socket "$(socket_of hub)"
	exits 0
	says "None."
}
