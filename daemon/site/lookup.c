#include "daemon/site/lookup.h"

#include "lib/own.h"
#include "lib/text.h"

#include <assert.h>
#include <string.h>

const char *lookup_domain(enum lookup_kind kind)
{
	static const char *const domains[] = {
		[LOOKUP_NUMBER] = "mia/1/lookup/number",
		[LOOKUP_LOCAL_ID] = "mia/1/lookup/local",
		[LOOKUP_TOKEN] = "mia/1/lookup/token",
		[LOOKUP_INVITATION] = "mia/1/lookup/invitation",
		[LOOKUP_DEVIATION] = "mia/1/lookup/deviation",
	};

	assert((size_t)kind < array_n(domains));
	return domains[kind];
}

bool lookup_is_deviation(const struct record *record)
{
	return record->value[FIELD_deviation_date] != RECORD_MISSING ||
	       record->value[FIELD_deviation] != RECORD_MISSING;
}

static bool has_number(const struct record *record)
{
	return record->identity.type == ID_PERSONNUMMER || record->identity.type == ID_COORDINATION;
}

/* Adds one, unless the text is empty. */
static size_t add(struct lookup lookups[], size_t n, enum lookup_kind kind, const char *text)
{
	if (text[0] == '\0')
		return n;
	lookups[n] = (struct lookup){kind, text};
	return n + 1;
}

size_t lookup_all(const struct record *record, struct lookup ret_lookups[static LOOKUPS_MAX])
{
	size_t n = 0;

	if (record->invitation[0] != '\0')
		return add(ret_lookups, 0, LOOKUP_INVITATION, record->invitation);
	if (lookup_is_deviation(record))
		return add(ret_lookups, 0, LOOKUP_DEVIATION, record->identity.local_id);
	if (has_number(record))
		n = add(ret_lookups, n, LOOKUP_NUMBER, record->identity.number);
	n = add(ret_lookups, n, LOOKUP_LOCAL_ID, record->identity.local_id);
	n = add(ret_lookups, n, LOOKUP_TOKEN, record->token_in);
	return add(ret_lookups, n, LOOKUP_TOKEN, record->token_out);
}

void lookup_copy(const struct record *record, struct lookup_copy *ret_copy)
{
	struct lookup lookups[LOOKUPS_MAX] = {0};

	ret_copy->n = lookup_all(record, lookups);
	for (size_t i = 0; i < ret_copy->n; i++) {
		ret_copy->kinds[i] = lookups[i].kind;
		text_copy(ret_copy->texts[i], sizeof(ret_copy->texts[i]), lookups[i].text);
	}
}

bool lookup_is_same(const struct lookup_copy *copy, const struct record *record)
{
	struct lookup lookups[LOOKUPS_MAX];

	if (lookup_all(record, lookups) != copy->n)
		return false;
	for (size_t i = 0; i < copy->n; i++)
		if (lookups[i].kind != copy->kinds[i] ||
		    strcmp(lookups[i].text, copy->texts[i]) != 0)
			return false;
	return true;
}
