load lib.bash

# One site and the hub. In May seven leave to work and seven to AF; in June as many again, and one of May's turns out to have gone to AF.
setup_file() {
	export COUNTY=$BATS_FILE_TMPDIR/county
	county_make varna
	county_start
	clock_set 2018-06-01
	leavers 2018-05 1 7 Arbete >"$COUNTY/may.csv"
	leavers 2018-05 8 14 AF | tail -n +2 >>"$COUNTY/may.csv"
	clerk import "$COUNTY/may.csv" --apply
	clerk close 2018-05 --yes
	clock_set 2018-07-01
	leavers 2018-05 1 1 AF >"$COUNTY/june.csv"
	leavers 2018-06 15 21 Arbete | tail -n +2 >>"$COUNTY/june.csv"
	leavers 2018-06 22 28 AF | tail -n +2 >>"$COUNTY/june.csv"
	clerk import "$COUNTY/june.csv" --apply
	clerk close 2018-06 --yes
	clock_set 2018-07-11
	clerk wait --until received --timeout 60
}

teardown_file() { county_stop; }

clerk() { command mia "$@" --socket "$(socket_of varna)" >/dev/null; }

# leavers MONTH FIRST LAST REASON: rows of persons who entered and left in that month.
leavers() {
	local works=Osubventionerad extent=100 af=Nej n
	[ "$4" = Arbete ] || { works='' extent='' af=Ja; }
	echo 'Löpnummer;Kön;Födelsedatum;Kommun;Inskrivningsdatum;Avslutsdatum;Avslutsorsak;Anställningsform;Arbetets omfattning;Kan delta i AF:s ordinarie program;Resultatdatum'
	for n in $(seq "$2" "$3"); do
		echo "$n;Man;1988-05-06;0182;$1-02;$1-20;$4;$works;$extent;$af;$1-25"
	done
}

@test "the month that was closed stands, and the correction is in the month it was booked in" {
	at hub
	mia totals --measure left --by period --period 2018-05..2018-06 --site varna --format json
	exits 0
	holds '.rows[0] | .work_or_studies == 7 and .af == 7 and .total == 14'
	holds '.rows[1] | .work_or_studies == 6 and .af == 8 and .total == 14'
}

@test "the site knows which part of a figure is corrections, the hub says that it does not" {
	at varna
	mia why left 2018-06 --format json
	exits 0
	holds '.[3].rows[0] | .booked == 7 and .taken == 1 and .added == 0 and .value == 6'
	holds '.[3].rows[1] | .booked == 7 and .taken == 0 and .added == 1 and .value == 8'
	mia why left cell=af 2018-05 --format json
	holds '.[3].rows | length == 1 and (.[0] | .booked == 7 and .added == 0 and .value == 7)'
	mia sites --wide --lang en
	says "VärNa: 1 of 15 reports hold corrections of earlier months"
	at hub
	mia why left 2018-06 --lang en --site varna
	exits 0
	says "Reports carry sums alone"
	mia why left 2018-06 --site varna --format json
	holds 'length == 3'
	mia compare 2018-05 2018-06 --measure left --site varna --lang en
	exits 0
	says "the county cannot know how much of a figure is corrections"
}
