load lib.bash

setup() { COUNTY=$BATS_TEST_TMPDIR/county; mkdir -p "$COUNTY"; cp "$PROGRAMME" "$COUNTY/mia.ini"; }

@test "the programme of MIA is good, and is told as JSON" {
	mia programme check "$PROGRAMME" --format json
	exits 0
	holds '.schema == "mia.programme/1"'
}

@test "a programme with a fault is refused with file, line and remedy" {
	sed -i 's/^\[policy\]/[polisy]/' "$COUNTY/mia.ini"
	mia programme check "$COUNTY/mia.ini"
	exits 1
	three_lines P001
	complains "mia.ini:"
	complains 'did you mean "policy"'
}

@test "a programme that is not there is named" {
	mia programme check "$COUNTY/nobody.ini"
	exits 1
	three_lines P024
}

@test "signing makes a key that only its owner can read" {
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key --plain-key
	exits 0
	[ "$(mode_of "$COUNTY/programme.key")" = 600 ]
	[ "$(stat -c %s "$COUNTY/programme.key")" = 32 ]
	grep -qE '^[0-9a-f]{64}$' "$COUNTY/programme.key.pub"
	[ "$(wc -l <"$COUNTY/mia.ini.sig")" = 3 ]
}

@test "a new key is sealed by its passphrase, and nothing else opens it" {
	echo "en mening om vårens ljus" >"$COUNTY/passphrase"
	echo "en mening om höstens ljus" >"$COUNTY/wrong"
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key --passphrase-fd 5 5<"$COUNTY/passphrase"
	exits 0
	[ "$(mode_of "$COUNTY/programme.key")" = 600 ]
	[ "$(head -n 1 "$COUNTY/programme.key")" = "mia-key 1" ]
	rm "$COUNTY/mia.ini.sig"
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --passphrase-fd 5 5<"$COUNTY/wrong"
	exits 4
	three_lines R035
	[ ! -e "$COUNTY/mia.ini.sig" ]
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --passphrase-fd 5 5<"$COUNTY/passphrase"
	exits 0
}

@test "a short passphrase makes no key" {
	echo "kort" >"$COUNTY/passphrase"
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key --passphrase-fd 5 5<"$COUNTY/passphrase"
	exits 4
	three_lines R035
	[ ! -e "$COUNTY/programme.key" ]
}

@test "a sealed key that was changed opens no more" {
	echo "en mening om vårens ljus" >"$COUNTY/passphrase"
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key --passphrase-fd 5 5<"$COUNTY/passphrase"
	printf 'x' | dd of="$COUNTY/programme.key" bs=1 seek=60 conv=notrunc status=none
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --passphrase-fd 5 5<"$COUNTY/passphrase"
	exits 4
	three_lines R035
}

@test "Ctrl-C at the passphrase leaves no key behind, and a terminal that shows what is typed" {
	run "$BATS_TEST_DIRNAME/terminal.py" "least twelve characters" '\x03' sh -c \
		"trap : INT; '$MIA_BUILD/client/mia' programme sign '$COUNTY/mia.ini' --key '$COUNTY/fresh.key' --make-key --lang en; echo \"exit \$?\"; stty -a"
	says "exit 130"
	says " echo "
	says_not " -echo "
	[ ! -e "$COUNTY/fresh.key" ] && [ ! -e "$COUNTY/fresh.key.pub" ]
}

@test "a short new passphrase is refused before it is asked for once more" {
	run "$BATS_TEST_DIRNAME/terminal.py" "least twelve characters" 'kort\r' \
		"$MIA_BUILD/client/mia" programme sign "$COUNTY/mia.ini" --key "$COUNTY/fresh.key" --make-key --lang en
	exits 4
	says "it is shorter than twelve characters"
	says_not "Once more"
}

@test "without a terminal and without a descriptor nobody is asked for a passphrase" {
	run --separate-stderr setsid --wait mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key </dev/null
	exits 4
	three_lines R035
	[ ! -e "$COUNTY/programme.key" ]
}

@test "no secret key is ever printed" {
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key --plain-key --format json
	exits 0
	says_not "$(od -An -tx1 -v "$COUNTY/programme.key" | tr -d ' \n')"
}

@test "a key that is there is never made anew" {
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key --plain-key
	before=$(sha256sum "$COUNTY/programme.key")
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key --plain-key
	[ "$status" -ne 0 ]
	[ "$before" = "$(sha256sum "$COUNTY/programme.key")" ]
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key"
	exits 0
}

@test "a key that others can read signs nothing" {
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key --plain-key
	rm "$COUNTY/mia.ini.sig"
	chmod 644 "$COUNTY/programme.key"
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key"
	exits 1
	three_lines R033
	[ ! -e "$COUNTY/mia.ini.sig" ]
}

@test "a programme with a fault gets no signature" {
	echo "nonsense" >>"$COUNTY/mia.ini"
	mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key --plain-key
	exits 1
	[ ! -e "$COUNTY/mia.ini.sig" ]
}

@test "signing without a key is wrong use" {
	mia programme sign "$COUNTY/mia.ini"
	exits 2
	three_lines X002
}

@test "unsigned, altered, and signed by another: a room of each is refused" {
	refused() { # REASON
		mia init hub --rehearsal --dir "$COUNTY/hub" --programme "$COUNTY/mia.ini" --programme-key "$COUNTY/programme.key.pub"
		exits 1
		complains "$1"
		[ ! -e "$COUNTY/hub" ]
	}
	command mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key --plain-key
	mv "$COUNTY/mia.ini.sig" "$COUNTY/kept"
	refused R020
	mv "$COUNTY/kept" "$COUNTY/mia.ini.sig"
	sed -i 's/^k = .*/k = 6/' "$COUNTY/mia.ini"
	refused R023
	cp "$PROGRAMME" "$COUNTY/mia.ini"
	command mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/other.key" --make-key --plain-key
	refused R022
}

@test "comments and blanks are not what is signed" {
	command mia programme sign "$COUNTY/mia.ini" --key "$COUNTY/programme.key" --make-key --plain-key
	printf '\n# a remark\n' >>"$COUNTY/mia.ini"
	mia init hub --rehearsal --dir "$COUNTY/hub" --programme "$COUNTY/mia.ini" --programme-key "$COUNTY/programme.key.pub"
	exits 0
}

@test "a release and a message are decoded" {
	mia inspect "$ROOT/tests/data/golden/hello.bin" --format json
	exits 0
	holds 'tostring | contains("HELLO")'
	mia inspect "$ROOT/tests/data/golden/payload.bin" --format json
	exits 0
	jq -e . <<<"$output"
	mia inspect "$PROGRAMME"
	[ "$status" -ne 0 ]
	silent
	mia inspect "$COUNTY/nobody.bin"
	[ "$status" -ne 0 ]
}

@test "all that a programme declares is shown, part by part" {
	mia programme show "$PROGRAMME" --format json
	exits 0
	holds 'length == 12'
	mia programme show "$PROGRAMME" --part indicators --format csv
	exits 0
	[ "$(grep -c ',counted,' <<<"$output")" -gt 30 ]
	mia programme show "$PROGRAMME" --part shoes
	exits 2
	three_lines X002
}

@test "advice is given on a programme that can be used" {
	sed -i '/^small = yes/d' "$COUNTY/mia.ini"
	mia programme check "$COUNTY/mia.ini"
	exits 0
	says "Site varna plans 12 entries a quarter"
	says "mia explain P050"
}

@test "what privacy forbids is refused with the section of the rule" {
	sed -i 's/^by = sex | year/by = sex | quarter/' "$COUNTY/mia.ini"
	mia programme check "$COUNTY/mia.ini"
	exits 7
	three_lines P032
	complains "3-privacy 3.3"
}

@test "two versions are compared, and what may not change exits 10" {
	sed -i 's/^version = 1$/version = 2/; s/^per_mille = 300$/per_mille = 350/' "$COUNTY/mia.ini"
	mia programme diff "$PROGRAMME" "$COUNTY/mia.ini" --format csv
	exits 0
	says "per_mille"
	sed -i '/^code = 9 | dropout/d; /^alias = dropout/d; s/moved, dropout, consent/moved, consent/' "$COUNTY/mia.ini"
	mia programme diff "$PROGRAMME" "$COUNTY/mia.ini"
	exits 10
	says "code 9 dropout"
	says "P060"
}
