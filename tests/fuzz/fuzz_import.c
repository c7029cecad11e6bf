/*
 * Any bytes as a file: the first byte says in how large pieces. A row is within the file, and a
 * good one survives being packed and read back; no finding repeats a run of digits.
 */
#include "daemon/site/change.h"
#include "daemon/site/import.h"

#include "lib/file.h"
#include "proto/programme_read.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct programme *programme(void)
{
	static struct programme *loaded;
	struct buf bytes = {0};
	struct fault fault;

	if (loaded == NULL) {
		assert(file_read("proto/programme/mia.ini", 1 << 20, &bytes) == 0);
		assert(programme_read("mia.ini", bytes.data, bytes.n, &loaded, &fault) == 0);
		buf_free(&bytes);
	}
	return loaded;
}

static void check_survives(const struct record *record)
{
	struct record empty, again;
	struct buf bytes = {0};
	struct unpack in;

	record_clear(&empty);
	again = empty;
	change_pack(&empty, record, &bytes);
	assert(bytes.error == 0);
	in = unpack_start(bytes.data, bytes.n);
	change_apply(&in, &again);
	assert(unpack_end(&in) == 0);
	assert(!change_differs(&again, record));
	buf_free(&bytes);
}

/* Who begins with which letter is known, so that items have somebody to belong to. */
static enum lookup_verdict know(void *context, const struct record *record,
				struct record *ret_known)
{
	(void)context;
	switch (record->identity.local_id[0]) {
	case 'A':
	case 'B':
		record_clear(ret_known);
		ret_known->identity.type = ID_LOCAL;
		memcpy(ret_known->identity.local_id, record->identity.local_id, RECORD_TEXT_BYTES);
		ret_known->value[FIELD_consent] = RECORD_CONSENT_GIVEN;
		ret_known->value[FIELD_entry_date] = date_from_civil(2017, 5, 2);
		if (record->identity.local_id[0] == 'B')
			ret_known->value[FIELD_exit_date] = date_from_civil(2018, 1, 31);
		return LOOKUP_SOMEBODY;
	case 'H':
		return LOOKUP_HAD;
	case 'K':
		return LOOKUP_TOKEN_TAKEN;
	case 'T':
		return LOOKUP_TWO;
	default:
		return LOOKUP_NOBODY;
	}
}

static int check_row(void *context, struct import_row *row)
{
	const uint64_t *bytes = context;

	assert(row->line > 0 && row->offset <= *bytes && row->bytes <= *bytes - row->offset);
	assert(row->result->findings_n <= VALIDATE_FINDINGS_MAX);
	for (size_t i = 0; i < row->result->findings_n; i++)
		assert(strspn(row->result->findings[i].detail, "0123456789") < 9);
	if (row->is_whole)
		check_survives(row->record);
	assert(row->is_whole || row->result->has_error || import_form_is_items(row->form));
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	uint64_t bytes = n > 0 ? n - 1 : 0;
	size_t piece = n > 0 ? (size_t)data[0] + 1 : 1;
	struct import_settings settings = {
		.programme = programme(),
		.site = &programme()->sites[0],
		.today = date_from_civil(2018, 7, 1),
		.dates = n > 0 ? (enum date_order)(data[0] % 3) : DATE_ORDER_REFUSED,
	};
	struct import *import = NULL;
	struct import_summary summary;
	struct fault fault = {0};
	int error;

	assert(import_new(&settings, check_row, know, &bytes, &import) == 0);
	error = 0;
	for (size_t at = 0; error == 0 && at < bytes; at += piece)
		error = import_feed(import, data + 1 + at, bytes - at < piece ? bytes - at : piece,
				    &fault);
	if (error == 0)
		error = import_end(import, &fault);
	assert(error == 0 || fault.code[0] != '\0');
	import_summary(import, &summary);
	assert(summary.rows_refused <= summary.rows);
	import_free(&import);
	return 0;
}
