load lib.bash

setup() {
	programme_make
}

make_site() { mia init site sodertalje --dir "$COUNTY/site" --programme "$COUNTY/mia.ini" --programme-key "$COUNTY/programme.key.pub" --hub tcp://127.0.0.1:5670 --rehearsal "$@"; }

@test "a new site has settings, keys of its own, a store and a card with its fingerprint" {
	make_site
	exits 0
	for file in miad.conf identity.ini programme.ini programme.ini.sig; do [ -f "$COUNTY/site/$file" ]; done
	for key in "$COUNTY"/site/keys/*.key; do
		[ "$(mode_of "$key")" = 600 ]
		[ "$(stat -c %s "$key")" = 32 ]
	done
	says "$(sed -n 's/^fingerprint = //p' "$COUNTY/site/identity.ini")"
}

@test "the same as JSON" {
	make_site --format json
	exits 0
	holds 'tostring | contains("sodertalje")'
}

@test "a folder that is in use is left as it is" {
	mkdir "$COUNTY/site"
	echo mine >"$COUNTY/site/file"
	make_site
	exits 1
	three_lines R014
	[ "$(ls "$COUNTY/site")" = file ]
}

@test "a site that the programme does not know is refused, and nothing is left behind" {
	mia init site nowhere --dir "$COUNTY/site" --programme "$COUNTY/mia.ini" --programme-key "$COUNTY/programme.key.pub" --hub tcp://127.0.0.1:5670
	exits 1
	three_lines R015
	[ ! -e "$COUNTY/site" ] && [ ! -e "$COUNTY/site.new" ]
}

@test "what is missing on the command line is asked for, not guessed" {
	mia init site sodertalje --dir "$COUNTY/site" --programme "$COUNTY/mia.ini"
	exits 2
	three_lines X002
	mia init site sodertalje --dir "$COUNTY/site" --programme "$COUNTY/mia.ini" --programme-key "$COUNTY/programme.key.pub"
	exits 2
	mia init site --dir "$COUNTY/site"
	exits 2
	mia init county
	exits 2
	[ ! -e "$COUNTY/site" ]
}

@test "what is no key is refused as programme key" {
	mia init hub --dir "$COUNTY/hub" --programme "$COUNTY/mia.ini" --programme-key "$COUNTY/mia.ini" --rehearsal
	exits 2
	three_lines R013
}

@test "a roster named from here is found from the room" {
	cd "$COUNTY"
	make_site --roster roster.ini
	exits 0
	grep -q "= $COUNTY/roster.ini" "$COUNTY/site/miad.conf"
}

@test "settings are checked without starting anything" {
	county_make sodertalje
	mia config check "$COUNTY/sodertalje/miad.conf"
	exits 0
	mia config check "$COUNTY/hub/miad.conf"
	exits 0
	sed -i 's/^owner = .*/owner = nowhere/' "$COUNTY/sodertalje/miad.conf"
	mia config check "$COUNTY/sodertalje/miad.conf"
	exits 1
	three_lines R015
	echo "colour = red" >>"$COUNTY/hub/miad.conf"
	mia config check "$COUNTY/hub/miad.conf"
	exits 1
	[[ $stderr == C01* ]]
}

@test "a roster is built of cards, its head first" {
	county_make sodertalje varna
	grep -q '^\[roster\]' "$COUNTY/roster.ini"
	mia roster build "$COUNTY"/*/identity.ini --out "$COUNTY/second.ini" --epoch 2 --format json
	exits 0
	grep -q '^epoch = 2' "$COUNTY/second.ini"
	holds 'tostring | contains("varna")'
}

@test "a card whose fingerprint is another key's is refused, and no roster is written" {
	county_make sodertalje
	sed -i 's/^fingerprint = .*/fingerprint = 00000 00000 00000 00000 00000 00000/' "$COUNTY/sodertalje/identity.ini"
	mia roster build "$COUNTY"/*/identity.ini --out "$COUNTY/second.ini"
	exits 1
	three_lines R006
	[ ! -e "$COUNTY/second.ini" ]
}

@test "a roster without a hub, or with one twice, is refused" {
	county_make sodertalje
	mia roster build "$COUNTY/sodertalje/identity.ini" --out "$COUNTY/second.ini"
	exits 1
	three_lines R007
	mia roster build "$COUNTY/hub/identity.ini" "$COUNTY/hub/identity.ini" --out "$COUNTY/second.ini"
	exits 1
	three_lines R003
	[ ! -e "$COUNTY/second.ini" ]
}

@test "a room of the machine has its stores where its unit may write, and says how to start it" {
	[ "$(id -u)" = 0 ] || skip "only root has a mount namespace"
	programme_make
	# shellcheck disable=SC2016 # the inner shell's variables
	run --separate-stderr unshare -m bash -c '
		mount --make-rprivate / && mount -t tmpfs tmpfs /var/lib && mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w &&
			mount -t overlay -o lowerdir=/etc,upperdir=/mnt/u,workdir=/mnt/w overlay /etc || exit 77
		mkdir -p /etc/mia /var/lib/mia
		cd "$1" && mia init site sodertalje --dir /etc/mia/sodertalje --programme mia.ini --programme-key programme.key.pub --hub tcp://127.0.0.1:5670 || exit
		cat /etc/mia/sodertalje/miad.conf
		ls /etc/mia/sodertalje /var/lib/mia/sodertalje
		! mia init site varna --dir /etc/mia/varna --programme mia.ini --programme-key nonsense --hub tcp://127.0.0.1:5670 2>/dev/null
		ls /etc/mia /var/lib/mia' - "$COUNTY"
	[ "$status" != 77 ] || skip "no overlay here"
	exits 0
	says "systemctl enable --now miad-site@sodertalje"
	says "state = /var/lib/mia/sodertalje"
	says "run = /run/mia/sodertalje"
	says "records"
	says_not "state"$'\n'
	says_not varna
}

@test "root checks settings as the user they belong to" {
	[ "$(id -u)" = 0 ] || skip "only root can give a folder away"
	county_make sodertalje
	chown -R nobody "$COUNTY/sodertalje"
	local folder=$COUNTY
	while [ "$folder" != /tmp ] && [ "$folder" != / ]; do chmod o+x "$folder" && folder=$(dirname "$folder"); done
	chmod o+r "$COUNTY"/roster.ini*
	mia config check "$COUNTY/sodertalje/miad.conf"
	exits 0
}

@test "the drop-in for credentials names the keys that init makes, and the site's own is marked" {
	make_site
	mia init hub --dir "$COUNTY/hub" --programme "$COUNTY/mia.ini" --programme-key "$COUNTY/programme.key.pub" --listen tcp://127.0.0.1:5670
	named=$(sed -n 's/^LoadCredentialEncrypted=\([a-z.]*\):.*/\1/p' "$ROOT/systemd/credentials.conf" | sort)
	[ "$named" = "$(ls "$COUNTY/site/keys")" ] || complain "a site: $named"
	marked=$(sed -n '/a site.s alone/{n;s/^LoadCredentialEncrypted=\([a-z.]*\):.*/\1/p}' "$ROOT/systemd/credentials.conf")
	[ "$(grep -vx "$marked" <<<"$named")" = "$(ls "$COUNTY/hub/keys")" ] || complain "the hub, without $marked"
}
