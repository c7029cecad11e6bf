#include "proto/roster_change.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SITES_MIN 2 /* that must have signed */

/* One roster being held against the one before. */
struct succession {
	const struct roster *pinned, *next;
	const char *place;
	struct fault *fault;
};

static int complain(const struct succession *at, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int complain(const struct succession *at, const char *code, const char *format, ...)
{
	char reason[384];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(reason, sizeof(reason), format, arguments);
	va_end(arguments);
	return fault_set(at->fault, code, at->place, error_find(code)->remedy_en, "%s", reason);
}

static bool is_same(const uint8_t a[static 32], const uint8_t b[static 32])
{
	return memcmp(a, b, 32) == 0;
}

static const struct roster_former *find_former(const struct roster *roster, const char *name,
					       const uint8_t sign[static 32])
{
	for (size_t i = 0; i < roster->formers_n; i++)
		if (is_same(roster->formers[i].sign, sign) &&
		    strcmp(roster->formers[i].name, name) == 0)
			return &roster->formers[i];
	return NULL;
}

/* Whether a member of pinned signed next with the key it has there. */
static bool has_signed(const struct succession *at, const struct roster_member *member)
{
	return signature_by(&at->next->signatures, SIGNATURE_ROSTER, at->next->hash,
			    member->sign) == 0;
}

static bool is_lost(const struct succession *at, const struct roster_member *member)
{
	const struct roster_former *former = find_former(at->next, member->name, member->sign);

	return former != NULL && former->is_lost;
}

static bool may_vouch(const struct succession *at, const struct roster_member *member)
{
	return strcmp(member->name, ROSTER_HUB) != 0 && member->status == ROSTER_ACTIVE &&
	       !is_lost(at, member);
}

static int check_vouchers(const struct succession *at)
{
	own(buf_free) struct buf who = {0}, others = {0};
	const char *signers, *missing;
	size_t n = 0;

	for (size_t i = 0; i < at->pinned->members_n; i++) {
		const struct roster_member *member = &at->pinned->members[i];
		bool did = may_vouch(at, member) && has_signed(at, member);

		n += did;
		if (may_vouch(at, member))
			buf_printf(did ? &who : &others, " %s", member->name);
	}
	if (n >= SITES_MIN)
		return 0;
	signers = buf_text(&who);
	missing = buf_text(&others);
	return complain(at, "R043",
			"%d sites of epoch %u must sign epoch %u; signed:%s; could sign:%.240s",
			SITES_MIN, at->pinned->epoch, at->next->epoch,
			signers == NULL || n == 0 ? " none" : signers,
			missing == NULL ? "" : missing);
}

/* A key that changed is vouched for by the one before, unless that one is lost. Nobody is left out:
 * who came back later would have no former keys, and those of before would be as good as new. */
static int check_member(const struct succession *at, const struct roster_member *before)
{
	const struct roster_member *now = roster_find(at->next, before->name);
	char fingerprint[SIGN_FINGERPRINT_BYTES];

	if (now == NULL)
		return complain(at, "R047", "[%s] is of epoch %u and not of epoch %u", before->name,
				at->pinned->epoch, at->next->epoch);
	if (is_same(before->sign, now->sign) && is_same(before->link, now->link))
		return 0;
	sign_fingerprint(before->sign, fingerprint);
	if (!is_same(before->sign, now->sign) &&
	    find_former(at->next, before->name, before->sign) == NULL)
		return complain(at, "R045", "[%s] has a new sign key and no former = ... for %s",
				before->name, fingerprint);
	if (is_lost(at, before) || has_signed(at, before))
		return 0;
	return complain(at, "R044", "[%s] has another %s key, and the key %s did not sign that",
			before->name, is_same(before->sign, now->sign) ? "link" : "sign",
			fingerprint);
}

/* Without its former keys nobody could verify what a member sent with them; and the number they
 * are good for does not grow, nor is one found again that was lost. */
static int check_formers(const struct succession *at)
{
	for (size_t i = 0; i < at->pinned->formers_n; i++) {
		const struct roster_former *before = &at->pinned->formers[i];
		const struct roster_former *now = find_former(at->next, before->name, before->sign);
		char fingerprint[SIGN_FINGERPRINT_BYTES];

		sign_fingerprint(before->sign, fingerprint);
		if (now == NULL || now->last_n > before->last_n ||
		    (before->is_lost && !now->is_lost))
			return complain(at, "R045",
					"the former key %s of [%s] is not listed as it was",
					fingerprint, before->name);
	}
	return 0;
}

int roster_may_follow(const struct roster *pinned, const struct roster *next, const char *place,
		      struct fault *fault)
{
	const struct succession at = {pinned, next, place, fault};
	int error = 0;

	if (next->epoch == pinned->epoch && is_same(next->hash, pinned->hash))
		return 0;
	if (next->epoch <= pinned->epoch)
		return complain(&at, "R042", "epoch %u is %s the one in force (epoch %u)",
				next->epoch,
				next->epoch < pinned->epoch ? "older than" : "not the content of",
				pinned->epoch);
	for (size_t i = 0; i < pinned->members_n && error == 0; i++)
		error = check_member(&at, &pinned->members[i]);
	if (error == 0)
		error = check_formers(&at);
	return error != 0 ? error : check_vouchers(&at);
}
