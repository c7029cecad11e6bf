#include "daemon/site/rules_participation.h"

#include "lib/own.h"
#include "proto/programme_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int32_t value_of(const struct rules_case *of, enum record_field field)
{
	return of->record->value[field];
}

/* ---- Entry ---- */

static bool is_age_outside(const struct rules_case *of, enum record_field *ret_field,
			   char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	if (of->age < 0 || (of->age >= of->programme->age_min && of->age <= of->programme->age_max))
		return false;
	(void)snprintf(ret_detail, RULES_DETAIL_BYTES, "%d", of->age);
	return true;
}

static bool is_age_outside_site(const struct rules_case *of, enum record_field *ret_field,
				char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	if (of->age < 0 || of->site == NULL ||
	    (of->age >= of->site->age_min && of->age <= of->site->age_max) ||
	    of->age < of->programme->age_min || of->age > of->programme->age_max)
		return false;
	(void)snprintf(ret_detail, RULES_DETAIL_BYTES, "%d", of->age);
	return true;
}

static bool is_unborn(const struct rules_case *of, enum record_field *ret_field,
		      char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return rules_is_turned(of, FIELD_birth_date, FIELD_entry_date, ret_detail);
}

static bool is_from_elsewhere(const struct rules_case *of, enum record_field *ret_field,
			      char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t number = value_of(of, FIELD_municipality);

	(void)ret_field;
	if (of->site == NULL || !rules_is_given(of, FIELD_municipality) ||
	    !rules_is_given(of, FIELD_entry_date))
		return false;
	for (size_t i = 0; i < of->site->municipalities_n; i++) {
		const struct programme_municipality *own_one = &of->site->municipalities[i];

		if (strtol(own_one->code, NULL, 10) == number &&
		    programme_holds(own_one->span, value_of(of, FIELD_entry_date)))
			return false;
	}
	(void)snprintf(ret_detail, RULES_DETAIL_BYTES, "%04d", number);
	return true;
}

static bool is_interest_late(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return rules_is_turned(of, FIELD_interest_date, FIELD_entry_date, ret_detail);
}

static bool is_mapping_early(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return rules_is_turned(of, FIELD_interest_date, FIELD_mapping_date, ret_detail);
}

static bool is_mapping_late(const struct rules_case *of, enum record_field *ret_field,
			    char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return rules_is_turned(of, FIELD_mapping_date, FIELD_entry_date, ret_detail);
}

static bool is_queue_early(const struct rules_case *of, enum record_field *ret_field,
			   char ret_detail[static RULES_DETAIL_BYTES])
{
	if (rules_is_turned(of, FIELD_interest_date, FIELD_queued_date, ret_detail))
		return true;
	*ret_field = FIELD_declined_date;
	return rules_is_turned(of, FIELD_interest_date, FIELD_declined_date, ret_detail);
}

/* Who has entered may leave, not decline. */
static bool is_queue_late(const struct rules_case *of, enum record_field *ret_field,
			  char ret_detail[static RULES_DETAIL_BYTES])
{
	if (rules_is_turned(of, FIELD_queued_date, FIELD_entry_date, ret_detail))
		return true;
	*ret_field = FIELD_declined_date;
	return rules_is_turned(of, FIELD_declined_date, FIELD_entry_date, ret_detail);
}

static bool is_without_entry(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	static const enum record_field later[] = {FIELD_exit_date,         FIELD_followup_date,
						  FIELD_spell_start,       FIELD_hours_month,
						  FIELD_pause_start,       FIELD_return_date,
						  FIELD_transfer_out_date, FIELD_transfer_in_date};

	(void)ret_field;
	for (size_t i = 0; i < array_n(later) && !rules_is_given(of, FIELD_entry_date); i++) {
		int32_t day = item_earliest(of->record, later[i]);

		if (day == RECORD_MISSING)
			continue;
		rules_put_date(ret_detail, day);
		return true;
	}
	return false;
}

static bool is_never_anything(const struct rules_case *of, enum record_field *ret_field,
			      char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return !rules_is_given(of, FIELD_entry_date) && !rules_is_given(of, FIELD_interest_date);
}

/* ---- Income, groups and work ---- */

static bool is_main_not_in_set(const struct rules_case *of, enum record_field *ret_field,
			       char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t set = value_of(of, FIELD_income);

	(void)ret_field;
	(void)ret_detail;
	/* Without the set the main source stands for itself. */
	return rules_is_given(of, FIELD_income_main) && set != RECORD_MISSING && set != 0 &&
	       !record_has_code(of->record, FIELD_income,
				(uint16_t)value_of(of, FIELD_income_main));
}

/* 0 is a set that was asked for and left empty; a column that is not in the file leaves it missing.
 */
static bool is_income_empty(const struct rules_case *of, enum record_field *ret_field,
			    char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return value_of(of, FIELD_income) == 0;
}

/* What a pack's indicators cannot do without (2-domain, Units of count). */
static bool is_unknown(const struct rules_case *of, enum record_field field)
{
	int32_t value = value_of(of, field);

	return value == RECORD_MISSING ||
	       (value >= 0 && value < 64 && (of->plan->unknown[field] >> value & 1) != 0);
}

/* Adds the fields of a pack that are not known. */
static size_t list_unknown(const struct rules_case *of, const struct rules_fields *fields,
			   enum record_field *ret_field, char ret_detail[static RULES_DETAIL_BYTES])
{
	size_t used = 0;

	ret_detail[0] = '\0';
	for (size_t i = 0; i < fields->n; i++) {
		enum record_field field = (enum record_field)fields->field[i];

		if (!is_unknown(of, field))
			continue;
		if (used == 0)
			*ret_field = field;
		if (used + strlen(record_row(field)->id) + 3 > RULES_DETAIL_BYTES)
			break;
		used += (size_t)snprintf(ret_detail + used, RULES_DETAIL_BYTES - used, "%s%s",
					 used > 0 ? ", " : "", record_row(field)->id);
	}
	return used;
}

static bool is_incomplete(const struct rules_case *of, enum record_field *ret_field,
			  char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t entry = value_of(of, FIELD_entry_date);

	for (size_t i = 0; i < of->programme->packs_n && entry != RECORD_MISSING; i++)
		if (programme_holds(of->programme->packs[i].span, entry) &&
		    list_unknown(of, &of->plan->complete[i], ret_field, ret_detail) > 0)
			return true;
	return false;
}

/* ---- Local questions ---- */

/* The question of a slot is the site's own, and so is the list of its answers. */
static bool is_answer_of_none(const struct rules_case *of, enum record_field field)
{
	int site = (int)(of->site - of->programme->sites);
	const struct programme_question *question =
		programme_question(of->programme, site, (unsigned)(field - FIELD_question_1) + 1);
	const struct programme_list *list =
		question == NULL ? NULL : programme_list(of->programme, question->list);

	return list == NULL || programme_code(list, (uint16_t)value_of(of, field)) == NULL;
}

static bool is_question_wrong(const struct rules_case *of, enum record_field *ret_field,
			      char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_detail;
	for (int field = FIELD_question_1; field <= FIELD_question_8 && of->site != NULL; field++) {
		if (!rules_is_given(of, (enum record_field)field) ||
		    !is_answer_of_none(of, (enum record_field)field))
			continue;
		*ret_field = (enum record_field)field;
		return true;
	}
	return false;
}

const struct rules_row *rules_of_participation(size_t *ret_n)
{
	static const struct rules_row rows[] = {
		{"V010", 'E', FIELD_birth_date, is_age_outside},
		{"V011", 'W', FIELD_birth_date, is_age_outside_site},
		{"V013", 'W', FIELD_municipality, is_from_elsewhere},
		{"V015", 'E', FIELD_interest_date, is_interest_late},
		{"V018", 'E', FIELD_birth_date, is_unborn},
		{"V020", 'E', FIELD_entry_date, is_without_entry},
		{"V023", 'E', FIELD_income_main, is_main_not_in_set},
		{"V024", 'E', FIELD_income, is_income_empty},
		{"V040", 'E', FIELD_entry_date, is_never_anything},
		{"V041", 'I', FIELD_sex, is_incomplete},
		{"V060", 'E', FIELD_mapping_date, is_mapping_early},
		{"V061", 'E', FIELD_mapping_date, is_mapping_late},
		{"V062", 'E', FIELD_queued_date, is_queue_early},
		{"V063", 'E', FIELD_queued_date, is_queue_late},
		{"V081", 'E', FIELD_question_1, is_question_wrong},
	};

	*ret_n = array_n(rows);
	return rows;
}
