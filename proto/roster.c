#include "proto/roster.h"

#include "lib/text.h"

#include <errno.h>
#include <string.h>

#define HEAD "roster"

static const char *const status_names[ROSTER_STATUS_N] = {
	[ROSTER_ACTIVE] = "active",
	[ROSTER_SUSPENDED] = "suspended",
	[ROSTER_RETIRED] = "retired",
};

const struct roster_member *roster_find(const struct roster *roster, const char *name)
{
	for (size_t i = 0; i < roster->members_n; i++)
		if (strcmp(roster->members[i].name, name) == 0)
			return &roster->members[i];
	return NULL;
}

const struct roster_member *roster_find_active(const struct roster *roster, const char *name)
{
	const struct roster_member *member = roster_find(roster, name);

	return member == NULL || member->status != ROSTER_ACTIVE ? NULL : member;
}

size_t roster_keys(const struct roster *roster, const char *name, uint64_t n,
		   const uint8_t *ret_keys[static ROSTER_KEYS_MAX])
{
	const struct roster_member *member = roster_find(roster, name);
	size_t keys_n = 0;

	if (member == NULL)
		return 0;
	ret_keys[keys_n++] = member->sign;
	for (size_t i = 0; i < roster->formers_n && keys_n < ROSTER_KEYS_MAX; i++) {
		const struct roster_former *former = &roster->formers[i];

		if (former->last_n >= n && strcmp(former->name, name) == 0)
			ret_keys[keys_n++] = former->sign;
	}
	return keys_n;
}

const char *roster_status_name(enum roster_status status)
{
	return status_names[status];
}

int roster_status_of(const char *text, enum roster_status *ret_status)
{
	for (size_t i = 0; i < ROSTER_STATUS_N; i++) {
		if (strcmp(text, status_names[i]) != 0)
			continue;
		*ret_status = (enum roster_status)i;
		return 0;
	}
	return -EINVAL;
}

void roster_add_card(struct buf *buf, const struct roster_member *member)
{
	char sign[65], link[65], fingerprint[SIGN_FINGERPRINT_BYTES];

	text_hex(member->sign, sizeof(member->sign), sign);
	text_hex(member->link, sizeof(member->link), link);
	sign_fingerprint(member->sign, fingerprint);
	buf_printf(buf, "[%s]\nsign = %s\nlink = %s\nfingerprint = %s\n", member->name, sign, link,
		   fingerprint);
}

void roster_add_head(struct buf *buf, uint32_t epoch)
{
	buf_printf(buf, "[" HEAD "]\nepoch = %u\n", epoch);
}

void roster_add_all(struct buf *buf, const struct roster *roster)
{
	char hex[65];

	roster_add_head(buf, roster->epoch);
	for (size_t i = 0; i < roster->members_n; i++) {
		const struct roster_member *member = &roster->members[i];

		roster_add_card(buf, member);
		if (member->status != ROSTER_ACTIVE)
			buf_printf(buf, "status = %s\n", status_names[member->status]);
		for (size_t j = 0; j < roster->formers_n; j++) {
			const struct roster_former *former = &roster->formers[j];

			if (strcmp(former->name, member->name) != 0)
				continue;
			text_hex(former->sign, sizeof(former->sign), hex);
			buf_printf(buf, "former = %s | %llu%s\n", hex,
				   (unsigned long long)former->last_n,
				   former->is_lost ? " | lost" : "");
		}
	}
}
