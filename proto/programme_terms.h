/*
 * The terms of a programme, its rows of names: labels, code lists, the sites with their places and
 * targets, and the headings of import files. Read with proto/programme_read, owned by struct
 * programme.
 */
#ifndef MIA_PROTO_PROGRAMME_TERMS_H
#define MIA_PROTO_PROGRAMME_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRAMME_ID_BYTES 48 /* the longest id and its NUL */
#define PROGRAMME_SITES_MAX 64

struct programme_label {
	const char *sv, *en;
};

/* Inclusive days; INT32_MIN / INT32_MAX where the file says nothing. */
struct programme_span {
	int32_t from, to;
};

/* number is the code's own, stable for ever and stored in records; 1.. 65535. */
struct programme_code {
	uint16_t number;
	const char *id;
	struct programme_label label;
	struct programme_span span;
};

/* A word by which a code may be written: its id, a label or an alias, after text_fold(). */
struct programme_word {
	const char *folded;
	size_t code; /* index */
};

/* The list "municipality" is made of the sites' municipalities: number is the SCB code as a
 * number, id its four digits. */
struct programme_list {
	const char *id;
	struct programme_label label;
	const struct programme_code *codes;
	size_t codes_n;
	bool has_spans; /* some code does not hold for ever */
	const struct programme_word *words; /* sorted by folded, no two alike */
	size_t words_n;
};

struct programme_municipality {
	const char *code; /* SCB, four digits */
	struct programme_label label;
	struct programme_span span;
};

/* A target from a day on (step function). */
struct programme_target {
	int32_t from;
	uint32_t persons;
};

struct programme_site {
	const char *id;
	struct programme_label label;
	struct programme_span span;
	const struct programme_municipality *municipalities;
	size_t municipalities_n;
	const struct programme_target *targets;
	size_t targets_n; /* 0: no target, shown as a dash */
	uint8_t age_min, age_max; /* the site's own entry rule, a warning */
	bool is_small; /* its tables come by the year (3-privacy 3.3) */
};

/* A heading of an import file: the record field it fills and the names it goes by. */
struct programme_field {
	const char *id; /* a field of daemon/site/record.def */
	struct programme_label label;
	const char *const *aliases;
	size_t aliases_n;
	const char *list; /* id of its code list, or NULL: the field is not coded */
	bool is_set; /* it holds several codes at once */
};

/* Which language data labels are shown in. */
enum programme_language { LANGUAGE_SV, LANGUAGE_EN };

#endif
