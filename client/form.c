#include "client/form.h"

#include "client/cell.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>

#define SET_SIGNS "+|"
#define DIGITS_SHOWN 2 /* of a number's last four */

static const char *const type_names[FORM_TYPE_N] = {
	[FORM_TEXT] = "text",     [FORM_CODE] = "code",   [FORM_SET] = "set",
	[FORM_DATE] = "date",     [FORM_MONTH] = "month", [FORM_COUNT] = "count",
	[FORM_NUMBER] = "number", [FORM_TOKEN] = "token",
};

const struct sheet *form_sheet(const struct answer *answer, const char *schema)
{
	for (size_t i = 0; i < answer->sheets_n; i++)
		if (strcmp(answer->sheets[i]->schema, schema) == 0)
			return answer->sheets[i];
	return NULL;
}

/* A cell that says something, or NULL. */
static const struct sheet_cell *said(const struct sheet *sheet, size_t row, const char *id)
{
	const struct sheet_cell *cell = cell_find(sheet, row, id);

	return cell != NULL && cell->state == CELL_VALUE && !cell->is_empty && cell->text != NULL &&
			       cell->text[0] != '\0'
		       ? cell
		       : NULL;
}

static const char *text_of(const struct sheet *sheet, size_t row, const char *id)
{
	const struct sheet_cell *cell = said(sheet, row, id);

	return cell != NULL ? cell->text : "";
}

/* What people call a code: its own label, or that of the column beside it. */
static const char *label_of(const struct sheet *sheet, size_t row, const char *id)
{
	const struct sheet_cell *cell = said(sheet, row, id);
	const char *label = cell != NULL && cell->arguments_n > 0 ? cell->arguments[0]
								  : text_of(sheet, row, "label");

	return label[0] != '\0' ? words(label) : text_of(sheet, row, id);
}

static bool read_type(const char *text, enum form_type *ret_type)
{
	for (size_t i = 0; i < FORM_TYPE_N; i++)
		if (strcmp(text, type_names[i]) == 0) {
			*ret_type = (enum form_type)i;
			return true;
		}
	return false;
}

static bool read_field(const struct sheet *sheet, size_t row, struct form_field *ret_field)
{
	const struct sheet_cell *need = said(sheet, row, "required");

	ret_field->id = text_of(sheet, row, "field");
	ret_field->label = label_of(sheet, row, "field");
	ret_field->value = text_of(sheet, row, "value");
	ret_field->hint = said(sheet, row, "hint");
	ret_field->decides = strcmp(text_of(sheet, row, "decides"), "yes") == 0;
	ret_field->is_required = need != NULL && strcmp(need->text, "yes") == 0;
	if (need != NULL && !ret_field->is_required && strcmp(need->text, "no") != 0)
		ret_field->need = need;
	return ret_field->id[0] != '\0' && strlen(ret_field->id) < PROGRAMME_ID_BYTES &&
	       read_type(text_of(sheet, row, "type"), &ret_field->type);
}

/* Choices of one field follow each other; those of a field that is not asked are left out. */
static void read_choices(const struct sheet *sheet, struct form *form)
{
	for (size_t f = 0; f < form->fields_n; f++) {
		struct form_field *field = &form->fields[f];

		field->first = form->choices_n;
		for (size_t row = 0; row < sheet->rows_n; row++) {
			if (strcmp(text_of(sheet, row, "field"), field->id) != 0 ||
			    form->choices_n == FORM_CHOICES_MAX)
				continue;
			form->choices[form->choices_n++] = (struct form_choice){
				.id = text_of(sheet, row, "code"),
				.label = label_of(sheet, row, "code"),
			};
		}
		field->choices_n = form->choices_n - field->first;
	}
}

int form_read(const struct answer *answer, struct form *ret_form, struct fault *fault)
{
	const struct sheet *questions = form_sheet(answer, "mia.form/1");
	const struct sheet *choices = form_sheet(answer, "mia.choices/1");
	bool is_read = questions != NULL && questions->rows_n <= REQUEST_FIELDS_MAX;

	*ret_form = (struct form){0};
	for (size_t row = 0; is_read && row < questions->rows_n; row++)
		is_read = read_field(questions, row, &ret_form->fields[ret_form->fields_n++]);
	if (!is_read)
		return fault_set(fault, "X010", "mia.form/1", "",
				 N_("what the daemon says is not understood"));
	if (choices != NULL)
		read_choices(choices, ret_form);
	return 0;
}

void form_wipe(struct form *form)
{
	explicit_bzero(form, sizeof(*form));
}

struct form_field *form_find(struct form *form, const char *id)
{
	for (size_t i = 0; i < form->fields_n; i++)
		if (strcmp(form->fields[i].id, id) == 0)
			return &form->fields[i];
	return NULL;
}

void form_carry(const struct form *from, struct form *to)
{
	for (size_t i = 0; i < from->fields_n; i++) {
		struct form_field *field = form_find(to, from->fields[i].id);

		if (field == NULL || !from->fields[i].is_typed)
			continue;
		field->is_typed = true;
		text_copy(field->typed, sizeof(field->typed), from->fields[i].typed);
	}
}

int form_put(const struct form *form, struct request *request)
{
	for (size_t i = 0; i < form->fields_n; i++) {
		size_t at = request->fields_n;

		if (!form->fields[i].is_typed)
			continue;
		if (at == REQUEST_FIELDS_MAX)
			return fail(-E2BIG);
		text_copy(request->fields[at].id, sizeof(request->fields[at].id),
			  form->fields[i].id);
		text_copy(request->fields[at].text, sizeof(request->fields[at].text),
			  form->fields[i].typed);
		request->fields_n++;
	}
	return 0;
}

/* ---- values for people ---- */

static void add_label(struct buf *to, const struct form *form, const struct form_field *field,
		      const char *id, size_t n)
{
	for (size_t i = field->first; i < field->first + field->choices_n; i++)
		if (strlen(form->choices[i].id) == n && memcmp(form->choices[i].id, id, n) == 0) {
			buf_add_text(to, form->choices[i].label);
			return;
		}
	buf_add(to, id, n);
}

static void add_labels(struct buf *to, const struct form *form, const struct form_field *field,
		       const char *value)
{
	while (*value != '\0') {
		size_t n = strcspn(value, SET_SIGNS);

		add_label(to, form, field, value, n);
		value += n;
		if (*value != '\0') {
			buf_add_text(to, ", ");
			value++;
		}
	}
}

/* The last two digits give way to stars. */
static void add_masked(struct buf *to, const char *number)
{
	size_t n = strlen(number);
	size_t shown = n > DIGITS_SHOWN ? n - DIGITS_SHOWN : 0;

	buf_add(to, number, shown);
	for (size_t i = shown; i < n; i++)
		buf_add_byte(to, '*');
}

void form_add_value(struct buf *to, const struct form *form, const struct form_field *field,
		    const char *value)
{
	switch (field->type) {
	case FORM_CODE:
	case FORM_SET:
		add_labels(to, form, field, value);
		break;
	case FORM_NUMBER:
		add_masked(to, value);
		break;
	case FORM_TEXT:
	case FORM_DATE:
	case FORM_MONTH:
	case FORM_COUNT:
	case FORM_TOKEN:
	case FORM_TYPE_N:
		buf_add_text(to, value);
		break;
	}
}
