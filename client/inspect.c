#include "client/inspect.h"

#include "client/words.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/pack.h"
#include "lib/text.h"
#include "proto/msg.h"
#include "proto/period.h"
#include "proto/programme_read.h"
#include "proto/release.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#define FORMAT_VERSION 1
#define CELL_BYTES 5 /* state u8, value u32le */
#define HEAD_ELEMENTS 10

static void json_free(json_t **json)
{
	json_decref(*json);
	*json = NULL;
}

static json_t *hex_of(const void *bytes, size_t n)
{
	own(mem_free) char *hex = malloc(2 * n + 1);

	if (hex == NULL)
		return NULL;
	text_hex(bytes, n, hex);
	return json_string(hex);
}

/* ---- a release's payload, with or without the programme that names its tables ---- */

static json_t *cell_of(const uint8_t *bytes, const struct programme_cell *cell)
{
	static const char *const states[CELL_STATES_N] = {
		[CELL_SUPPRESSED] = "suppressed",
		[CELL_MISSING] = "missing",
		[CELL_NOT_COLLECTED] = "not_collected",
		[CELL_ZERO] = "zero",
	};
	uint32_t value = (uint32_t)bytes[1] | (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3] << 16 |
			 (uint32_t)bytes[4] << 24;
	json_t *json = json_object();

	if (cell != NULL)
		(void)json_object_set_new(json, "cell", json_string(cell->id));
	if (bytes[0] == CELL_VALUE)
		(void)json_object_set_new(json, "value", json_integer(value));
	else
		(void)json_object_set_new(json, "state",
					  json_string(bytes[0] < CELL_STATES_N ? states[bytes[0]]
									       : "unknown"));
	return json;
}

static json_t *table_of(struct unpack *in, const struct programme *programme)
{
	const struct programme_measure *measure = NULL;
	const uint8_t *cells;
	size_t cells_n;
	uint64_t number;
	int index;
	json_t *list = json_array();

	unpack_array_of(in, 2);
	number = unpack_u64(in, UINT16_MAX);
	cells = unpack_bin(in, (size_t)PROGRAMME_CELLS_MAX * CELL_BYTES, &cells_n);
	unpack_leave(in);
	index = programme == NULL ? -1 : programme_measure_by_number(programme, (uint16_t)number);
	if (index >= 0)
		measure = &programme->measures[index];
	for (size_t i = 0; i < cells_n / CELL_BYTES; i++)
		(void)json_array_append_new(list, cell_of(cells + i * CELL_BYTES,
							  measure != NULL && i < measure->cells_n
								  ? &measure->cells[i]
								  : NULL));
	return json_pack("{s:I, s:s?, s:o}", "number", (json_int_t)number, "measure",
			 measure != NULL ? measure->id : NULL, "cells", list);
}

static json_t *tables_of(struct unpack *in, const struct programme *programme)
{
	uint32_t n = unpack_array(in, PROGRAMME_MEASURES_MAX);
	json_t *list = json_array();

	for (uint32_t i = 0; i < n && in->error == 0; i++)
		(void)json_array_append_new(list, table_of(in, programme));
	unpack_leave(in);
	return list;
}

static void add_head(struct unpack *in, json_t *json, uint32_t *ret_period)
{
	char site[PROGRAMME_ID_BYTES] = "", period[PERIOD_TEXT_BYTES];
	uint8_t hash[PROGRAMME_HASH_BYTES] = {0};

	unpack_str(in, site, sizeof(site));
	(void)json_object_set_new(json, "site", json_string(site));
	(void)json_object_set_new(json, "n", json_integer((json_int_t)unpack_u64(in, INT64_MAX)));
	*ret_period = (uint32_t)unpack_u64(in, RELEASE_PERIOD_MAX);
	period_format_month(*ret_period, period);
	(void)json_object_set_new(json, "period", json_string(period));
	unpack_bin_of(in, hash, sizeof(hash));
	(void)json_object_set_new(json, "programme", hex_of(hash, sizeof(hash)));
	unpack_bin_of(in, hash, sizeof(hash));
	(void)json_object_set_new(json, "audit_head", hex_of(hash, sizeof(hash)));
	(void)json_object_set_new(json, "is_rehearsal", json_boolean(unpack_bool(in)));
	(void)json_object_set_new(json, "at_closed", json_integer(unpack_i64(in, 0, INT64_MAX)));
}

/* What the full check against the programme says. */
static json_t *verdict_on(const void *bytes, size_t n, const struct programme *programme)
{
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));

	return body == NULL
		       ? NULL
		       : json_string(release_fault_name(release_unpack(programme, bytes, n, body)));
}

/* NULL when the bytes are no payload. */
static json_t *payload_of(const void *bytes, size_t n, const struct programme *programme)
{
	struct unpack in = unpack_start(bytes, n);
	own(json_free) json_t *json = json_object();
	uint32_t period = 0;
	size_t padding_n = 0;

	unpack_array_of(&in, HEAD_ELEMENTS);
	if (unpack_u64(&in, FORMAT_VERSION) != FORMAT_VERSION)
		return NULL;
	(void)json_object_set_new(json, "schema", json_string("mia.release/1"));
	add_head(&in, json, &period);
	(void)json_object_set_new(json, "tables", tables_of(&in, programme));
	(void)unpack_bin(&in, RELEASE_PAYLOAD_MAX, &padding_n);
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return NULL;
	(void)json_object_set_new(json, "bytes", json_integer((json_int_t)n));
	(void)json_object_set_new(json, "padding", json_integer((json_int_t)padding_n));
	if (programme != NULL)
		(void)json_object_set_new(json, "verdict", verdict_on(bytes, n, programme));
	return take(json);
}

/* ---- a message ---- */

static bool read_message(const struct buf *file, struct msg *ret_msg)
{
	return msg_unpack(file->data, file->n, FROM_SITE, ret_msg) == 0 ||
	       msg_unpack(file->data, file->n, FROM_HUB, ret_msg) == 0;
}

/* The message, and the payload it carries laid open. */
static json_t *message_of(const struct buf *file, const struct msg *msg,
			  const struct programme *programme)
{
	own(buf_free) struct buf line = {0};
	own(json_free) json_t *json = NULL;
	json_t *payload = NULL;

	if (msg_print_json(file->data, file->n, &line) != 0)
		return NULL;
	json = json_loadb((const char *)line.data, line.n, 0, NULL);
	if (msg->type == MSG_RELEASE)
		payload = payload_of(msg->RELEASE.payload, msg->RELEASE.payload_n, programme);
	else if (msg->type == MSG_CHAIN)
		payload = payload_of(msg->CHAIN.payload, msg->CHAIN.payload_n, programme);
	if (json != NULL && payload != NULL)
		(void)json_object_set_new(json, "payload", payload);
	return take(json);
}

int inspect_file(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *path = call->options->arguments[0];
	const char *programme_path = options_value(call->options, "programme");
	own(programme_free) struct programme *programme = NULL;
	own(buf_free) struct buf file = {0};
	own(json_free) json_t *json = NULL;
	struct msg msg;
	int status = 0;

	(void)ret_answer;
	if (programme_path != NULL)
		status = programme_open(programme_path, NULL, &programme, fault);
	if (status != 0)
		return status;
	status = file_read(path, MSG_BYTES_MAX, &file);
	if (status != 0)
		return fault_set(fault, "X009", path, N_("Check the path."), "%s",
				 fail_text(status));
	json = read_message(&file, &msg) ? message_of(&file, &msg, programme)
					 : payload_of(file.data, file.n, programme);
	if (json == NULL)
		return fault_set(fault, "X009", path,
				 N_("Give a message of the wire, or a release's payload."),
				 N_("this is neither a message nor a release"));
	if (json_dumpf(json, call->out.to, JSON_INDENT(2)) != 0)
		return fail(-EIO);
	(void)fputc('\n', call->out.to);
	return 0;
}
