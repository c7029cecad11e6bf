load lib.bash

setup_file() {
	export COUNTY=$BATS_FILE_TMPDIR/county
	county_make sodertalje
	county_start
	clock_set 2018-12-01
	at sodertalje
	cd "$BATS_FILE_TMPDIR" || return 1
	printf '%s\n' 'Lokalt id;Samtycke;Inskrivningsdatum;Avslutsdatum;Avslutsorsak' 'P1;ja;2018-02-01;;' 'P2;ja;2018-02-02;;' \
		'P3;ja;2018-02-03;2018-05-31;Flyttat' >people.csv
	command mia import people.csv --apply >/dev/null
}

teardown_file() { county_stop; }

setup() {
	at sodertalje
	cd "$BATS_TEST_TMPDIR"
}

recorded() { command mia status --format json | jq .values.participants; }

@test "a file of activities adds to who is known; rows of one person beneath each other are one change" {
	printf '%s\n' 'Lokalt id;Insats;Insats påbörjad;Insats avslutad' 'P1;Kartläggning;2018-02-01;2018-02-20' 'P1;Praktik;2018-03-01;' \
		'P2;Praktik;2018-03-01;' 'P1;Studiestöd;2018-04-01;' 'X9;Praktik;2018-03-01;' >spells.csv
	mia import spells.csv --apply --format json
	exits 11
	holds '.[0].values.form == "activities" and .[0].values.changed == 2 and .[0].values.refused == 2'
	holds '[.[1].rows[].code] | contains(["I036", "I039"])'
	[ "$(recorded)" = 3 ]
	mia explain I039 --lang sv
	says "Läs in deltagarna först"
}

@test "hours and pauses have files of their own, and the same file again changes nothing" {
	printf '%s\n' 'Lokalt id;Månad;Timmar' 'P1;2018-03;40' 'P1;2018-04;36' >hours.csv
	printf '%s\n' 'Lokalt id;Paus från;Paus till' 'P2;2018-06-01;2018-07-01' >pauses.csv
	for file in hours pauses; do
		mia import $file.csv --apply
		exits 0
		says "1 changed"
		mia import $file.csv --apply
		exits 0
		says "1 unchanged"
	done
}

@test "a re-entry ends the exit; undone, the person has left again" {
	printf '%s\n' 'Lokalt id;Återinskriven' 'P3;2018-09-01' >back.csv
	mia import back.csv --apply --format json
	exits 0
	batch=$(jq '.[0].values.batch // .values.batch' <<<"$output")
	[ "$(echo '{"local_id": "P3"}' | command mia person find --from - --format json | jq -r .values.state)" = active ]
	mia import undo "$batch" --yes
	exits 0
	[ "$(echo '{"local_id": "P3"}' | command mia person find --from - --format json | jq -r .values.state)" = left ]
}

@test "deviations are nobody's" {
	printf '%s\n' 'Avvikelsenummer;Avvikelsedatum;Avvikelse' 'P1;2018-03-01;Väntetider' '7;2018-03-02;Sekretess' >deviations.csv
	before=$(recorded)
	mia import deviations.csv --apply
	exits 0
	says "2 new"
	[ "$(recorded)" = "$before" ]
}

@test "an answer needs an invitation once any was given out, and each brings one" {
	mia survey invite 2 --out codes.csv
	exits 0
	[ "$(mode_of codes.csv)" = 600 ]
	[ "$(wc -l <codes.csv)" = 3 ]
	says_not "$(sed -n 2p codes.csv)"
	mia survey invite 2 --out codes.csv
	exits 2
	complains "codes.csv is there already"
	code=$(sed -n 2p codes.csv | tr 'A-Z' 'a-z' | tr - ' ')
	printf '%s\n' 'Inbjudningskod;Svarsdatum;power' "$code;2018-10-01;4" 'KOD-1;2018-10-01;4' >answers.csv
	mia import answers.csv --apply --format json
	exits 11
	holds '.[0].values.new == 1 and ([.[1].rows[].code] | index("V055")) != null'
	mia survey invite 2000
	exits 2
}

@test "codes are shown this once when no file is named" {
	mia survey invite 3 --format csv
	exits 0
	[ "$(grep -cE '^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]' <<<"$output")" = 3 ]
	mia events --lang sv
	says "inbjudningar till enkäten skapade"
}
