load lib.bash

setup_file() {
	export COUNTY=$BATS_FILE_TMPDIR/county
	county_make sodertalje
	county_start
	clock_set 2018-05-20
}

teardown_file() { county_stop; }

setup() {
	at sodertalje
	cd "$BATS_TEST_TMPDIR"
}

HEADINGS='Löpnummer;Kön;Födelsedatum;Kommun;Inskrivningsdatum'
# persons PREFIX N: so many good rows.
persons() {
	echo "$HEADINGS"
	seq "$2" | sed "s/.*/$1-&;Kvinna;1985-03-04;0181;2018-04-02/"
}
recorded() { command mia status --format json | jq .values.participants; }

@test "without --apply a good file is checked and nothing is stored" {
	persons a 5 >april.csv
	before=$(recorded)
	mia import april.csv
	exits 0
	says "5 accepted: 5 new"
	says "mia import april.csv --apply"
	[ "$(recorded)" = "$before" ]
}

@test "with --apply it is stored as one batch, and the same file again changes nothing" {
	persons b 5 >april.csv
	before=$(recorded)
	mia import april.csv --apply --format json
	exits 0
	holds '.[0].values.batch != null and .[0].values.new == 5' || holds '.values.batch != null and .values.new == 5'
	[ "$(recorded)" = $((before + 5)) ]
	mia import april.csv --apply
	exits 0
	says "5 unchanged"
	[ "$(recorded)" = $((before + 5)) ]
}

@test "refused rows go to a file of one's own that can be mended and imported again" {
	{ persons c 3; echo "c-4;Man;1985-13-04;0181;2018-04-02"; } >april.csv
	mia import april.csv
	exits 8
	says "I023"
	says "row 5"
	[ "$(mode_of april.refused.csv)" = 600 ]
	[ "$(tr -d "\r" <april.refused.csv)" = "$HEADINGS;MIA"$'\n'"c-4;Man;1985-13-04;0181;2018-04-02;I023" ]
	mia import april.csv --apply
	exits 11
	sed 's/1985-13-04/1985-12-04/' april.refused.csv >mended.csv
	mia import mended.csv --apply
	exits 0
	says "1 new"
}

@test "--all-or-nothing stores nothing when a row is refused" {
	{ persons d 3; echo "d-4;Man;1985-13-04;0181;2018-04-02"; } >april.csv
	before=$(recorded)
	mia import april.csv --apply --all-or-nothing
	exits 8
	[ "$(recorded)" = "$before" ]
}

@test "--rejects says where refused rows go" {
	{ persons e 1; echo "e-2;Man;1985-13-04;0181;2018-04-02"; } >april.csv
	mia import april.csv --rejects elsewhere.csv
	exits 8
	[ -f elsewhere.csv ] && [ ! -e april.refused.csv ]
}

@test "a batch is taken back whole, once, and only when that is meant" {
	persons f 4 >april.csv
	before=$(recorded)
	batch=$(command mia import april.csv --apply --format json | jq '[.. | .batch? // empty][0]')
	mia import undo "$batch" </dev/null
	[ "$status" -ne 0 ]
	[ "$(recorded)" = $((before + 4)) ]
	mia import undo "$batch" --dry-run
	exits 0
	[ "$(recorded)" = $((before + 4)) ]
	mia import undo "$batch" --yes
	exits 0
	[ "$(recorded)" = "$before" ]
	mia import undo "$batch" --yes
	[ "$status" -ne 0 ]
	mia import undo 9999 --yes
	exits 5
}

@test "what is no CSV file of ours is refused as a whole, by name" {
	refused() { # CODE FILE [OPTION...]
		local code=$1
		shift
		mia import "$@" --apply
		exits 8
		complains "$code"
	}
	printf 'PK\003\004rest of a workbook' >april.xlsx
	refused I001 april.xlsx
	head -c 4096 /dev/zero | tr '\0' '\001' >binary.csv
	refused I002 binary.csv
	: >empty.csv
	refused I003 empty.csv
	echo "$HEADINGS" >headings.csv
	refused I004 headings.csv
	printf 'colour;shape\nred;round\n' >other.csv
	refused I005 other.csv
	truncate -s 2G huge.csv
	refused I006 huge.csv
}

@test "a file that is not there, or is no file, is told" {
	mia import nobody.csv
	exits 5
	three_lines X009
	mkdir folder
	mia import folder
	[ "$status" -ne 0 ]
	silent
}

@test "what Swedish Excel and case systems write is read" {
	persons g 2 | iconv -t WINDOWS-1252 >latin.csv
	persons h 2 | tr ';' '\t' >tab.csv
	{ printf '\357\273\277'; persons j 2 | tr ';' ','; } | sed 's/$/\r/' >bom.csv
	{ printf 'Utdrag ur systemet\n\n'; persons k 2; } >preamble.csv
	for file in latin tab bom preamble; do
		mia import $file.csv
		exits 0
		says "2 accepted: 2 new"
	done
	mia import latin.csv
	says "Windows-1252"
	mia import preamble.csv
	says "headings on row 3"
}

@test "dates of another order need to be told" {
	persons l 1 | sed 's/2018-04-02/3\/4\/2018/' >april.csv
	mia import april.csv
	exits 8
	says "I024"
	mia import april.csv --dates dmy
	exits 0
	mia import april.csv --dates ymd
	exits 2
}

@test "a map names headings that the programme does not know" {
	persons m 2 | sed '1s/Inskrivningsdatum/Dag ett/' >april.csv
	printf 'Dag ett = entry_date\n' >headings.map
	mia import april.csv --map headings.map --format json
	exits 0
	holds '[.. | .new? // empty] == [2]'
	mia import april.csv --map nobody.map
	[ "$status" -ne 0 ]
}

@test "a personnummer is in no output" {
	printf 'Personnummer;Samtycke;Kön;Kommun;Inskrivningsdatum\n19850304-2383;Ja;Kvinna;0181;2018-04-02\n198503042384;Ja;Kvinna;0181;2018-04-02\n' >april.csv
	for form in table json plain csv; do
		mia import april.csv --format $form
		for digits in 2383 2384; do
			says_not "$digits"
			complains_not "$digits"
		done
	done
}

@test "the answer is Swedish in Swedish" {
	{ persons n 1; echo "n-2;Man;1985-13-04;0181;2018-04-02"; } >april.csv
	mia läs-in april.csv --lang sv
	exits 8
	says "Det här är inget datum"
	says "semikolon"
	says_not "accepted"
	says_not "row 3"
}

@test "Ctrl-C in an import leaves nothing half done" {
	persons o 200000 >large.csv
	before=$(recorded)
	run "$BATS_TEST_DIRNAME/terminal.py" % '\x03' mia import large.csv --apply
	exits 130
	command mia wait --until ready >/dev/null
	eventually mia_is_free
	[ "$(recorded)" = "$before" ]
}

# A small import is taken as soon as the interrupted one is dropped.
mia_is_free() {
	persons q 1 >small.csv
	command mia import small.csv
}

@test "progress is shown on a terminal, and nowhere else" {
	persons r 20000 >april.csv
	run "$BATS_TEST_DIRNAME/terminal.py" % '' mia import april.csv
	exits 0
	says %
	mia import april.csv
	exits 0
	complains_not %
	# Longer than the terminal is wide it could not be written over.
	cp april.csv "en fil med ett långt namn från ärendesystemet.csv"
	for width in 40 60; do
		run "$BATS_TEST_DIRNAME/terminal.py" % '' env COLUMNS=$width "$MIA_BUILD/client/mia" import en*.csv
		exits 0
		[ "$(tr '\r' '\n' <<<"$output" | grep % | sed 's/\x1b\[K//g' | wc -L)" -le $width ] || complain "wider than $width"
	done
}

@test "what is dangerous is done when its name is typed, and only then" {
	persons s 2 >april.csv
	batch=$(command mia import april.csv --apply --format json | jq '[.. | .batch? // empty][0]')
	before=$(recorded)
	run "$BATS_TEST_DIRNAME/terminal.py" "Type $batch" 'yes\n' mia import undo "$batch" --lang en
	[ "$status" -ne 0 ]
	[ "$(recorded)" = "$before" ]
	run "$BATS_TEST_DIRNAME/terminal.py" "Type $batch" "$batch\\n" mia import undo "$batch" --lang en
	exits 0
	[ "$(recorded)" = $((before - 2)) ]
}

@test "the hub takes no records" {
	persons p 1 >april.csv
	at hub
	mia import april.csv --apply
	[ "$status" -ne 0 ]
	silent
}

@test "a finding names columns and codes as people do, and says what it compares with" {
	{ echo "$HEADINGS;Ställning på arbetsmarknaden;Utbildning"; echo "o-1;Kvina;1985-03-04;0181;2018-04-02;;"; echo "o-2;Man;2010-03-04;0181;2018-04-02;Arbetslös;Grundskola"; echo "o-3;Man;1985-03-04;0181;2018-04-02;;"; } >april.csv
	mia import april.csv
	exits 8
	says 'did you mean "Kvinna"?'
	says "8 years old"
	says "Labour status, Education"
	says_not "labour,"
	mia import april.csv --lang sv
	says 'menade du "Kvinna"?'
	says "Ställning på arbetsmarknaden, Utbildning"
}

@test "the command to store is the one that was checked, as a shell takes it" {
	persons p 2 | sed 's/2018-04-02/3\/4\/2018/' >"läs in mig.csv"
	mia import "läs in mig.csv" --dates dmy
	exits 0
	says "  mia import 'läs in mig.csv' --dates dmy --apply"
	COLUMNS=40 mia import "läs in mig.csv" --dates dmy
	says "  mia import 'läs in mig.csv' --dates dmy --apply"
	eval "command ${lines[-1]}" >/dev/null
	mia import "läs in mig.csv" --dates dmy
	says "2 unchanged"
}

@test "what is wrong with a file names the file, and is Swedish in Swedish" {
	printf 'PK\003\004rest of a workbook' >april.xlsx
	mia import april.xlsx --lang sv
	complains "april.xlsx: filen är en Excel-arbetsbok (xlsx)"
	printf 'Nummer;Kön;Födelsedatum\n1;K;1985-01-02\n' >april.csv
	mia import april.csv --lang sv
	complains "april.csv, rad 1: det finns ingen kolumn för personnummer eller lokalt id"
	mia import nobody.csv --lang sv
	complains "nobody.csv: Filen eller mappen finns inte"
	mkdir april
	mia import april --lang sv
	exits 5
	complains "april: det här är en mapp"
	truncate -s 2G huge.csv
	mia import huge.csv --lang sv
	complains "den har 2,1"
}

@test "what cannot be undone is told before it is asked about, and not asked about when it cannot be" {
	persons q 3 >april.csv
	batch=$(command mia import april.csv --apply --format json | jq '[.. | .batch? // empty][0]')
	run "$BATS_TEST_DIRNAME/terminal.py" "to go on" "no\r" mia import undo "$batch"
	exits 2
	says "Batch $batch would be taken back: 3 records"
	run "$BATS_TEST_DIRNAME/terminal.py" "to go on" "no\r" mia import undo 9999
	exits 5
	says_not "to go on"
	run "$BATS_TEST_DIRNAME/terminal.py" "to go on" "$batch\r" mia import undo "$batch"
	exits 0
	says "is taken back"
}

@test "when refused rows cannot be written all else is told, and where they may go" {
	{ persons t 1; echo "t-2;Man;1985-13-04;0181;2018-04-02"; } >april.csv
	mia import april.csv --rejects nowhere/wrong.csv --lang sv
	exits 1
	says "1 rad godtagen: nya 1"
	three_lines X006
	complains "nowhere/wrong.csv: de avvisade raderna kunde inte skrivas: Filen eller mappen finns inte"
	complains "--rejects FIL"
}

@test "a mended file of refused rows is imported in silence, and its own refused rows are named after the first" {
	{ persons u 1; echo "u-2;Man;1985-13-04;0181;2018-04-02"; } >april.csv
	mia import april.csv
	mia import april.refused.csv
	exits 8
	says_not "Columns not read"
	[ ! -e april.refused.refused.csv ]
	echo "u-3;Man;1985-14-04;0181;2018-04-02;" >>april.refused.csv
	mia import april.refused.csv
	[ -e april.refused-2.csv ]
}

@test "no line of findings is wider than the terminal" {
	{ persons v 1; echo "v-2;Kvina;1985-13-04;0184;2018-04-02"; echo "v-3;Man;2012-12-04;0184;2018-04-02"; } >april.csv
	for width in 50 80; do
		COLUMNS=$width mia import april.csv --lang sv
		exits 8
		[ "$(widest)" -le $width ] || complain "wider than $width"
	done
}
