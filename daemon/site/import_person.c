#include "daemon/site/import_person.h"

#include "daemon/site/import_settle.h"

void import_person_refuse(const struct import_judge *judge, enum lookup_verdict verdict,
			  struct validate_result *findings)
{
	switch (verdict) {
	case LOOKUP_SOMEBODY:
		return;
	case LOOKUP_NOBODY:
		if (import_form_is_items(judge->columns->form))
			validate_add(findings, "I039", VALIDATE_ERROR, FIELD_local_id, "");
		return;
	case LOOKUP_TWO:
		validate_add(findings, "I038", VALIDATE_ERROR, FIELD_local_id, "");
		return;
	case LOOKUP_TOKEN_TAKEN:
		validate_add(findings, "V056", VALIDATE_ERROR, FIELD_transfer_in_token, "");
		return;
	case LOOKUP_HAD:
		validate_add(findings, "I036", VALIDATE_ERROR, FIELD_N, "");
		return;
	}
}

enum lookup_verdict import_person_find(const struct import_judge *judge,
				       const struct record *record, struct record *ret_known)
{
	if (judge->known == NULL)
		return LOOKUP_NOBODY;
	return judge->known(judge->context, record, ret_known);
}

void import_person_judge(const struct import_judge *judge, const struct import_read *read,
			 struct record *known, struct validate_result *ret_result)
{
	struct validate_context rules = judge->rules;
	enum lookup_verdict verdict;

	import_settle_identity(judge->columns, read->number, read->record, read->findings);
	if (read->findings->has_error)
		return;
	verdict = import_person_find(judge, read->record, known);
	import_person_refuse(judge, verdict, read->findings);
	if (verdict == LOOKUP_SOMEBODY)
		rules.known = known;
	if (read->findings->has_error)
		return;
	import_settle_known(judge->columns, &rules, read->record, read->findings);
	validate_record(read->record, &rules, ret_result);
}

static enum record_id_type type_of(const struct import_read *read)
{
	if (read->number != NULL)
		return ID_PERSONNUMMER;
	return read->record->identity.local_id[0] != '\0' ? ID_LOCAL : ID_NONE;
}

/* Who an answer names is judged and never looked up. */
void import_apart_judge(const struct import_judge *judge, const struct import_read *read,
			struct validate_result *ret_result)
{
	if (judge->columns->form == IMPORT_ANSWERS) {
		read->record->identity.type = type_of(read);
		if (!read->findings->has_error)
			validate_answer(read->record, &judge->rules, ret_result);
	} else if (!read->findings->has_error) {
		validate_deviation(read->record, &judge->rules, ret_result);
	}
}
