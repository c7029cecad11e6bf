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

# Official test numbers of Skatteverket: serial 238, women.
ANNA=198503042387
BEATA=198112072387
CARIN=197905152380

# talk [--columns N] EXPECT ANSWER ... -- COMMAND: at a terminal; $output is what it shows at the end.
talk() { run --separate-stderr "$BATS_TEST_DIRNAME/dialogue.py" "$@"; }

# registered LOCAL-ID: somebody new; the case number.
registered() {
	jq -n --arg id "$1" '{local_id: $id, sex: "woman", birth_date: "1985-03-04", entry_date: "2018-04-02", education: "upper3",
		labour: "inactive", income: ["sickness"], income_main: "sickness"}' |
		command mia person add --from - --format json | jq '.values.case // .[0].values.case'
}

events() { command mia audit show --last 10000 --format json | jq '.rows | length'; }

@test "a person is registered at the terminal, in Swedish, and the number does not stay on the screen" {
	talk "1/" lämnat "Datum för samtycke" 180402 Samtyckesblankett /personnummer "Personnummer" "$ANNA" \
		"Lokalt id" /inskrivningsd "16/" 20180402 "17/" "gymnasium 3" "18/" långtid "19/" 26 "20/" 1,5 "21/" sjukp "22/" 3-6 "23/" . \
		"Spara?" ja -- mia person ny --lang sv
	exits 0
	says "Långtidsarbetslös"
	says "Sjukpenning, Försörjningsstöd"
	says "Personnummer: 1985030423**"
	says_not "$ANNA"
	says "aktiv"
	[ "$(echo "{\"person_number\": \"$ANNA\"}" | command mia person find --from - --format json | jq -r .values.state)" = active ]
}

@test "the person is found by a number that is typed, and shown without it" {
	jq -n --arg number "$CARIN" '{person_number: $number, consent: "given", consent_date: "2018-04-02", entry_date: "2018-04-02", education: "upper3",
		labour: "inactive", income: ["sickness"], income_main: "sickness"}' | command mia person add --from - >/dev/null
	talk "local id" "${CARIN:2:6}-${CARIN:8}" -- mia person find --lang en
	exits 0
	says "790515-23**"
	says_not "${CARIN:8}"
	case=$(echo "{\"person_number\": \"$CARIN\"}" | command mia person find --from - --format json | jq .values.case)
	mia person show "$case"
	exits 0
	says "19790515-23**"
	mia person show "$case" --full
	says "19790515-2380"
	mia person show "$case" --history --lang sv
	says "registrerad"
}

@test "nobody's number is a number that is not found, and what is asked stands in no log" {
	echo "{\"person_number\": \"$BEATA\"}" >who.json
	mia person find --from who.json
	exits 5
	three_lines X009
	complains_not "$BEATA"
	run -1 grep -e "$BEATA" -e "${BEATA:2}" -e "$ANNA" "$COUNTY/sodertalje.log"
	command mia audit show --last 10000 >audit.txt
	grep -q found audit.txt
	run -1 grep -e "${BEATA:2}" -e "${ANNA:2}" audit.txt
}

@test "without a terminal a form refuses and names --from" {
	mia person add </dev/null
	exits 2
	three_lines X013
	complains --from
	mia deviation add --lang sv </dev/null
	exits 2
	complains "standard in"
}

@test "a script gives the answers as JSON and reads the case as JSON" {
	case=$(registered script-1)
	[ "$case" -gt 0 ]
	echo '{"exit_date": "2018-05-02", "exit_reason": "work", "works_type": "open"}' >exit.json
	mia person event "$case" exit --from exit.json --dry-run --format json
	exits 0
	mia person show "$case" --format json
	holds '.[0].values.state == "active"'
	mia person event "$case" exit --from exit.json --format json
	exits 0
	holds '.values.event == "exit" and .values.state == "left"'
}

@test "a field that is not asked for is refused, and the nearest is proposed" {
	case=$(registered script-2)
	before=$(events)
	mia person event "$case" exit --from - <<<'{"exit_dat": "2018-05-02"}'
	exits 8
	three_lines X014
	complains 'Did you mean "exit_date"?'
	mia person event "$case" exit --from - <<<'{"exit_date": 1.5}'
	exits 8
	mia person event "$case" exit --from - <<<'exit_date: 2018'
	exits 8
	complains "line 1"
	mia person event "$case" exit --from nowhere.json
	exits 5
	mia person show "$case" --format json
	holds '.[0].values.state == "active"'
	[ "$(events)" -ge "$before" ]
}

@test "what is refused is told with its way out, and nothing is stored" {
	case=$(registered script-3)
	mia person event "$case" exit --from - <<<'{"exit_date": "2018-05-02", "exit_reason": "work"}'
	exits 8
	says V029
	says "Write the type of employment"
	mia person event "$case" exit --lang sv --from - <<<'{"exit_date": "2018-05-02", "exit_reason": "work"}'
	exits 8
	says "Ange anställningsformen"
	mia person show "$case" --format json
	holds '.[0].values.state == "active"'
}

@test "at the terminal it is asked again where it was typed" {
	case=$(registered terminal-1)
	talk "1/" 2018-05-02 "2/" work "3/" . "V029" "" "Type of employment (" open "Store?" yes -- mia person event "$case" exit --lang en
	exits 0
	says "V029"
	mia person show "$case" --format json
	holds '.[0].values.state == "left"'
}

@test "what may have happened is listed, and asked for" {
	case=$(registered terminal-4)
	mia person event "$case"
	exits 0
	says transfer-out
	says_not reentry
	talk "What happened?" mis "Store" yes -- mia person event "$case" --lang en
	exits 0
	mia person show "$case" --format json
	holds '.[0].values.state == "misregistered"'
	case=$(registered terminal-5)
	talk "Vad hände?" avslut "1/" 2018-05-02 "2/" . "Spara" ja -- mia person händelse "$case" --lang sv
	exits 0
	talk "What happened?" "" -- mia person event "$case" --lang en
	exits 2
}

@test "Ctrl-C and no leave nothing behind" {
	case=$(registered terminal-2)
	talk "1/" 2018-05-02 "2/" '\x03' -- mia person event "$case" exit --lang en
	exits 130
	talk "1/" 2018-05-02 "2/" . "Store anyway?" no -- mia person event "$case" exit --lang en
	exits 2
	says X012
	mia person show "$case" --format json
	holds '.[0].values.state == "active"'
}

@test "a form fits sixty columns in both languages" {
	for lang in sv en; do
		talk --columns 60 "1/" "?" "1/" '\x03' -- mia person add --lang $lang
		exits 130
		[ "$(widest)" -le 60 ] || complain "wider than 60 columns"
		case=$(registered "narrow-$lang")
		talk --columns 60 "1/" 2018-05-02 "2/" "?" "2/" nothing "2/" '\x03' -- mia person event "$case" exit --lang $lang
		exits 130
		[ "$(widest)" -le 60 ] || complain "wider than 60 columns"
	done
}

@test "one field is corrected without going through them all" {
	case=$(registered terminal-3)
	talk "1/" "/labour status" "Labour status" unemployed "/" . "Store?" ja -- mia person correct "$case" --lang en
	exits 0
	mia person show "$case" --format json
	holds '.[] | select(.schema == "mia.person.entry/1") | .values.labour == "unemployed"'
}

@test "the start of an activity is corrected at the terminal, and stays one" {
	case=$(registered terminal-4)
	command mia person event "$case" start --from - <<<'{"activity": "cbt", "spell_start": "2018-04-03"}' >/dev/null
	talk "1/" "/activity start" "Activity start" 2018-04-05 "/" . "Store?" ja -- mia person correct "$case" --lang en
	exits 0
	mia person show "$case" --format json
	holds '[.[] | select(.schema == "mia.person.spell/1") | .rows[].spell_start] == ["2018-04-05"]'
	talk "1/" "/activity start" "Activity start" 2018-04-05 "/" . "Store?" ja -- mia person correct "$case" --lang en
	exits 0
	says "nothing is changed by it"
}

@test "two cases are joined with both sides in view, and the one that goes is typed" {
	keep=$(registered merge-1)
	drop=$(registered merge-2)
	echo '{"education": "tertiary3"}' | command mia person correct "$drop" --from - >/dev/null
	mia person merge "$keep" "$drop" --dry-run
	exits 8
	says "Upper secondary"
	says D008
	says merge-2 # what they are called is settled too
	talk "1/2" 1 "2/2" 2 "go on" "$keep" -- mia person merge "$keep" "$drop" --lang en
	exits 2
	talk "1/2" 1 "Education (" 2 "go on" "$drop" -- mia person merge "$keep" "$drop" --lang en
	exits 0
	mia person show "$drop" --format json
	holds '.[0].values.state == "misregistered"'
}

@test "a search by a field that nobody is found by says which there are" {
	mia person find --from - <<<"{\"personnummer\": \"$BEATA\"}"
	exits 2
	three_lines X002
	complains "Type person_number or local_id."
	complains_not "$BEATA"
}

@test "what is missing for the indicators is said in the language asked for" {
	mia person add --from - --yes --lang sv <<<'{"local_id": "L-41", "sex": "man", "birth_date": "1980-05-06", "municipality": "0181",
		"interest_date": "2018-01-02", "entry_date": "2018-01-03", "labour": "unemployed", "income": "assistance", "income_main": "assistance"}'
	exits 0
	says "V041"
	says "Utbildning"
	says_not "education"
}

@test "an error names its place in the language asked for" {
	mia person show 9999 --lang sv
	exits 5
	complains "ärendenummer:"
	complains_not "case number"
}

@test "who withdraws consent is forgotten only when the case number is typed again" {
	case=$(registered withdraw-1)
	mia person event "$case" withdraw --from - <<<'{"consent_withdrawn_date": "2018-05-04"}'
	exits 2
	three_lines X012
	talk "1/1" 2018-05-04 "Spara" ja "Skriv $case" 0 -- mia person händelse "$case" återkallat-samtycke --lang sv
	exits 2
	mia person show "$case" --format json
	holds '.[0].values.known_by == "local"'
	talk "1/1" 2018-05-04 "Spara" ja "Skriv $case" "$case" -- mia person händelse "$case" återkallat-samtycke --lang sv
	exits 0
	mia person show "$case" --format json
	holds '.[0].values.known_by == "anonymous"'
	case=$(registered withdraw-2)
	mia person event "$case" protect --yes --from - <<<'{}'
	exits 0
}

@test "a person is erased only when the case number is typed again" {
	case=$(registered erase-1)
	mia person erase "$case" </dev/null
	exits 2
	three_lines X012
	talk "Skriv" 0 -- mia person radera "$case" --lang sv
	exits 2
	mia person show "$case"
	exits 0
	talk "Skriv" "$case" -- mia person radera "$case" --lang sv
	exits 0
	mia person show "$case"
	exits 5
}

@test "a deviation is reported, and tells of nobody" {
	talk "1/2" 2018-05-03 "2/2" vänt "Spara?" j -- mia avvikelse ny --lang sv
	exits 0
	mia deviation add --from - --format json <<<'{"deviation_date": "2018-05-04", "deviation": "secrecy"}'
	exits 0
	holds '.values.state == null'
}
