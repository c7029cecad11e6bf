load lib.bash

@test "help lists every command of the table" {
	mia help
	exits 0
	while IFS= read -r words; do says "$words"; done < <(sed -n 's/^COMMAND([A-Z_]*, "\([^"]*\)".*/\1/p' "$ROOT/proto/commands.def")
}

@test "help on a command shows its examples before its options" {
	mia help import
	exits 0
	says "$ mia import april.csv --apply"
	[ "$(grep -n -m 1 '\$ mia import' <<<"$output" | cut -d: -f1)" -lt "$(grep -n -m 1 -e '--apply  ' <<<"$output" | cut -d: -f1)" ]
}

@test "-h after a command is its help, and nothing is run" {
	mia import -h
	exits 0
	says "--all-or-nothing"
	mia close --help
	exits 0
	says "sign a period off"
}

@test "every word that only begins commands has a help of its own, -h too" {
	for word in $(sed -n 's/^COMMAND([A-Z_]*, "\([a-z]*\) .*/\1/p' "$ROOT/proto/commands.def" | sort -u); do
		mia "$word" -h
		exits 0
		says "$word"
		while IFS= read -r words; do
			says "$words"
		done < <(sed -n "s/^COMMAND([A-Z_]*, \"\($word [^\"]*\)\".*/\1/p" "$ROOT/proto/commands.def")
	done
}

@test "help speaks Swedish, and its own words are all translated" {
	mia hjälp --lang sv
	exits 0
	says "Siffror och läge"
	says_not "Figures"
	mia help totals --lang sv
	says "länets siffror"
}

@test "in Swedish the examples and places to fill in are Swedish" {
	mia help import --lang sv
	says "$ mia läs-in april.csv --apply"
	says "--map FIL "
	says_not "FILE"
	mia help person event --lang sv
	says "$ mia person händelse 17 avslut"
	mia help --lang sv
	says "läs-in FIL"
	says "datorns tidszon"
}

@test "every command's help is printed in both languages" {
	while IFS= read -r words; do
		for language in sv en; do
			# shellcheck disable=SC2086 # a command of two words is two words
			mia help $words --lang $language
			exits 0
		done
	done < <(sed -n 's/^COMMAND([A-Z_]*, "\([^"]*\)".*/\1/p' "$ROOT/proto/commands.def")
}

@test "help as JSON holds the whole table" {
	mia help --format json
	exits 0
	holds '.schema == "mia.help/1"'
	[ "$(jq '.commands | length' <<<"$output")" = "$(grep -c '^COMMAND(' "$ROOT/proto/commands.def")" ]
	holds '[.commands[] | select(.words == "import").options[].name] | index("apply") != null'
}

@test "a mistyped command is not run: the nearest is proposed" {
	mia stauts
	exits 2
	silent
	three_lines X001
	complains '`mia status`'
}

@test "a mistyped option gets the nearest proposed" {
	mia totals --perod 2018
	exits 2
	three_lines X002
	complains "--period"
}

@test "too few and too many words are wrong use" {
	mia import
	exits 2
	three_lines X002
	mia goals now
	exits 2
	mia close 2018-06 2018-07
	exits 2
}

@test "an option without its value, twice, or with one too many is wrong use" {
	mia totals --period
	exits 2
	mia totals --period 2018 --period 2019
	exits 2
	mia totals --all=yes
	exits 2
}

@test "the Swedish words of a command are the same command, also without dots" {
	for word in läge lage LÄGE; do
		mia "$word" --socket /nonexistent
		exits 3
	done
	mia läs-in
	exits 2
	complains "FILE"
}

@test "every code of the table is explained in both languages" {
	while IFS= read -r code; do
		for language in sv en; do
			mia explain "$code" --lang $language
			exits 0
			says "$code"
		done
	done < <(sed -n 's/^ERROR(\([A-Z][0-9]*\)*"\([A-Z][0-9]*\)".*/\2/p' "$ROOT/proto/errors.def")
}

@test "every code that a program can print is explained" {
	unexplained=$(comm -23 <(cd "$ROOT" && grep -rhoE --include='*.[ch]' '"[CDHIJPRSVWX][0-9]{3}"' lib proto daemon client | tr -d '"' | sort -u) \
		<(sed -n 's/^ERROR("\([A-Z0-9]*\)".*/\1/p' "$ROOT/proto/errors.def" | sort -u))
	[ -z "$unexplained" ] || complain "$unexplained"
}

@test "explain says what to do in the language asked for" {
	mia explain I014 --lang sv
	says "Personnumrets kontrollsiffra är fel"
	mia explain I014 --lang en
	says "The check digit of the personnummer is wrong"
}

@test "a code there is not is not found" {
	mia explain Q999
	exits 5
	silent
}

@test "version names the program, and works without a daemon" {
	mia version
	exits 0
	says "0.1.0"
	mia --version
	exits 0
}

@test "the completion of bash is bash, and completes commands and options" {
	mia completion bash
	exits 0
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/mia.bash"
	bash -n "$BATS_TEST_TMPDIR/mia.bash"
	completed() { # WORD... : what is proposed for the last one
		bash -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mia; printf "%s\n" "${COMPREPLY[@]}"' - "$BATS_TEST_TMPDIR/mia.bash" "$@"
	}
	[ "$(completed mia tot)" = totals ]
	completed mia programme s | grep -qx sign
	completed mia person e | grep -qx erase
	[ "$(completed mia gransk)" = granskning ]
	completed mia person add --fr | grep -qx -e --from
	completed mia totals --per | grep -qx -e --period
	[ "$(completed mia summ)" = summor ]
	completed mia mål --per | grep -qx -e --period
	[ "$(completed mia import april.csv --dates '' | tr '\n' ' ')" = "dmy mdy " ]
	[ "$(completed mia explain I01 | head -n 1)" = I010 ]
	[ "$(completed mia init '' | tr '\n' ' ')" = "site hub " ]
	[ "$(completed mia key '' | tr '\n' ' ')" = "show verify rotate revoke " ]
	[ "$(completed mia nyckel '' | tr '\n' ' ')" = "visa kontrollera byt spärra " ]
	[ "$(completed mia person hi)" = hitta ]
	[ "$(completed mia --lang sv nyckel b)" = byt ]
	[ "$(completed mia nyckel byt --lo)" = --lost ]
	[ "$(completed mia key verify varna --by '' | tr '\n' ' ')" = "phone meeting " ]
	[ "$(completed mia summor --by '' | tr '\n' ' ')" = "site period " ]
}

@test "what the completion of bash proposes behind a word is a command" {
	mia completion bash
	while read -r first english swedish; do
		for second in $english $swedish; do
			mia "$first" "$second" --help
			exits 0
		done
	done < <(sed -n "s/^\t'\([^ ]*\) ') english='\([^']*\)' swedish='\([^']*\)'.*/\1 \2 \3/p" <<<"$output" | grep -v -e '^h' -e '^explain' -e '^f.rkl.*ra' -e '^init' -e '^watch' -e '^f.*lj' -e '^completion')
}

@test "the completions of zsh and fish name every command" {
	for shell in zsh fish; do
		mia completion $shell
		exits 0
		says "totals"
		says "allow-partial"
		! command -v $shell || $shell -n <(echo "$output")
	done
	mia completion tcsh
	exits 2
}

@test "mia is linked to no database and no wire" {
	run -0 ldd "$MIA_BUILD/client/mia"
	says_not lmdb
	says_not zmq
}

@test "a word that several commands begin with is helped with" {
	mia help person
	exits 0
	says "person find"
	says "person erase CASE"
	says_not totals
	mia hjälp granskning --lang sv
	exits 0
	says "granskning visa"
	mia person
	exits 2
	three_lines X001
	complains "mia help person"
	mia person --lang sv
	complains "mia hjälp person"
}

@test "every command in the handbook is one that there is" {
	for page in "$ROOT"/client/handbook/*/*.md; do
		while read -r line; do
			[ -n "$line" ] || continue
			read -ra words <<<"${line%%  *}"
			run command mia "${words[@]}" -h
			[ "$status" = 0 ] || complain "$page: mia $line"
		done < <(sed -n 's/^    [$#] mia\( \{1,\}\)/\1/p' "$page" | sed 's/^  .*//; s/^ //; s/ *\\$//')
	done
}

@test "a Swedish sentence calls a command by its Swedish name" {
	swedish=$(
		msgcat --no-wrap "$ROOT/client/po/sv.po" | grep '^msgstr'
		grep -h '^ERROR(' "$ROOT/proto/errors.def" | sed -E 's/^ERROR\("[A-Z0-9]+", [A-Z_]+, "([^"\\]|\\.)*", ("([^"\\]|\\.)*"), "([^"\\]|\\.)*", /\2 /'
		cat "$ROOT"/client/handbook/sv/*.md
	)
	while IFS= read -r words; do
		! grep -E "\bmia (--[a-z]+ [^ ]+ )*$words([^a-zåäö-]|$)" <<<"$swedish" || return 1
	done < <(sed -n 's/^COMMAND([A-Z_]*, "\([^"]*\)", "[^"].*/\1/p' "$ROOT/proto/commands.def")
}

@test "handbook pages stand in both languages" {
	diff <(ls "$ROOT/client/handbook/sv") <(ls "$ROOT/client/handbook/en")
}

@test "a value that is typed as it stands is the same word in every language" {
	mia help trend --lang sv
	exits 0
	says "--by site"
	says_not "--by förbund"
	says "--period PERIOD"
	says "--measure MÅTT"
}
