/* A form of six questions, as a daemon sends it. Include after cmocka. */
#ifndef MIA_TESTS_FIXTURE_FORM_H
#define MIA_TESTS_FIXTURE_FORM_H

#include "client/form.h"
#include "lib/own.h"

static inline void add_question(struct sheet *sheet, const char *id, const char *label,
				const char *type, const char *required, const char *value)
{
	sheet_add_code(sheet, id, label, NULL);
	sheet_add_text(sheet, type);
	sheet_add_phrase(sheet, required, NULL);
	sheet_add_text(sheet, value);
	sheet_add_phrase(sheet, "a hint", NULL);
}

static inline struct sheet *questions_sheet(void)
{
	struct sheet *sheet = sheet_new("mia.form/1", SHEET_TABLE);

	sheet_column(sheet, "field", SHEET_CODE, "Field", false);
	sheet_column(sheet, "type", SHEET_TEXT, "Type", false);
	sheet_column(sheet, "required", SHEET_PHRASE, "Required", false);
	sheet_column(sheet, "value", SHEET_TEXT, "Value", false);
	sheet_column(sheet, "hint", SHEET_PHRASE, "Hint", false);
	add_question(sheet, "exit_date", "Avslutsdatum", "date", "yes", NULL);
	add_question(sheet, "exit_reason", "Avslutsorsak", "code", "no", "work");
	add_question(sheet, "income", "Försörjning", "set", "no", "sickness|none");
	add_question(sheet, "closer", "Närmare arbete", "code", "when asked", NULL);
	add_question(sheet, "person_number", "Personnummer", "number", "no", NULL);
	add_question(sheet, "hours", "Timmar", "count", "no", NULL);
	return sheet;
}

static inline struct sheet *choices_sheet(void)
{
	static const char *const rows[][3] = {
		{"exit_reason", "work", "Arbete"},
		{"exit_reason", "studies", "Studier"},
		{"exit_reason", "municipal", "Kommunal insats"},
		{"exit_reason", "unit", "Kommun, arbetsmarknadsenhet"},
		{"income", "sickness", "Sjukpenning"},
		{"income", "sickcomp", "Sjukersättning"},
		{"income", "wage", "Lön, eget företag"},
		{"income", "none", "Ingen"},
		{"closer", "1", "Inte alls"},
		{"closer", "5", "Helt"},
		{"closer", "8", "Ej aktuellt"},
	};
	struct sheet *sheet = sheet_new("mia.choices/1", SHEET_TABLE);

	sheet_column(sheet, "field", SHEET_TEXT, "Field", false);
	sheet_column(sheet, "code", SHEET_TEXT, "Code", false);
	sheet_column(sheet, "label", SHEET_TEXT, "Label", false);
	for (size_t i = 0; i < array_n(rows); i++)
		for (size_t column = 0; column < 3; column++)
			sheet_add_text(sheet, rows[i][column]);
	return sheet;
}

static inline void add_form(struct answer *answer)
{
	struct sheet *questions = questions_sheet(), *choices = choices_sheet();

	assert_int_equal(answer_add(answer, &questions), 0);
	assert_int_equal(answer_add(answer, &choices), 0);
}

#endif
