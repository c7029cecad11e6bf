#include "daemon/site/condense.h"

#include "daemon/site/change.h"
#include "lib/date.h"
#include "lib/own.h"

/* Of the entry its year, as a day that the operation has. */
static int32_t year_of(const struct programme *programme, int32_t day)
{
	int32_t first;

	if (day == RECORD_MISSING)
		return day;
	first = date_from_civil(date_to_civil(day).year, 1, 1);
	return first < programme->operation.from && day >= programme->operation.from
		       ? programme->operation.from
		       : first;
}

void condense_record(const struct programme *programme, const struct store_person *person,
		     const struct record *after, struct record *ret_kept)
{
	static const enum record_field kept[] = {FIELD_protected, FIELD_sex, FIELD_consent,
						 FIELD_consent_date, FIELD_consent_withdrawn_date};

	record_clear(ret_kept);
	ret_kept->identity.type = ID_ANONYMOUS;
	for (size_t i = 0; i < array_n(kept); i++)
		ret_kept->value[kept[i]] = after->value[kept[i]];
	if (record_has_code(after, FIELD_consent, RECORD_CONSENT_WITHDRAWN)) {
		ret_kept->value[FIELD_exit_date] = after->value[FIELD_exit_date];
		ret_kept->value[FIELD_exit_reason] = after->value[FIELD_exit_reason];
	}
	ret_kept->value[FIELD_entry_date] = year_of(programme, after->value[FIELD_entry_date]);
	for (int field = 0; person->is_condensed && field < FIELD_N; field++)
		if (ret_kept->value[field] == RECORD_MISSING)
			ret_kept->value[field] = person->record.value[field];
}

enum condense condense_how(const struct store_person *person, const struct record *after)
{
	if (change_keeps_identity(after))
		return CONDENSE_NOT;
	if (person->is_condensed)
		return CONDENSE_STILL;
	if (record_has_code(after, FIELD_consent, RECORD_CONSENT_WITHDRAWN))
		return CONDENSE_NOW;
	return person->last_seq != 0 && change_keeps_identity(&person->record) ? CONDENSE_NOW
									       : CONDENSE_NOT;
}
