#include "daemon/site/import_settle.h"

#include "daemon/site/item.h"
#include "lib/date.h"

#include <string.h>

static bool is_anonymous(const struct record *record)
{
	return record->value[FIELD_protected] == 1 ||
	       record_has_code(record, FIELD_consent, RECORD_CONSENT_REFUSED);
}

static enum record_id_type type_of(const struct record *record, const struct person_number *number)
{
	if (is_anonymous(record))
		return ID_ANONYMOUS;
	if (number != NULL)
		return number->is_coordination ? ID_COORDINATION : ID_PERSONNUMMER;
	return record->identity.local_id[0] != '\0' ? ID_LOCAL : ID_NONE;
}

/* The ninth digit is the sex of a personnummer; of a coordination number it promises nothing. */
static void derive(const struct import_columns *columns, const struct person_number *number,
		   struct record *record)
{
	if (!columns->has[FIELD_birth_date] && number->birth_date != DATE_NONE)
		record->value[FIELD_birth_date] = number->birth_date;
	if (!columns->has[FIELD_sex] && !number->is_coordination)
		record->value[FIELD_sex] = number->is_woman ? RECORD_SEX_WOMAN : RECORD_SEX_MAN;
}

void import_settle_identity(const struct import_columns *columns,
			    const struct person_number *number, struct record *record,
			    struct validate_result *findings)
{
	record->identity.type = type_of(record, number);
	if (record->identity.type == ID_ANONYMOUS && record->identity.local_id[0] == '\0')
		validate_add(findings, "I034", VALIDATE_ERROR, FIELD_local_id, "");
	if (number != NULL && record->identity.type != ID_ANONYMOUS)
		derive(columns, number, record);
	if (record->value[FIELD_income] == 0 && (record->identity.type == ID_ANONYMOUS ||
						 record->value[FIELD_entry_date] == RECORD_MISSING))
		record->value[FIELD_income] = RECORD_MISSING;
}

/* A text that the file does not tell stays as it is known; one that it has an empty cell for too,
 * where identities are concerned: another of them found the person. */
static void keep_text(const struct record *known, enum record_field field, struct record *record)
{
	size_t size = 0;
	char *text = record_text(record, field, &size);

	if (text[0] == '\0')
		memcpy(text, record_text((struct record *)(uintptr_t)known, field, &size), size);
}

static void keep_identity(const struct import_columns *columns, const struct record *known,
			  struct record *record)
{
	if (record->identity.number[0] == '\0' && known->identity.number[0] != '\0')
		record->identity.type = known->identity.type;
	keep_text(known, FIELD_person_number, record);
	keep_text(known, FIELD_local_id, record);
	if (!columns->has[FIELD_name])
		keep_text(known, FIELD_name, record);
	if (!columns->has[FIELD_transfer_out_token] &&
	    record->value[FIELD_transfer_out_date] != RECORD_MISSING)
		keep_text(known, FIELD_transfer_out_token, record);
	if (!columns->has[FIELD_transfer_in_token])
		keep_text(known, FIELD_transfer_in_token, record);
}

static void keep_known(const struct import_columns *columns, const struct record *known,
		       struct record *record)
{
	struct record back;

	record_copy(known, &back);
	back.value[FIELD_return_date] = record->value[FIELD_return_date];
	item_come_back(&back);
	(void)item_settle(&back, RECORD_RETURN); /* no room: the row's own will find that out */
	for (int field = 0; field < FIELD_N; field++)
		if (!columns->has[field] && record->value[field] == RECORD_MISSING)
			record->value[field] = back.value[field];
	memcpy(record->items, back.items, back.items_n * sizeof(back.items[0]));
	record->items_n = back.items_n;
	keep_identity(columns, known, record);
	record_wipe(&back);
}

static int32_t day_of_recording(const struct validate_context *context)
{
	int32_t last = context->programme->operation.to;

	return context->today < last ? context->today : last;
}

static void settle_anonymous(const struct import_columns *columns,
			     const struct validate_context *context, struct record *record,
			     struct validate_result *findings)
{
	const struct record *known = context->known;
	int32_t known_entry = known == NULL ? RECORD_MISSING : known->value[FIELD_entry_date];

	if (known != NULL && !columns->has[FIELD_sex])
		record->value[FIELD_sex] = known->value[FIELD_sex];
	if (record->value[FIELD_entry_date] == RECORD_MISSING && columns->has[FIELD_entry_date])
		return;
	if (known_entry != RECORD_MISSING) {
		record->value[FIELD_entry_date] = known_entry;
	} else if (record->value[FIELD_entry_date] != RECORD_MISSING) {
		record->value[FIELD_entry_date] = day_of_recording(context);
		validate_add(findings, "I035", VALIDATE_INFORM, FIELD_entry_date, "");
	}
}

void import_settle_known(const struct import_columns *columns,
			 const struct validate_context *context, struct record *record,
			 struct validate_result *findings)
{
	if (record->identity.type == ID_ANONYMOUS)
		settle_anonymous(columns, context, record, findings);
	else if (context->known != NULL)
		keep_known(columns, context->known, record);
	item_come_back(record);
	if (item_settle_all(record) < 0)
		validate_add(findings, "I037", VALIDATE_ERROR, FIELD_spell_start, "");
}
