#include "daemon/site/rules_known.h"

#include "daemon/site/token.h"
#include "lib/own.h"

static int32_t value_of(const struct rules_case *of, enum record_field field)
{
	return of->record->value[field];
}

/* ---- Re-entry ---- */

static size_t returns_n(const struct record *record)
{
	size_t n = 0;

	for (const struct record_item *item = item_next(record, RECORD_RETURN, NULL); item != NULL;
	     item = item_next(record, RECORD_RETURN, item))
		n++;
	return n;
}

/* A re-entry without a date of its own: the known participation had ended before this row's entry,
 * or its end is taken back. */
static bool is_silent_reentry(const struct rules_case *of)
{
	int32_t known_exit, known_entry;

	if (of->known == NULL || of->is_correction)
		return false;
	known_exit = of->known->value[FIELD_exit_date];
	known_entry = of->known->value[FIELD_entry_date];
	if (known_exit == RECORD_MISSING || known_entry == RECORD_MISSING ||
	    !rules_is_given(of, FIELD_entry_date) || returns_n(of->record) > returns_n(of->known))
		return false;
	return !rules_is_given(of, FIELD_exit_date) ||
	       (value_of(of, FIELD_entry_date) > known_entry &&
		value_of(of, FIELD_entry_date) >= known_exit);
}

/* On re-entry the first entry stays as it was, date and data (2-domain, Units of count); what was
 * wrong from the start is corrected as such. */
static bool is_entry_rewritten(const struct rules_case *of, enum record_field *ret_field,
			       char ret_detail[static RULES_DETAIL_BYTES])
{
	if (of->known == NULL || of->is_correction ||
	    (returns_n(of->record) == 0 && !is_silent_reentry(of)))
		return false;
	for (int field = 0; field < FIELD_N; field++) {
		int32_t known = of->known->value[field];

		if (record_row((enum record_field)field)->part != RECORD_ENTRY ||
		    known == RECORD_MISSING || known == of->record->value[field])
			continue;
		*ret_field = (enum record_field)field;
		if (of->known->value[FIELD_entry_date] != RECORD_MISSING)
			rules_put_date(ret_detail, of->known->value[FIELD_entry_date]);
		return true;
	}
	return false;
}

static bool is_back(const struct rules_case *of, enum record_field *ret_field,
		    char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	if (!is_silent_reentry(of))
		return false;
	rules_put_date(ret_detail, of->known->value[FIELD_exit_date]);
	return true;
}

/* A re-entry comes after the exit it ended and, when there is one, before the next. */
static bool is_return_turned(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return rules_is_turned(of, FIELD_returned_from, FIELD_return_date, ret_detail) ||
	       rules_is_turned(of, FIELD_entry_date, FIELD_returned_from, ret_detail) ||
	       rules_is_turned(of, FIELD_return_date, FIELD_exit_date, ret_detail) ||
	       rules_is_turned(of, FIELD_return_date, FIELD_transfer_out_date, ret_detail);
}

static bool is_return_loose(const struct rules_case *of, enum record_field *ret_field,
			    char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	if (!rules_is_given(of, FIELD_return_date) || rules_is_given(of, FIELD_returned_from))
		return false;
	rules_put_date(ret_detail, value_of(of, FIELD_return_date));
	return true;
}

/* ---- The same person twice ---- */

static bool is_known_active(const struct record *known)
{
	return known->value[FIELD_exit_date] == RECORD_MISSING &&
	       known->value[FIELD_transfer_out_date] == RECORD_MISSING;
}

static enum record_field known_by(const struct rules_case *of)
{
	return of->record->identity.number[0] != '\0' ? FIELD_person_number : FIELD_local_id;
}

static bool is_here_already(const struct rules_case *of, enum record_field *ret_field,
			    char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_detail;
	*ret_field = known_by(of);
	return of->is_new && of->known != NULL && is_known_active(of->known);
}

static bool was_here(const struct rules_case *of, enum record_field *ret_field,
		     char ret_detail[static RULES_DETAIL_BYTES])
{
	if (!of->is_new || of->known == NULL || is_known_active(of->known))
		return false;
	*ret_field = known_by(of);
	if (of->known->value[FIELD_exit_date] != RECORD_MISSING)
		rules_put_date(ret_detail, of->known->value[FIELD_exit_date]);
	return true;
}

/* ---- Transfers ---- */

static bool is_token_wrong(const struct rules_case *of, enum record_field *ret_field,
			   char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_detail;
	if (of->record->token_in[0] != '\0' && !token_is_good(of->record->token_in))
		return true;
	*ret_field = FIELD_transfer_out_token;
	return of->record->token_out[0] != '\0' && !token_is_good(of->record->token_out);
}

static bool is_without_token(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return rules_is_given(of, FIELD_transfer_in_date) && of->record->token_in[0] == '\0';
}

static bool is_transfer_turned(const struct rules_case *of, enum record_field *ret_field,
			       char ret_detail[static RULES_DETAIL_BYTES])
{
	if (rules_is_turned(of, FIELD_entry_date, FIELD_transfer_out_date, ret_detail) ||
	    rules_is_turned(of, FIELD_transfer_in_date, FIELD_transfer_out_date, ret_detail))
		return true;
	*ret_field = FIELD_transfer_in_date;
	return rules_is_turned(of, FIELD_entry_date, FIELD_transfer_in_date, ret_detail) ||
	       rules_is_turned(of, FIELD_transfer_in_date, FIELD_exit_date, ret_detail);
}

/* Who went on to another association leaves there. */
static bool is_left_and_moved(const struct rules_case *of, enum record_field *ret_field,
			      char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	if (!rules_is_given(of, FIELD_transfer_out_date) || !rules_is_given(of, FIELD_exit_date))
		return false;
	rules_put_date(ret_detail, value_of(of, FIELD_transfer_out_date));
	return true;
}

const struct rules_row *rules_of_known(size_t *ret_n)
{
	static const struct rules_row rows[] = {
		{"V035", 'E', FIELD_entry_date, is_entry_rewritten},
		{"V036", 'W', FIELD_exit_date, is_back},
		{"V043", 'E', FIELD_person_number, is_here_already},
		{"V044", 'W', FIELD_person_number, was_here},
		{"V070", 'E', FIELD_transfer_in_token, is_token_wrong},
		{"V071", 'W', FIELD_transfer_in_token, is_without_token},
		{"V076", 'E', FIELD_transfer_out_date, is_transfer_turned},
		{"V077", 'E', FIELD_exit_date, is_left_and_moved},
		{"V078", 'E', FIELD_return_date, is_return_turned},
		{"V079", 'E', FIELD_return_date, is_return_loose},
	};

	*ret_n = array_n(rows);
	return rows;
}
