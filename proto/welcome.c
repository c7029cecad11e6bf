#include "proto/welcome.h"

#include "lib/file.h"
#include "lib/ini.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DOMAIN_INVITATION "mia/1/invitation"
#define DOMAIN_CARD "mia/1/card"
#define FILE_BYTES_MAX 8192
#define FIELDS_MAX 12

/* One key of a section: hex of n bytes, or (is_text) text of at most n - 1. to is an array. */
struct field {
	const char *section, *key;
	void *to;
	size_t n;
	bool is_text, may_miss;
	bool is_there;
};

#define HEX(section_, key_, to_)                                                                   \
	{                                                                                          \
		.section = (section_), .key = (key_), .to = (to_), .n = sizeof(to_)                \
	}
#define TEXT(section_, key_, to_)                                                                  \
	{                                                                                          \
		.section = (section_), .key = (key_), .to = (to_), .n = sizeof(to_),               \
		.is_text = true                                                                    \
	}

struct reading {
	struct field fields[FIELDS_MAX];
	size_t n;
	const char *name, *code;
};

static int complain(const struct reading *reading, struct fault *fault, const char *code,
		    const char *format, ...) __attribute__((format(printf, 4, 5)));

static int complain(const struct reading *reading, struct fault *fault, const char *code,
		    const char *format, ...)
{
	char reason[256];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(reason, sizeof(reason), format, arguments);
	va_end(arguments);
	return fault_set(fault, code, reading->name, error_find(code)->remedy_en, "%s", reason);
}

static bool take_value(const struct field *field, const char *value)
{
	if (!field->is_text)
		return text_unhex(value, field->to, field->n) == 0;
	if (strlen(value) >= field->n)
		return false;
	text_copy(field->to, field->n, value);
	return true;
}

static int take_line(void *context, const struct ini_line *line, struct fault *fault)
{
	struct reading *reading = context;

	for (size_t i = 0; i < reading->n; i++) {
		struct field *field = &reading->fields[i];

		if (strcmp(field->section, line->section) != 0 ||
		    strcmp(field->key, line->key) != 0)
			continue;
		if (field->is_there || !take_value(field, line->value))
			return complain(reading, fault, reading->code,
					"%s stands twice or is malformed", line->key);
		field->is_there = true;
		return 0;
	}
	return complain(reading, fault, reading->code, "%s does not belong there", line->key);
}

static int read_fields(struct reading *reading, const void *bytes, size_t n, struct fault *fault)
{
	int status = ini_read_bytes(reading->name, bytes, n, take_line, reading, fault);

	for (size_t i = 0; i < reading->n && status == 0; i++)
		if (!reading->fields[i].is_there && !reading->fields[i].may_miss)
			status = complain(reading, fault, reading->code, "%s is missing",
					  reading->fields[i].key);
	return status;
}

static void add_hex(struct buf *buf, const char *key, const uint8_t *bytes, size_t n)
{
	char hex[2 * SIGN_BYTES + 1];

	text_hex(bytes, n, hex);
	buf_printf(buf, "%s = %s\n", key, hex);
}

/* ---- the invitation ---- */

static void hash_text(struct sign_hash *hash, const char *text)
{
	sign_hash_part(hash, text, strlen(text));
}

static void hash_welcome(const struct welcome *welcome, uint8_t ret_hash[static SIGN_HASH_BYTES])
{
	struct sign_hash hash;

	sign_hash_start(&hash, DOMAIN_INVITATION);
	hash_text(&hash, welcome->site);
	hash_text(&hash, welcome->endpoint);
	sign_hash_part(&hash, welcome->programme, sizeof(welcome->programme));
	sign_hash_part(&hash, welcome->programme_key, sizeof(welcome->programme_key));
	hash_text(&hash, welcome->code);
	hash_text(&hash, welcome->last_day);
	sign_hash_part(&hash, welcome->hub_sign, sizeof(welcome->hub_sign));
	sign_hash_part(&hash, welcome->hub_link, sizeof(welcome->hub_link));
	sign_hash_end(&hash, ret_hash);
}

void welcome_sign(struct welcome *welcome, const struct sign_key *hub_key)
{
	uint8_t hash[SIGN_HASH_BYTES];

	hash_welcome(welcome, hash);
	sign_make(hub_key, DOMAIN_INVITATION, hash, sizeof(hash), welcome->signature);
}

void welcome_add(struct buf *buf, const struct welcome *welcome)
{
	buf_printf(buf, "[invitation]\nsite = %s\nendpoint = %s\n", welcome->site,
		   welcome->endpoint);
	add_hex(buf, "programme", welcome->programme, sizeof(welcome->programme));
	add_hex(buf, "programme_key", welcome->programme_key, sizeof(welcome->programme_key));
	buf_printf(buf, "code = %s\nlast_day = %s\n", welcome->code, welcome->last_day);
	add_hex(buf, "signature", welcome->signature, sizeof(welcome->signature));
	buf_printf(buf, "[" ROSTER_HUB "]\n");
	add_hex(buf, "sign", welcome->hub_sign, sizeof(welcome->hub_sign));
	add_hex(buf, "link", welcome->hub_link, sizeof(welcome->hub_link));
}

int welcome_take(const char *name, const void *bytes, size_t n, struct welcome *ret_welcome,
		 struct fault *fault)
{
	struct welcome welcome = {0};
	struct reading reading = {
		.name = name,
		.code = "J003",
		.n = 9,
		.fields = {TEXT("invitation", "site", welcome.site),
			   TEXT("invitation", "endpoint", welcome.endpoint),
			   HEX("invitation", "programme", welcome.programme),
			   HEX("invitation", "programme_key", welcome.programme_key),
			   TEXT("invitation", "code", welcome.code),
			   TEXT("invitation", "last_day", welcome.last_day),
			   HEX("invitation", "signature", welcome.signature),
			   HEX(ROSTER_HUB, "sign", welcome.hub_sign),
			   HEX(ROSTER_HUB, "link", welcome.hub_link)},
	};
	uint8_t hash[SIGN_HASH_BYTES];
	int status = read_fields(&reading, bytes, n, fault);

	if (status != 0)
		return status;
	hash_welcome(&welcome, hash);
	if (!sign_check(welcome.hub_sign, DOMAIN_INVITATION, hash, sizeof(hash), welcome.signature))
		return complain(&reading, fault, reading.code, "%s: the hub did not sign this",
				"signature");
	*ret_welcome = welcome;
	return 0;
}

int welcome_read(const char *path, struct welcome *ret_welcome, struct fault *fault)
{
	own(buf_free) struct buf content = {0};
	const struct reading reading = {.name = path};
	int status = file_read(path, FILE_BYTES_MAX, &content);

	if (status != 0)
		return complain(&reading, fault, "J003", "the file cannot be read: %s",
				fail_text(status));
	return welcome_take(path, content.data, content.n, ret_welcome, fault);
}

/* ---- the card ---- */

static void hash_card(const struct welcome_card *card, uint8_t ret_hash[static SIGN_HASH_BYTES])
{
	struct sign_hash hash;

	sign_hash_start(&hash, DOMAIN_CARD);
	hash_text(&hash, card->member.name);
	sign_hash_part(&hash, card->member.sign, sizeof(card->member.sign));
	sign_hash_part(&hash, card->member.link, sizeof(card->member.link));
	hash_text(&hash, card->code);
	sign_hash_end(&hash, ret_hash);
}

static void sign_with(const struct welcome_card *card, const struct sign_key *key,
		      uint8_t ret_signature[static SIGN_BYTES])
{
	uint8_t hash[SIGN_HASH_BYTES];

	hash_card(card, hash);
	sign_make(key, DOMAIN_CARD, hash, sizeof(hash), ret_signature);
}

void welcome_card_sign(struct welcome_card *card, const struct sign_key *key)
{
	sign_with(card, key, card->signature);
}

void welcome_card_vouch(struct welcome_card *card, const struct sign_key *former)
{
	sign_with(card, former, card->former);
}

static bool has_former(const struct welcome_card *card)
{
	static const uint8_t none[SIGN_BYTES];

	return memcmp(card->former, none, sizeof(none)) != 0;
}

void welcome_card_add(struct buf *buf, const struct welcome_card *card)
{
	buf_printf(buf, "[card]\nsite = %s\n", card->member.name);
	add_hex(buf, "sign", card->member.sign, sizeof(card->member.sign));
	add_hex(buf, "link", card->member.link, sizeof(card->member.link));
	buf_printf(buf, "code = %s\n", card->code);
	add_hex(buf, "signature", card->signature, sizeof(card->signature));
	if (has_former(card))
		add_hex(buf, "former", card->former, sizeof(card->former));
}

static bool is_signed(const struct welcome_card *card, const uint8_t key[static SIGN_PUBLIC_BYTES],
		      const uint8_t signature[static SIGN_BYTES])
{
	uint8_t hash[SIGN_HASH_BYTES];

	hash_card(card, hash);
	return sign_check(key, DOMAIN_CARD, hash, sizeof(hash), signature);
}

int welcome_card_read(const char *name, const void *bytes, size_t n, struct welcome_card *ret_card,
		      struct fault *fault)
{
	struct welcome_card card = {0};
	struct reading reading = {
		.name = name,
		.code = "J004",
		.n = 6,
		.fields = {TEXT("card", "site", card.member.name),
			   HEX("card", "sign", card.member.sign),
			   HEX("card", "link", card.member.link),
			   TEXT("card", "code", card.code),
			   HEX("card", "signature", card.signature),
			   {.section = "card",
			    .key = "former",
			    .to = card.former,
			    .n = SIGN_BYTES,
			    .may_miss = true}},
	};
	int status = read_fields(&reading, bytes, n, fault);

	if (status != 0)
		return status;
	if (!is_signed(&card, card.member.sign, card.signature))
		return complain(&reading, fault, reading.code,
				"%s: it is not signed with its own key", "signature");
	*ret_card = card;
	return 0;
}

bool welcome_card_is_vouched(const struct welcome_card *card,
			     const uint8_t former[static SIGN_PUBLIC_BYTES])
{
	return has_former(card) && is_signed(card, former, card->former);
}
