#include "client/form_reply.h"

#include "client/words.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define COUNT_MOST 1000000000
#define TOKEN_DIGITS 20
#define MONTH_BYTES 7 /* 2018-04 */
#define WORD_BYTES REQUEST_FIELD_BYTES
#define SET_SIGNS "+,;|"

bool form_is_numbered(const struct form *form, const struct form_field *field)
{
	for (size_t i = 0; i < field->choices_n; i++) {
		const char *id = form->choices[field->first + i].id;

		if (id[0] == '\0' || strspn(id, "0123456789") != strlen(id))
			return false;
	}
	return field->choices_n > 0;
}

static enum form_reply refuse(const struct form_field *field, struct fault *fault,
			      const char *reason, const char *remedy)
{
	(void)fault_set(fault, "X002", field->label, remedy, "%s", reason);
	return REPLY_WRONG;
}

/* Copies text without outer blanks. */
static void trim(const char *text, char ret_word[static WORD_BYTES])
{
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	for (n = strlen(text); n > 0 && isspace((unsigned char)text[n - 1]);)
		n--;
	n = n < WORD_BYTES ? n : WORD_BYTES - 1;
	memcpy(ret_word, text, n);
	ret_word[n] = '\0';
}

/* ---- codes ---- */

enum match { MATCH_NONE, MATCH_ONE, MATCH_SEVERAL };

static bool begins_so(const char *whole, const char *word)
{
	own(buf_wipe) struct buf folded = {0};
	own(buf_wipe) struct buf start = {0};

	if (text_fold(whole, strlen(whole), &folded) != 0 ||
	    text_fold(word, strlen(word), &start) != 0)
		return false;
	return start.n > 0 && start.n <= folded.n && memcmp(folded.data, start.data, start.n) == 0;
}

static const struct form_choice *exactly(const struct form *form, const struct form_field *field,
					 const char *word)
{
	const struct form_choice *choices = &form->choices[field->first];
	uint64_t place;

	for (size_t i = 0; i < field->choices_n; i++)
		if (text_same_word(choices[i].id, word) || text_same_word(choices[i].label, word))
			return &choices[i];
	if (!form_is_numbered(form, field) && text_to_u64(word, field->choices_n, &place) == 0 &&
	    place > 0)
		return &choices[place - 1];
	return NULL;
}

static enum match match_code(const struct form *form, const struct form_field *field,
			     const char *word, const struct form_choice **ret_choice)
{
	const struct form_choice *choices = &form->choices[field->first];
	const struct form_choice *found = exactly(form, field, word);

	for (size_t i = 0; found == NULL && i < field->choices_n; i++) {
		if (!begins_so(choices[i].label, word) && !begins_so(choices[i].id, word))
			continue;
		for (size_t j = i + 1; j < field->choices_n; j++)
			if (begins_so(choices[j].label, word) || begins_so(choices[j].id, word))
				return MATCH_SEVERAL;
		found = &choices[i];
	}
	if (found == NULL)
		return MATCH_NONE;
	*ret_choice = found;
	return MATCH_ONE;
}

static enum form_reply refuse_code(const struct form_field *field, enum match match,
				   struct fault *fault)
{
	if (match == MATCH_SEVERAL)
		return refuse(field, fault, N_("more than one answer begins so"),
			      N_("Type more of it, or its number."));
	return refuse(field, fault, N_("that is none of the answers"),
		      N_("Type a number or word of the list; ? explains."));
}

/* ---- sets ---- */

static bool add_code(const struct form_choice *choice, char value[static REQUEST_FIELD_BYTES])
{
	size_t n = strlen(value);

	return snprintf(value + n, REQUEST_FIELD_BYTES - n, "%s%s", n > 0 ? "|" : "", choice->id) <
	       (int)(REQUEST_FIELD_BYTES - n);
}

static bool has_code(const char *value, const char *id)
{
	size_t n = strlen(id);

	for (const char *at = strstr(value, id); at != NULL; at = strstr(at + 1, id))
		if ((at == value || at[-1] == '|') && (at[n] == '\0' || at[n] == '|'))
			return true;
	return false;
}

/* "1 3 5": only numbers may stand with nothing but blanks between. */
static const char *signs_between(const char *typed)
{
	return strspn(typed, "0123456789 ") == strlen(typed) ? SET_SIGNS " " : SET_SIGNS;
}

static enum form_reply reply_set(const struct form *form, const struct form_field *field,
				 const char *typed, char value[static REQUEST_FIELD_BYTES],
				 struct fault *fault)
{
	const struct form_choice *choice;
	const char *signs = signs_between(typed);

	value[0] = '\0';
	/* A label may hold a comma itself. */
	if (match_code(form, field, typed, &choice) == MATCH_ONE) {
		(void)add_code(choice, value);
		return REPLY_VALUE;
	}
	while (*typed != '\0') {
		char piece[WORD_BYTES], word[WORD_BYTES];
		size_t n = strcspn(typed, signs);
		enum match match;

		memcpy(piece, typed, n);
		piece[n] = '\0';
		trim(piece, word);
		typed += n + (typed[n] != '\0' ? 1 : 0);
		if (word[0] == '\0')
			continue;
		match = match_code(form, field, word, &choice);
		if (match != MATCH_ONE)
			return refuse_code(field, match, fault);
		if (!has_code(value, choice->id) && !add_code(choice, value))
			return refuse(field, fault, N_("these are too many"),
				      N_("Type fewer of them."));
	}
	return REPLY_VALUE;
}

/* ---- the rest ---- */

/* Days before today that a word means, or -1. */
static int days_ago(const char *typed)
{
	static const struct {
		const char *word;
		int days;
	} known[] = {{"idag", 0}, {"i dag", 0}, {"today", 0},
		     {"igår", 1}, {"i går", 1}, {"yesterday", 1}};

	for (size_t i = 0; i < array_n(known); i++)
		if (text_same_word(known[i].word, typed))
			return known[i].days;
	return -1;
}

static enum form_reply reply_date(const struct form_field *field, const char *typed, int32_t today,
				  char value[static REQUEST_FIELD_BYTES], struct fault *fault)
{
	int32_t day = today - days_ago(typed);
	int status =
		days_ago(typed) >= 0 ? 0 : date_parse_any(typed, DATE_ORDER_REFUSED, today, &day);

	if (status == -EDOM)
		return refuse(field, fault, N_("day and month could be taken for each other"),
			      N_("Type year, month, day: 2018-04-01, 20180401 or 180401."));
	if (status != 0)
		return refuse(field, fault, N_("that is no date"),
			      N_("Type year, month, day: 2018-04-01, 20180401 or 180401."));
	date_format(day, value);
	return REPLY_VALUE;
}

/* 2018-04 and 201804 as the first day of the month; false when it has neither form. */
static bool read_month(const char *typed, int32_t *ret_day)
{
	size_t year = strspn(typed, "0123456789");
	const char *rest = typed + 4 + (year == 4 && typed[4] == '-' ? 1 : 0);
	char text[DATE_TEXT_BYTES];

	if ((year != 4 && year != 6) || strlen(rest) != 2 ||
	    (strncmp(typed, "19", 2) != 0 && strncmp(typed, "20", 2) != 0))
		return false;
	(void)snprintf(text, sizeof(text), "%.4s-%.2s-01", typed, rest);
	return date_parse_iso(text, ret_day) == 0;
}

/* A date stands for its month. */
static enum form_reply reply_month(const struct form_field *field, const char *typed, int32_t today,
				   char value[static REQUEST_FIELD_BYTES], struct fault *fault)
{
	int32_t day;
	bool is_month = read_month(typed, &day) ||
			date_parse_any(typed, DATE_ORDER_REFUSED, today, &day) == 0;

	if (is_month) {
		date_format(day, value);
		value[MONTH_BYTES] = '\0';
		is_month = read_month(value, &day); /* not of a century that is none of ours */
	}
	if (!is_month)
		return refuse(field, fault, N_("that is no month"),
			      N_("Type year and month: 2018-04."));
	return REPLY_VALUE;
}

static enum form_reply reply_token(const struct form_field *field,
				   char value[static REQUEST_FIELD_BYTES], struct fault *fault)
{
	size_t n = 0;

	for (const char *at = value; *at != '\0'; at++)
		if (*at != ' ' && *at != '-')
			value[n++] = *at;
	value[n] = '\0';
	if (n == TOKEN_DIGITS && strspn(value, "0123456789") == n)
		return REPLY_VALUE;
	return refuse(field, fault, N_("a token has 20 digits"),
		      N_("Type all of them, as they stand on the person's paper."));
}

static enum form_reply reply_count(const struct form_field *field, const char *typed,
				   struct fault *fault)
{
	int64_t count;

	if (text_to_i64(typed, -COUNT_MOST, COUNT_MOST, &count) == 0)
		return REPLY_VALUE;
	return refuse(field, fault, N_("that is no whole number"), N_("Type digits only."));
}

static enum form_reply reply_value(const struct form *form, const struct form_field *field,
				   int32_t today, char value[static REQUEST_FIELD_BYTES],
				   struct fault *fault)
{
	const struct form_choice *choice;
	char typed[REQUEST_FIELD_BYTES];
	enum match match;

	text_copy(typed, sizeof(typed), value);
	switch (field->type) {
	case FORM_CODE:
		match = match_code(form, field, typed, &choice);
		if (match != MATCH_ONE)
			return refuse_code(field, match, fault);
		text_copy(value, REQUEST_FIELD_BYTES, choice->id);
		return REPLY_VALUE;
	case FORM_SET:
		return reply_set(form, field, typed, value, fault);
	case FORM_DATE:
		return reply_date(field, typed, today, value, fault);
	case FORM_MONTH:
		return reply_month(field, typed, today, value, fault);
	case FORM_COUNT:
		return reply_count(field, typed, fault);
	case FORM_TOKEN:
		return reply_token(field, value, fault);
	case FORM_NUMBER:
	case FORM_TEXT:
	case FORM_TYPE_N:
		break;
	}
	return REPLY_VALUE;
}

static bool has_word(const char *text, const char *word)
{
	own(buf_wipe) struct buf folded = {0};
	own(buf_wipe) struct buf part = {0};

	if (text_fold(text, strlen(text), &folded) != 0 ||
	    text_fold(word, strlen(word), &part) != 0)
		return false;
	return part.n > 0 && memmem(folded.data, folded.n, part.data, part.n) != NULL;
}

size_t form_reply_place(const struct form *form, size_t at, const char *word)
{
	uint64_t number;

	if (text_to_u64(word, form->fields_n, &number) == 0 && number > 0)
		return (size_t)number - 1;
	for (size_t i = 1; i < form->fields_n; i++) {
		size_t place = (at + i) % form->fields_n;

		if (has_word(form->fields[place].label, word) ||
		    has_word(form->fields[place].id, word))
			return place;
	}
	return at;
}

enum form_reply form_reply(const struct form *form, const struct form_field *field,
			   const char *typed, int32_t today,
			   char ret_value[static REQUEST_FIELD_BYTES], struct fault *fault)
{
	static const struct {
		const char *typed;
		enum form_reply reply;
	} signs[] = {{"", REPLY_KEEP},
		     {"-", REPLY_EMPTY},
		     {"?", REPLY_HELP},
		     {"<", REPLY_BACK},
		     {".", REPLY_REST}};
	char value[REQUEST_FIELD_BYTES];
	enum form_reply reply;

	trim(typed, value);
	for (size_t i = 0; i < array_n(signs); i++)
		if (strcmp(value, signs[i].typed) == 0)
			return signs[i].reply;
	if (value[0] == '/' && value[1] != '\0') {
		text_copy(ret_value, REQUEST_FIELD_BYTES, value + 1);
		return REPLY_GO;
	}
	if (strlen(value) == sizeof(value) - 1 || !text_is_utf8(value, strlen(value)))
		return refuse(field, fault, N_("that is too long, or no text"),
			      N_("Type it shorter."));
	reply = reply_value(form, field, today, value, fault);
	if (reply == REPLY_VALUE)
		text_copy(ret_value, REQUEST_FIELD_BYTES, value);
	explicit_bzero(value, sizeof(value));
	return reply;
}
