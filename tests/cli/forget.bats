load lib.bash

setup_file() {
	export COUNTY=$BATS_FILE_TMPDIR/county
	county_make sodertalje
	county_start
	clock_set 2018-05-20
	at sodertalje
	printf '%s\n' 'Personnummer;Löpnummer;Kön;Samtycke;Datum för samtycke;Inskrivningsdatum;Utskrivningsdatum' \
		'197603122388;g-1;Kvinna;Lämnat;2018-04-01;2018-04-02;' \
		';g-2;Kvinna;Lämnat;2018-04-01;2018-04-02;2018-05-02' >"$BATS_FILE_TMPDIR/april.csv"
	command mia import "$BATS_FILE_TMPDIR/april.csv" --apply >/dev/null
}

teardown_file() { county_stop; }

setup() {
	at sodertalje
	cd "$BATS_TEST_TMPDIR"
	umask 022
}

@test "nothing is due before its time, and the list says how long records are kept" {
	mia retention list
	exits 0
	says "None is due. What is recorded is kept for 60 months."
	mia gallring lista --lang sv
	exits 0
	says "60 månader"
}

@test "a run asks first, and without a terminal it changes nothing" {
	mia retention run </dev/null
	[ "$status" -ne 0 ] || complain "it ran unasked"
	mia retention run --dry-run
	exits 0
	says "None is due. What is recorded is kept for 60 months."
}

@test "a run that has nothing to do asks nothing" {
	run --separate-stderr "$BATS_TEST_DIRNAME/dialogue.py" -- mia retention run --lang en
	exits 0
	says "None is due"
	says_not "go on"
}

@test "a sheet about persons is never written to the screen" {
	mia esf export --period 2018-04
	exits 7
	three_lines X027
	silent
	mia esf export --period 2018-04 --dry-run
	exits 0
	says "Nothing was written"
	says_not 19760312
}

@test "a month that is not over has no sheet" {
	mia esf export --period 2018-05 --out esf
	exits 2
	three_lines X002
}

@test "a folder that others may enter, or a link, is no place for a sheet" {
	mkdir open
	mia esf export --period 2018-04 --out open
	exits 7
	complains "others may enter"
	mkdir -m 700 closed
	ln -s closed link
	mia esf export --period 2018-04 --out link
	exits 7
	three_lines X027
	[ -z "$(ls closed)" ]
}

@test "a sheet is written for its owner alone, of those with consent and number, and never over another" {
	mia esf plan
	exits 0
	says "not yet handed out"
	mia esf export --period 2018-04 --out esf
	exits 0
	says esf-sodertalje-2018-04.csv
	says "personal data"
	[ "$(mode_of esf)" = 700 ]
	[ "$(mode_of esf/esf-sodertalje-2018-04.csv)" = 600 ]
	[ "$(wc -l <esf/esf-sodertalje-2018-04.csv)" = 2 ]
	grep -q '^19760312-2388;2018-04-02;' esf/esf-sodertalje-2018-04.csv
	mia esf plan
	exits 0
	says "None: what was handed out is still so."
	mia esf export --period 2018-04 --out esf --lang sv
	exits 0
	says esf-sodertalje-2018-04-2.csv
}
