/*
 * mia-vectors FILE...: holds our own code to the cases of tests/data/vectors. One JSON line a case
 * on stdout, {"case", "pass", "got"}; exit 0, 10 when a case differs, 1 when a file cannot be read.
 * A case's "kind" says what is asked; tests/tools/make_vectors.py says what the kinds mean.
 */
#include "tests/tools/vectors.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/period.h"
#include "proto/roster.h"
#include "proto/wire.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#define EXIT_DIFFERENCE 10

/* ---- reading a case ---- */

const char *text_of(const json_t *in, const char *key)
{
	const char *text = json_string_value(json_object_get(in, key));

	assert(text != NULL);
	return text;
}

uint64_t number_of(const json_t *in, const char *key)
{
	const json_t *value = json_object_get(in, key);

	assert(json_is_integer(value) && json_integer_value(value) >= 0);
	return (uint64_t)json_integer_value(value);
}

static void add_hex(const char *hex, struct buf *to)
{
	size_t n = strlen(hex) / 2;
	uint8_t *bytes = buf_extend(to, n);

	assert(bytes != NULL && text_unhex(hex, bytes, n) == 0);
}

void bytes_of(const json_t *in, const char *key, uint8_t *to, size_t n)
{
	int r = text_unhex(text_of(in, key), to, n);

	assert(r == 0);
}

json_t *hex_json(const void *bytes, size_t n)
{
	char *hex = malloc(2 * n + 1);
	json_t *text;

	assert(hex != NULL);
	text_hex(bytes, n, hex);
	text = json_string(hex);
	free(hex);
	return text;
}

/* ---- one function a kind: what we make of the case ---- */

static json_t *run_hash(const json_t *in)
{
	struct sign_hash hash;
	uint8_t digest[SIGN_HASH_BYTES];
	const json_t *part;
	size_t i;

	sign_hash_start(&hash, text_of(in, "domain"));
	json_array_foreach(json_object_get(in, "parts"), i, part)
	{
		own(buf_free) struct buf bytes = {0};

		add_hex(json_string_value(part), &bytes);
		sign_hash_part(&hash, bytes.data, bytes.n);
	}
	sign_hash_end(&hash, digest);
	return hex_json(digest, sizeof(digest));
}

static json_t *run_chain(const json_t *in)
{
	json_t *heads = json_array();
	uint8_t head[SIGN_HASH_BYTES];
	const json_t *payload;
	size_t i;

	sign_chain_start(text_of(in, "site"), head);
	(void)json_array_append_new(heads, hex_json(head, sizeof(head)));
	json_array_foreach(json_object_get(in, "payloads"), i, payload)
	{
		own(buf_free) struct buf bytes = {0};

		add_hex(json_string_value(payload), &bytes);
		sign_chain_next(head, i + 1, bytes.data, bytes.n, head);
		(void)json_array_append_new(heads, hex_json(head, sizeof(head)));
	}
	return heads;
}

static struct sign_key *key_of(const json_t *in, const char *name)
{
	uint8_t seed[SIGN_SEED_BYTES];
	struct sign_key *key = NULL;
	int r;

	bytes_of(in, name, seed, sizeof(seed));
	r = sign_key_new(seed, &key);
	assert(r == 0);
	return key;
}

static json_t *run_sign(const json_t *in)
{
	own(sign_key_free) struct sign_key *key = key_of(in, "seed");
	own(buf_free) struct buf message = {0};
	uint8_t signature[SIGN_BYTES], public[SIGN_PUBLIC_BYTES];

	add_hex(text_of(in, "message"), &message);
	bytes_of(in, "public", public, sizeof(public));
	if (memcmp(public, sign_key_public(key), sizeof(public)) != 0)
		return json_string("another public key");
	sign_make(key, text_of(in, "domain"), message.data, message.n, signature);
	return hex_json(signature, sizeof(signature));
}

static json_t *run_check(const json_t *in)
{
	own(buf_free) struct buf message = {0};
	uint8_t signature[SIGN_BYTES], public[SIGN_PUBLIC_BYTES];

	add_hex(text_of(in, "message"), &message);
	bytes_of(in, "public", public, sizeof(public));
	bytes_of(in, "signature", signature, sizeof(signature));
	return json_boolean(
		sign_check(public, text_of(in, "domain"), message.data, message.n, signature));
}

static json_t *run_fingerprint(const json_t *in)
{
	uint8_t public[SIGN_PUBLIC_BYTES];
	char text[SIGN_FINGERPRINT_BYTES];

	bytes_of(in, "public", public, sizeof(public));
	sign_fingerprint(public, text);
	return json_string(text);
}

/* A text that parses must also be written back as it was. */
static json_t *run_period(const json_t *in)
{
	struct period_range range;
	char again[PERIOD_TEXT_BYTES];

	if (period_parse(text_of(in, "text"), &range) != 0)
		return json_null();
	period_format(range, again);
	if (strcmp(again, text_of(in, "text")) != 0)
		return json_string(again);
	return json_pack("[ii]", (int)range.first, (int)range.last);
}

static json_t *run_period_ends(const json_t *in)
{
	uint32_t period = (uint32_t)number_of(in, "period");

	return json_pack("[bb]", period_ends_quarter(period), period_ends_year(period));
}

static json_t *run_period_days(const json_t *in)
{
	uint32_t period = (uint32_t)number_of(in, "period");

	if (period_of_day(period_first_day(period)) != period ||
	    period_of_day(period_last_day(period)) != period)
		return json_string("period_of_day");
	return json_pack("[ii]", (int)period_first_day(period), (int)period_last_day(period));
}

/* Decodes as either sender may, prints, and packs the same bytes again. */
static json_t *run_message(const json_t *in)
{
	own(buf_free) struct buf bytes = {0};
	own(buf_free) struct buf again = {0};
	own(buf_free) struct buf json = {0};
	unsigned senders = (unsigned)number_of(in, "sender");
	struct msg msg;

	add_hex(text_of(in, "hex"), &bytes);
	if (((senders & FROM_SITE) == 0 || msg_unpack(bytes.data, bytes.n, FROM_SITE, &msg) != 0) &&
	    ((senders & FROM_HUB) == 0 || msg_unpack(bytes.data, bytes.n, FROM_HUB, &msg) != 0))
		return json_null();
	msg_pack(&msg, &again);
	if (again.n != bytes.n || memcmp(again.data, bytes.data, bytes.n) != 0)
		return json_string("packed otherwise");
	if (msg_print_json(bytes.data, bytes.n, &json) != 0)
		return json_string("not printed");
	return json_loadb((const char *)json.data, json.n, 0, NULL);
}

static json_t *run_decide(const json_t *in)
{
	static const char *const names[] = {
		[WIRE_STREAM] = "stream", [WIRE_ADOPT] = "adopt", [WIRE_FORK] = "fork"};
	uint8_t at[SIGN_HASH_BYTES], head[SIGN_HASH_BYTES], hub[SIGN_HASH_BYTES],
		fetched[SIGN_HASH_BYTES];
	bool has_at = !json_is_null(json_object_get(in, "own_at_hub_n"));
	bool has_fetched = !json_is_null(json_object_get(in, "fetched"));

	bytes_of(in, "own_head", head, sizeof(head));
	bytes_of(in, "hub_hash", hub, sizeof(hub));
	if (has_at)
		bytes_of(in, "own_at_hub_n", at, sizeof(at));
	if (has_fetched)
		bytes_of(in, "fetched", fetched, sizeof(fetched));
	return json_string(
		names[wire_decide(number_of(in, "own_n"), has_at ? at : NULL, head,
				  number_of(in, "hub_n"), hub, has_fetched ? fetched : NULL)]);
}

static json_t *run_backoff(const json_t *in)
{
	return json_integer(wire_backoff((int64_t)number_of(in, "previous_ms"),
					 (uint32_t)number_of(in, "random")));
}

static json_t *run_receipt(const json_t *in)
{
	own(sign_key_free) struct sign_key *hub = key_of(in, "hub_seed");
	struct msg_RECEIPT receipt = {.n = number_of(in, "n")};

	bytes_of(in, "hash", receipt.hash, sizeof(receipt.hash));
	bytes_of(in, "token", receipt.token, sizeof(receipt.token));
	wire_sign_receipt(&receipt, hub);
	if (!wire_check_receipt(&receipt, sign_key_public(hub)))
		return json_string("not checked");
	return hex_json(receipt.signature, sizeof(receipt.signature));
}

static json_t *run_result(const json_t *in)
{
	own(sign_key_free) struct sign_key *hub = key_of(in, "hub_seed");
	own(buf_free) struct buf body = {0};
	uint8_t signature[SIGN_BYTES];

	add_hex(text_of(in, "body"), &body);
	wire_sign_result(body.data, body.n, hub, signature);
	if (!wire_check_result(body.data, body.n, sign_key_public(hub), signature))
		return json_string("not checked");
	return hex_json(signature, sizeof(signature));
}

static json_t *run_roster(const json_t *in)
{
	static struct roster roster;
	struct fault fault = {0};
	const char *text = text_of(in, "text");

	if (roster_read("vector", text, strlen(text), &roster, &fault) != 0)
		return json_string(fault.reason);
	return hex_json(roster.hash, sizeof(roster.hash));
}

/* ---- the run ---- */

static const struct kind {
	const char *name;
	json_t *(*run)(const json_t *in);
} kinds[] = {
	{"hash", run_hash},
	{"chain", run_chain},
	{"sign", run_sign},
	{"check", run_check},
	{"fingerprint", run_fingerprint},
	{"period", run_period},
	{"period_ends", run_period_ends},
	{"period_days", run_period_days},
	{"message", run_message},
	{"release", run_release},
	{"roster", run_roster},
	{"decide", run_decide},
	{"backoff", run_backoff},
	{"receipt", run_receipt},
	{"result", run_result},
};

static json_t *run_case(const json_t *in)
{
	for (size_t i = 0; i < array_n(kinds); i++)
		if (strcmp(kinds[i].name, text_of(in, "kind")) == 0)
			return kinds[i].run(in);
	return json_string("no such kind");
}

static size_t run_file(const json_t *file)
{
	const json_t *in;
	size_t i, differ = 0;

	json_array_foreach(json_object_get(file, "cases"), i, in)
	{
		json_t *got = run_case(in);
		int pass = json_equal(got, json_object_get(in, "want"));
		json_t *line = json_pack("{sssbso}", "case", text_of(in, "case"), "pass", pass,
					 "got", got);

		assert(line != NULL);
		(void)json_dumpf(line, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
		(void)putchar('\n');
		json_decref(line);
		differ += pass ? 0 : 1;
	}
	if (i == 0)
		(void)fprintf(stderr, "no cases\n");
	return i == 0 ? 1 : differ;
}

int main(int argc, char *argv[])
{
	size_t differ = 0;

	if (argc < 2) {
		(void)fprintf(stderr, "usage: mia-vectors FILE...\n");
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		json_error_t error;
		json_t *file = json_load_file(argv[i], 0, &error);

		if (file == NULL) {
			(void)fprintf(stderr, "%s:%d: %s\n", argv[i], error.line, error.text);
			return EXIT_FAILURE;
		}
		differ += run_file(file);
		json_decref(file);
	}
	return differ == 0 ? EXIT_SUCCESS : EXIT_DIFFERENCE;
}
