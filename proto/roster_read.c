/* A roster as it is read: roster_read() and roster_open() of proto/roster.h. */
#include "proto/roster.h"

#include "lib/file.h"
#include "lib/ini.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"
#include "proto/signature.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#define FILE_BYTES_MAX ((size_t)1024 * 1024)
#define HEAD "roster"

/* A file being read: members in its order, and which keys of the last one were there. */
struct reading {
	const char *name;
	struct fault *fault;
	struct roster roster;
	bool has_epoch;
	bool has_sign, has_link, has_fingerprint, has_status;
	char fingerprint[64];
	unsigned line; /* of the last member's first key */
};

static int complain(const struct reading *reading, unsigned line, const char *code,
		    const char *format, ...) __attribute__((format(printf, 4, 5)));

static int complain(const struct reading *reading, unsigned line, const char *code,
		    const char *format, ...)
{
	own(buf_free) struct buf safe = {0};
	const struct error_row *row = error_find(code);
	char place[256], reason[256];
	const char *text;
	va_list arguments;

	ini_place(place, reading->name, line);
	va_start(arguments, format);
	(void)vsnprintf(reason, sizeof(reason), format, arguments);
	va_end(arguments);
	/* A word of the file may hold what a terminal would obey. */
	text_escape(reason, strlen(reason), &safe);
	text = buf_text(&safe);
	return fault_set(reading->fault, code, place, row->remedy_en, "%s",
			 text == NULL ? row->en : text);
}

static struct roster_member *last_member(struct reading *reading)
{
	struct roster *roster = &reading->roster;

	return roster->members_n == 0 ? NULL : &roster->members[roster->members_n - 1];
}

/* The card that ends here must be whole, and its fingerprint the key's. */
static int end_member(struct reading *reading)
{
	const struct roster_member *member = last_member(reading);

	if (member == NULL)
		return 0;
	if (!reading->has_sign || !reading->has_link || !reading->has_fingerprint)
		return complain(reading, reading->line, "R004", "[%s] has no %s", member->name,
				!reading->has_sign   ? "sign"
				: !reading->has_link ? "link"
						     : "fingerprint");
	if (!sign_fingerprint_matches(member->sign, reading->fingerprint))
		return complain(reading, reading->line, "R006",
				"[%s]: %s is not the fingerprint of its sign key", member->name,
				reading->fingerprint);
	return 0;
}

static bool is_name(const char *text)
{
	const size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return n > 0 && n < ROSTER_NAME_BYTES && text[n] == '\0';
}

static int begin_member(struct reading *reading, const struct ini_line *line)
{
	struct roster *roster = &reading->roster;
	int error = end_member(reading);

	if (error != 0)
		return error;
	if (!is_name(line->section))
		return complain(reading, line->line, "R009", "[%s] cannot be a name",
				line->section);
	for (size_t i = 0; i < roster->members_n; i++)
		if (strcmp(roster->members[i].name, line->section) == 0)
			return complain(reading, line->line, "R003", "[%s] stands twice",
					line->section);
	if (roster->members_n == ROSTER_MEMBERS_MAX)
		return complain(reading, line->line, "R008", "more than %d members",
				ROSTER_MEMBERS_MAX);
	text_copy(roster->members[roster->members_n++].name, ROSTER_NAME_BYTES, line->section);
	reading->has_sign = reading->has_link = false;
	reading->has_fingerprint = reading->has_status = false;
	reading->line = line->line;
	return 0;
}

static int read_head(struct reading *reading, const struct ini_line *line)
{
	uint64_t epoch;

	if (strcmp(line->key, "epoch") != 0)
		return complain(reading, line->line, "R001", "[roster] has no key %s", line->key);
	if (reading->has_epoch)
		return complain(reading, line->line, "R003", "epoch stands twice");
	if (text_to_u64(line->value, UINT32_MAX, &epoch) != 0 || epoch == 0)
		return complain(reading, line->line, "R005", "epoch: \"%s\" is not a number from 1",
				line->value);
	reading->roster.epoch = (uint32_t)epoch;
	reading->has_epoch = true;
	return 0;
}

static int read_key(struct reading *reading, const struct ini_line *line, uint8_t key[static 32],
		    bool *has)
{
	static const uint8_t none[32];

	if (*has)
		return complain(reading, line->line, "R003", "%s stands twice in [%s]", line->key,
				line->section);
	if (text_unhex(line->value, key, 32) != 0 || memcmp(key, none, 32) == 0)
		return complain(reading, line->line, "R005", "%s is not a key of 64 hex digits",
				line->key);
	*has = true;
	return 0;
}

static int read_fingerprint(struct reading *reading, const struct ini_line *line)
{
	if (reading->has_fingerprint)
		return complain(reading, line->line, "R003", "fingerprint stands twice in [%s]",
				line->section);
	reading->has_fingerprint = true;
	text_copy(reading->fingerprint, sizeof(reading->fingerprint), line->value);
	return 0;
}

static int read_status(struct reading *reading, const struct ini_line *line)
{
	if (reading->has_status)
		return complain(reading, line->line, "R003", "status stands twice in [%s]",
				line->section);
	reading->has_status = true;
	if (roster_status_of(line->value, &last_member(reading)->status) != 0)
		return complain(reading, line->line, "R005",
				"status: \"%s\" is not active, suspended or retired", line->value);
	return 0;
}

/* The text up to the next |, without the blanks around it; what is too long is cut, and so no key,
 * number or word. Steps text over it: NULL after the last. */
static void next_field(const char **text, char ret_field[static 80])
{
	size_t n;

	ret_field[0] = '\0';
	if (*text == NULL)
		return;
	*text += strspn(*text, " \t");
	n = strcspn(*text, "|");
	(void)snprintf(ret_field, 80, "%.*s", (int)n, *text);
	*text = (*text)[n] == '|' ? *text + n + 1 : NULL;
	for (n = strlen(ret_field); n > 0 && strchr(" \t", ret_field[n - 1]) != NULL; n--)
		ret_field[n - 1] = '\0';
}

/* HEX | N, or HEX | N | lost */
static bool parse_former(const char *text, struct roster_former *ret_former)
{
	char hex[80], number[80], lost[80];
	bool has_third;

	next_field(&text, hex);
	next_field(&text, number);
	has_third = text != NULL;
	next_field(&text, lost);
	ret_former->is_lost = has_third;
	return text == NULL && (!has_third || strcmp(lost, "lost") == 0) &&
	       text_unhex(hex, ret_former->sign, sizeof(ret_former->sign)) == 0 &&
	       text_to_u64(number, UINT64_MAX, &ret_former->last_n) == 0;
}

static int read_former(struct reading *reading, const struct ini_line *line)
{
	struct roster *roster = &reading->roster;
	struct roster_former former = {0};

	if (!parse_former(line->value, &former))
		return complain(reading, line->line, "R005",
				"former is not a key of 64 hex digits, | and a number");
	if (roster->formers_n == ROSTER_FORMERS_MAX)
		return complain(reading, line->line, "R008", "more than %d former keys",
				ROSTER_FORMERS_MAX);
	text_copy(former.name, sizeof(former.name), line->section);
	roster->formers[roster->formers_n++] = former;
	return 0;
}

static int read_line(void *context, const struct ini_line *line, struct fault *fault)
{
	struct reading *reading = context;
	struct roster_member *member = last_member(reading);
	int error = 0;

	(void)fault;
	if (strcmp(line->section, HEAD) == 0)
		return read_head(reading, line);
	if (member == NULL || strcmp(member->name, line->section) != 0)
		error = begin_member(reading, line);
	if (error != 0)
		return error;
	member = &reading->roster.members[reading->roster.members_n - 1];
	if (strcmp(line->key, "sign") == 0)
		return read_key(reading, line, member->sign, &reading->has_sign);
	if (strcmp(line->key, "link") == 0)
		return read_key(reading, line, member->link, &reading->has_link);
	if (strcmp(line->key, "fingerprint") == 0)
		return read_fingerprint(reading, line);
	if (strcmp(line->key, "status") == 0)
		return read_status(reading, line);
	if (strcmp(line->key, "former") == 0)
		return read_former(reading, line);
	return complain(reading, line->line, "R001", "[%s] has no key %s", line->section,
			line->key);
}

static int compare_members(const void *a, const void *b)
{
	const struct roster_member *left = a, *right = b;

	return memcmp(left->sign, right->sign, sizeof(left->sign));
}

static int compare_formers(const void *a, const void *b)
{
	const struct roster_former *left = a, *right = b;

	return memcmp(left->sign, right->sign, sizeof(left->sign));
}

/* A key that somebody has or had is nobody else's, and nobody's anew. */
static int check_formers(const struct reading *reading)
{
	const struct roster *roster = &reading->roster;
	size_t of_one = 1;

	for (size_t i = 0; i < roster->formers_n; i++) {
		const struct roster_former *former = &roster->formers[i];
		bool is_taken = i > 0 && compare_formers(former - 1, former) == 0;

		for (size_t j = 0; j < roster->members_n; j++)
			is_taken |= memcmp(roster->members[j].sign, former->sign, 32) == 0;
		if (is_taken)
			return complain(reading, 1, "R003",
					"a former key of [%s] stands twice, or is in use",
					former->name);
		of_one = 1;
		for (size_t j = 0; j < roster->formers_n; j++)
			of_one += strcmp(roster->formers[j].name, former->name) == 0;
		if (of_one > ROSTER_KEYS_MAX)
			return complain(reading, 1, "R008", "[%s] has more than %d former keys",
					former->name, ROSTER_KEYS_MAX - 1);
	}
	return 0;
}

static int check_keys(const struct reading *reading)
{
	const struct roster *roster = &reading->roster;

	for (size_t i = 0; i < roster->members_n; i++) {
		const struct roster_member *member = &roster->members[i];

		for (size_t j = 0; j < i; j++) {
			const struct roster_member *other = &roster->members[j];

			if (memcmp(member->sign, other->sign, sizeof(member->sign)) == 0 ||
			    memcmp(member->link, other->link, sizeof(member->link)) == 0)
				return complain(reading, 1, "R003", "[%s] and [%s] have one key",
						other->name, member->name);
		}
	}
	return 0;
}

static void hash_number(struct sign_hash *hash, uint64_t number, size_t bytes_n)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < bytes_n; i++)
		bytes[i] = (uint8_t)(number >> (8 * i));
	sign_hash_part(hash, bytes, bytes_n);
}

/* Status and former keys go in where there are any only, with tags that cannot be names. */
static void hash_rest(struct sign_hash *hash, const struct roster *roster,
		      const struct roster_member *member)
{
	const char *status = roster_status_name(member->status);

	if (member->status != ROSTER_ACTIVE) {
		sign_hash_part(hash, "=status", strlen("=status"));
		sign_hash_part(hash, status, strlen(status));
	}
	for (size_t i = 0; i < roster->formers_n; i++) {
		const struct roster_former *former = &roster->formers[i];

		if (strcmp(former->name, member->name) != 0)
			continue;
		sign_hash_part(hash, former->is_lost ? "=lost" : "=former",
			       strlen(former->is_lost ? "=lost" : "=former"));
		sign_hash_part(hash, former->sign, sizeof(former->sign));
		hash_number(hash, former->last_n, 8);
	}
}

static void hash_roster(struct roster *roster)
{
	struct sign_hash hash;

	sign_hash_start(&hash, SIGNATURE_ROSTER);
	hash_number(&hash, roster->epoch, 4);
	for (size_t i = 0; i < roster->members_n; i++) {
		const struct roster_member *member = &roster->members[i];

		sign_hash_part(&hash, member->name, strlen(member->name));
		sign_hash_part(&hash, member->sign, sizeof(member->sign));
		sign_hash_part(&hash, member->link, sizeof(member->link));
		hash_rest(&hash, roster, member);
	}
	sign_hash_end(&hash, roster->hash);
}

int roster_read(const char *name, const void *bytes, size_t n, struct roster *ret_roster,
		struct fault *fault)
{
	struct reading reading = {.name = name, .fault = fault};
	struct roster *roster = &reading.roster;
	int error = ini_read_bytes(name, bytes, n, read_line, &reading, fault);

	if (error == 0)
		error = end_member(&reading);
	if (error == 0 && !reading.has_epoch)
		error = complain(&reading, 1, "R002", "there is no [roster] with an epoch");
	if (error == 0 && roster_find_active(roster, ROSTER_HUB) == NULL)
		error = complain(&reading, 1, "R007",
				 roster_find(roster, ROSTER_HUB) == NULL
					 ? "there is no section [hub]"
					 : "the hub cannot be suspended or retired");
	if (error == 0)
		error = check_keys(&reading);
	if (error == 0) {
		qsort(roster->formers, roster->formers_n, sizeof(roster->formers[0]),
		      compare_formers);
		error = check_formers(&reading);
	}
	if (error != 0)
		return error;
	qsort(roster->members, roster->members_n, sizeof(roster->members[0]), compare_members);
	hash_roster(roster);
	*ret_roster = *roster;
	return 0;
}

int roster_open(const char *path, const uint8_t *key, struct roster *ret_roster,
		struct fault *fault)
{
	own(buf_free) struct buf content = {0};
	struct roster roster;
	int error = file_read(path, FILE_BYTES_MAX, &content);

	if (error == -ENOMEM)
		return error;
	if (error != 0)
		return fault_set(fault, "R010", path, error_find("R010")->remedy_en,
				 "the file cannot be read: %s", fail_text(error));
	error = roster_read(path, content.data, content.n, &roster, fault);
	if (error == 0 && key != NULL)
		error = signature_verify(path, SIGNATURE_ROSTER, roster.hash, key, fault);
	if (error == 0 && key != NULL)
		error = signature_read(path, &roster.signatures, fault);
	if (error == 0)
		*ret_roster = roster;
	return error;
}
