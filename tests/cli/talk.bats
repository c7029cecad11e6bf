load lib.bash

@test "without a daemon mia exits 3 and says so in three lines" {
	mia status --socket "$BATS_TEST_TMPDIR/nobody"
	exits 3
	silent
	three_lines X003
	complains "$BATS_TEST_TMPDIR/nobody"
}

@test "mia alone is the status" {
	MIA_SOCKET=$BATS_TEST_TMPDIR/nobody mia
	exits 3
	three_lines X003
}

@test "MIA_AT and --at name the daemon; a name that could leave the folder is refused" {
	MIA_AT=nowhere mia status
	exits 3
	complains /run/mia/nowhere/control
	mia status --at ../../etc
	exits 2
	three_lines X002
}

@test "a file that is no socket is no daemon" {
	touch "$BATS_TEST_TMPDIR/file"
	mia sites --socket "$BATS_TEST_TMPDIR/file"
	exits 3
}

@test "a path too long for a socket is wrong use" {
	mia status --socket "/$(printf 'x%.0s' {1..200})"
	exits 2
}

@test "a daemon that says nothing is given up after --timeout" {
	/usr/bin/python3 - "$BATS_TEST_TMPDIR/mute" <<-'P' 3>&- &
		import socket, sys
		s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		s.bind(sys.argv[1]); s.listen(1); c, _ = s.accept(); c.recv(65536); c.recv(65536)
	P
	until [ -S "$BATS_TEST_TMPDIR/mute" ]; do :; done
	mia status --socket "$BATS_TEST_TMPDIR/mute" --timeout 1
	exits 9
	three_lines X005
}

@test "a daemon that talks nonsense, or goes away, is a named failure" {
	for answer in "bytes([0x91, 0x2a])" "b'hello'"; do
		rm -f "$BATS_TEST_TMPDIR/odd"
		/usr/bin/python3 - "$BATS_TEST_TMPDIR/odd" <<-P 3>&- &
			import socket, sys
			s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
			s.bind(sys.argv[1]); s.listen(1); c, _ = s.accept(); c.recv(65536); c.send($answer); c.recv(65536)
		P
		until [ -S "$BATS_TEST_TMPDIR/odd" ]; do :; done
		mia status --socket "$BATS_TEST_TMPDIR/odd"
		exits 1
		three_lines X010
	done
	rm -f "$BATS_TEST_TMPDIR/odd"
	/usr/bin/python3 - "$BATS_TEST_TMPDIR/odd" <<-'P' 3>&- &
		import socket, sys
		s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		s.bind(sys.argv[1]); s.listen(1); c, _ = s.accept(); c.recv(65536)
	P
	until [ -S "$BATS_TEST_TMPDIR/odd" ]; do :; done
	mia status --socket "$BATS_TEST_TMPDIR/odd"
	exits 3
	three_lines X003
}

@test "the language is the option's, else the settings', else the locale's, else English" {
	mia explain I014 --lang sv
	says "Personnumrets"
	LANG=sv_SE.UTF-8 mia explain I014
	says "Personnumrets"
	LANG=sv_SE.UTF-8 mia explain I014 --lang en
	says "The check digit"
	printf '[mia]\nlanguage = sv\n' >"$BATS_TEST_TMPDIR/mia.conf"
	LANG=en_GB.UTF-8 MIA_CONF=$BATS_TEST_TMPDIR/mia.conf mia explain I014
	says "Personnumrets"
	LANG=C mia explain I014
	says "The check digit"
	mia explain I014 --lang de
	exits 2
}

@test "Swedish errors are Swedish to the end" {
	mia totals --lang sv --perod 2018
	exits 2
	complains "här finns ingen flagga --perod"
	complains "Menade du --period?"
}

@test "å ä ö come out whole where the locale is POSIX" {
	LC_ALL=POSIX mia explain I014 --lang sv
	says "Jämför med källan"
}

@test "a form of answer there is not is wrong use" {
	mia status --format xml
	exits 2
	three_lines X002
}

@test "what is dangerous is refused without a terminal and without --yes" {
	mia close 2018-06 --socket "$BATS_TEST_TMPDIR/nobody" </dev/null
	[ "$status" -ne 0 ]
	silent
	mia import undo 1 --socket "$BATS_TEST_TMPDIR/nobody" </dev/null
	[ "$status" -ne 0 ]
	silent
}

@test "no line is wider than the terminal, and nothing is lost in a narrow one" {
	county_make
	cd "$COUNTY"
	for width in 32 50 80; do
		COLUMNS=$width mia roster build hub/identity.ini --out roster.ini --lang sv
		exits 0
		[ "$(widest)" -le $width ] || complain "wider than $width"
		says "$(sed -n 's/^fingerprint = \([0-9]*\) .*/\1/p' hub/identity.ini)"
		COLUMNS=$width mia help --lang sv
		exits 0
		says "förhandsvisa"
	done
}

@test "nothing but text is written when the answer goes to a file" {
	mia programme check "$PROGRAMME"
	exits 0
	says_not $'\e'
}

@test "an option is not taken for the value that was forgotten before it" {
	mia totals --period --lang sv
	exits 2
	complains "flaggan --period behöver ett värde"
	complains 'mia hjälp totals'
	mia help totals
	exits 0
}

@test "the advice names the command, and a code there is not tells which there are" {
	mia import --apply
	exits 2
	complains 'mia help import'
	mia explain I999
	exits 5
	complains "Codes of this kind are I001 to I0"
	mia explain I999 --lang sv
	complains "Koder av det slaget är I001 till I0"
}

@test "no advice names a command that there is not" {
	local word
	while IFS= read -r word; do
		mia help "$word"
		exits 0
	done < <(grep -o '`mia [a-zåäö][a-zåäö-]*' "$ROOT/proto/errors.def" | sed 's/`mia //; s/^help$/version/; s/^hjälp$/version/' | sort -u)
}

@test "an answer that could not be written is not silently lost" {
	run --separate-stderr bash -c 'mia help --format json >/dev/full'
	exits 1
	run --separate-stderr bash -c 'mia version >/dev/full'
	exits 1
	three_lines X006
	complains "No space left on device"
}

@test "installed, mia speaks Swedish, and is helped by its manual pages and completions" {
	local prefix=$BATS_TEST_TMPDIR/usr
	cmake --install "$MIA_BUILD" --prefix "$prefix" >/dev/null
	touch "$prefix/bin/locale" # as Debian's own program of that name
	run --separate-stderr "$prefix/bin/mia" explain I014 --lang sv
	says "Vad "
	run --separate-stderr "$prefix/bin/mia" help --lang sv
	says "Siffror och läge"
	MANWIDTH=80 run --separate-stderr man -l "$prefix/share/man/man1/mia.1"
	exits 0
	says "mia import"
	[ -s "$prefix/share/bash-completion/completions/mia" ]
}
