/*
 * The sync protocol (4-sync 4.1; proto/README.md 3) of one site and one hub, for Spin: loss, duplication, reordering and replay of
 * everything ever sent; a crash and a restore from an older copy of either end. What must hold is asserted below; each defence can
 * be taken away (-DNO_...), and then Spin must find how that harms: tests/model does both.
 *
 * A release is a fresh number, and so is the hash of the chain that ends in it, for a release is made after one other and never
 * again: c[i] stands for the release i of the chain and for h(i). c[0] is h(0).
 */
#ifndef RELEASES
#define RELEASES 2 /* as long as a chain grows */
#endif
#ifndef GREETINGS
#define GREETINGS 3 /* of the site; the hub may hear one of them twice */
#endif
#ifndef MISHAPS
#define MISHAPS 4 /* crashes and restores, one of each end */
#endif
#define SLOTS 2 /* messages on the way, each direction */

mtype = {away, dialling, greeting, fetching, streaming, halted}; /* daemon/site/courier_states.c */
mtype = {due, connected, welcomed, strange, lost, halt};
mtype = {none, HELLO, WELCOME, RELEASE, RECEIPT, FETCH, CHAIN};

typedef message {
	mtype kind = none;
	byte nonce, token, n, hash, second; /* CHAIN: hash and second are the chain */
};
message to_hub[SLOTS], to_site[SLOTS], swap;

/* The site. n and c are on its disk; committed is how much of them a crash leaves. */
byte n, c[RELEASES + 1], committed, received;
mtype state = away;
byte nonce, token, next;
bool is_unsure; /* put back from a copy, and knows it (STATE/mark) */
byte greetings, releases; /* how many there ever were */

/* The hub. */
byte hub_n, hub_c[RELEASES + 1], hub_committed, hub_token, hub_tokens;

/* What people know: the longest chain any other association was shown (RESULT). */
byte witness;

bool is_site_crashed, is_hub_crashed, is_site_restored, is_hub_restored;
byte mishaps;
bool is_blind; /* the site was put back together with its mark: a snapshot of the whole machine */

/* One row of the courier's table; tests/model compares them with the code's. */
inline step(from, event, to)
{
	assert(state == from);
	state = to;
}

inline put(slot, the_kind, the_nonce, the_token, the_n, the_hash, the_second)
{
	slot.kind = the_kind;
	slot.nonce = the_nonce;
	slot.token = the_token;
	slot.n = the_n;
	slot.hash = the_hash;
	slot.second = the_second
}

/* On the way in either place, in that of a message which is lost by it or was lost before; or lost itself. */
inline send(one, two, a_kind, a_nonce, a_token, a_n, a_hash, a_second)
{
	if
	:: put(one, a_kind, a_nonce, a_token, a_n, a_hash, a_second)
	:: one.kind != none -> put(two, a_kind, a_nonce, a_token, a_n, a_hash, a_second)
	:: skip
	fi
}

inline forget(slot)
{
	slot.kind = none;
	slot.nonce = 0;
	slot.token = 0;
	slot.n = 0;
	slot.hash = 0;
	slot.second = 0
}

/* Two messages on the way have no order: the same two are one state. */
inline settle(one, two)
{
	if
	:: one.kind < two.kind || (one.kind == two.kind && (one.token < two.token || (one.token == two.token && one.n < two.n))) ->
		swap.kind = one.kind; one.kind = two.kind; two.kind = swap.kind; swap.kind = none;
		swap.nonce = one.nonce; one.nonce = two.nonce; two.nonce = swap.nonce; swap.nonce = 0;
		swap.token = one.token; one.token = two.token; two.token = swap.token; swap.token = 0;
		swap.n = one.n; one.n = two.n; two.n = swap.n; swap.n = 0;
		swap.hash = one.hash; one.hash = two.hash; two.hash = swap.hash; swap.hash = 0;
		swap.second = one.second; one.second = two.second; two.second = swap.second; swap.second = 0
	:: else
	fi
}

/* ---- what must hold ---- */

#define IS_SESSION (state == streaming && token == hub_token && hub_token != 0)

inline check()
{
	settle(to_hub[0], to_hub[1]);
	settle(to_site[0], to_site[1]);
	/* One chain: in a session neither end has anything the other denies, and the hub nothing the site lacks. */
	assert(!IS_SESSION || hub_n <= n);
	assert(!IS_SESSION || hub_n < 1 || hub_c[1] == c[1]);
	assert(!IS_SESSION || hub_n < 2 || hub_c[2] == c[2]);
	/* A receipt is believed only of what the hub has. */
	assert(!IS_SESSION || received <= hub_n);
	/* What has a receipt outlives a crash of the hub. */
	assert(is_hub_restored || is_site_restored || received <= hub_committed)
}

/* ---- the site ---- */

inline close_month()
{
	releases++;
	n++;
	c[n] = releases;
#ifndef NO_COMMIT_BEFORE_SENDING
	committed = n;
#endif
	/* No month that the hub has is closed a second time: two reports of it would tell a difference. */
	assert(is_hub_restored || is_blind || hub_committed < n)
}

inline take_welcome(slot)
{
#ifdef NO_NONCE
	if
	:: state == greeting ->
#else
	if
	:: state == greeting && slot.nonce == nonce ->
#endif
		token = slot.token;
		if
#ifdef NO_HASH
		:: slot.n <= n ->
#else
		:: slot.n <= n && c[slot.n] == slot.hash ->
#endif
			step(greeting, welcomed, streaming);
			next = slot.n + 1;
			if
			:: received > slot.n -> received = slot.n
			:: else
			fi
		:: else ->
			step(greeting, strange, fetching);
			send(to_hub[0], to_hub[1], FETCH, 0, token, 0, 0, 0)
		fi
	:: else
	fi
}

/* Adopted when it goes through our head, else a fork: what the hub has stands either way, and an operator must look. */
inline take_chain(slot)
{
	if
	:: state == fetching && slot.token == token ->
		n = slot.n;
		c[1] = slot.hash;
		c[2] = slot.second;
		committed = n;
		received = n;
		step(fetching, halt, halted)
	:: else
	fi
}

inline take_receipt(slot)
{
	if
#ifdef NO_RECEIPT_TOKEN
	:: state == streaming && slot.n <= n && c[slot.n] == slot.hash && slot.n > received ->
#else
	:: state == streaming && slot.token == token && slot.n <= n && c[slot.n] == slot.hash && slot.n > received ->
#endif
		received = slot.n
	:: else
	fi
}

/* Taken from its slot, or left there to come again. */
inline site_hears(slot)
{
	if
	:: slot.kind == WELCOME -> take_welcome(slot)
	:: slot.kind == CHAIN -> take_chain(slot)
	:: slot.kind == RECEIPT -> take_receipt(slot)
	fi;
	if
	:: forget(slot)
	:: skip
	fi
}

inline hang_up()
{
	nonce = 0;
	token = 0;
	next = 0
}

inline put_site_back()
{
	is_site_restored = true;
	if
	:: n > 0 -> n = 0
	:: n > 1 -> n = 1
	fi;
	c[2] = 0;
	if
	:: n == 0 -> c[1] = 0
	:: else
	fi;
	committed = n;
	if
	:: received > n -> received = n
	:: else
	fi;
	if
#ifdef NO_MARK
	:: skip
#else
	:: is_unsure = true
	:: is_blind = true
#endif
	fi;
	state = away;
	hang_up()
}

/* ---- the hub ---- */

inline judge(slot)
{
	if
	:: slot.n == hub_n + 1 && slot.nonce == hub_c[hub_n] -> /* nonce is prev here */
		hub_n++;
		hub_c[hub_n] = slot.hash;
#ifndef NO_COMMIT_BEFORE_RECEIPT
		hub_committed = hub_n;
		if
		:: witness < hub_n -> witness = hub_n
		:: else
		fi;
#endif
		send(to_site[0], to_site[1], RECEIPT, 0, hub_token, hub_n, hub_c[hub_n], 0)
	:: slot.n != hub_n + 1 && (slot.n > hub_n || hub_c[slot.n] == slot.hash) ->
		send(to_site[0], to_site[1], RECEIPT, 0, hub_token, hub_n, hub_c[hub_n], 0)
	:: else -> hub_token = 0 /* forked or of a chain of its own: refused, the session is over */
	fi
}

inline hub_hears(slot)
{
	if
	:: slot.kind == HELLO ->
		if
		:: hub_tokens <= GREETINGS ->
			hub_tokens++;
			hub_token = hub_tokens;
			send(to_site[0], to_site[1], WELCOME, slot.nonce, hub_token, hub_n, hub_c[hub_n], 0)
		:: else
		fi
	:: slot.kind == RELEASE ->
		if
#ifdef NO_TOKEN
		:: hub_token != 0 -> judge(slot)
#else
		:: hub_token != 0 && slot.token == hub_token -> judge(slot)
#endif
		:: else
		fi
	:: slot.kind == FETCH ->
		if
		:: hub_token != 0 && slot.token == hub_token ->
			send(to_site[0], to_site[1], CHAIN, 0, hub_token, hub_n, hub_c[1], hub_c[2])
		:: else
		fi
	fi;
	if
	:: forget(slot)
	:: skip
	fi
}

inline put_hub_back()
{
	is_hub_restored = true;
	if
	:: hub_n > 0 -> hub_n = 0
	:: hub_n > 1 -> hub_n = 1
	fi;
	hub_c[2] = 0;
	if
	:: hub_n == 0 -> hub_c[1] = 0
	:: else
	fi;
	hub_committed = hub_n;
	hub_token = 0
}

/* Without its commit the hub's last release is gone after a crash. */
inline crash_hub()
{
	is_hub_crashed = true;
	if
	:: hub_n > hub_committed ->
		hub_c[hub_n] = 0;
		hub_n = hub_committed
	:: else
	fi;
	hub_token = 0
}

inline crash_site()
{
	is_site_crashed = true;
	if
	:: n > committed ->
		c[n] = 0;
		n = committed
	:: else
	fi;
	if
	:: received > n -> received = n
	:: else
	fi;
	state = away;
	hang_up()
}

/* ---- all that can happen ---- */

active proctype world()
{
end:
	do
	/* the site */
	:: atomic { n < RELEASES && releases < RELEASES + 1 && !is_unsure && state != halted -> close_month(); check() }
	:: atomic { state == away && greetings < GREETINGS -> step(away, due, dialling) }
	:: atomic { state == dialling ->
		if
		:: step(dialling, connected, greeting);
			greetings++;
			nonce = greetings;
			send(to_hub[0], to_hub[1], HELLO, nonce, 0, 0, 0, 0)
		:: step(dialling, lost, away)
		fi;
		check() }
	:: atomic { state == streaming && next <= n ->
		send(to_hub[0], to_hub[1], RELEASE, c[next - 1], token, next, c[next], 0);
		next++;
		check() }
	:: atomic { state == greeting -> step(greeting, lost, away); hang_up() }
	:: atomic { state == fetching -> step(fetching, lost, away); hang_up() }
	:: atomic { state == streaming -> step(streaming, lost, away); hang_up() }
	:: atomic { state == greeting -> step(greeting, halt, halted); hang_up() } /* a refusal */
	:: atomic { state == streaming -> step(streaming, halt, halted); hang_up() }
	:: atomic { to_site[0].kind != none -> site_hears(to_site[0]); check() }
	:: atomic { to_site[1].kind != none -> site_hears(to_site[1]); check() }
	/* the hub */
	:: atomic { to_hub[0].kind != none -> hub_hears(to_hub[0]); check() }
	:: atomic { to_hub[1].kind != none -> hub_hears(to_hub[1]); check() }
	/* disks and machines */
#ifdef NO_COMMIT_BEFORE_SENDING
	:: atomic { committed < n -> committed = n }
#endif
#ifdef NO_COMMIT_BEFORE_RECEIPT
	:: atomic { hub_committed < hub_n ->
		hub_committed = hub_n;
		if
		:: witness < hub_n -> witness = hub_n
		:: else
		fi }
#endif
	:: atomic { mishaps < MISHAPS && !is_site_crashed && state != halted -> mishaps++; crash_site(); check() }
	:: atomic { mishaps < MISHAPS && !is_hub_crashed -> mishaps++; crash_hub(); check() }
	:: atomic { mishaps < MISHAPS && !is_site_restored && n > 0 && state != halted -> mishaps++; put_site_back(); check() }
	:: atomic { mishaps < MISHAPS && !is_hub_restored && hub_n > 0 -> mishaps++; put_hub_back(); check() }
	/* the operator, who has asked another association how many reports of ours it sees (mia confirm N) */
	:: atomic { is_unsure && state == streaming && witness <= n -> is_unsure = false; check() }
	od
}
