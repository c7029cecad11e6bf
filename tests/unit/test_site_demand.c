/* Rules that only one programme has, from its file to a finding. */
#include "daemon/site/item.h"
#include "daemon/site/validate.h"

#include "lib/date.h"
#include "lib/file.h"
#include "lib/own.h"
#include "proto/programme_find.h"
#include "proto/programme_read.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define JOB                                                                                        \
	"[demand job]\nsv = Jobb\nen = Job\ncode = V090\nseverity = error\nfield = works_type\n"   \
	"when = exit_reason is job\nneeds = works_type\n"
#define SPELL                                                                                      \
	"[demand spell]\nsv = Insats\nen = Activity\ncode = V090\nseverity = warn\n"               \
	"field = spell_end\nwhen = exit_reason is drifted\nneeds = spell_end\n"

/* Another programme than MIA, with demands of its own. */
static struct programme *programme_with(const char *demands)
{
	own(buf_free) struct buf text = {0};
	struct programme *programme = NULL;
	struct fault fault = {0};

	assert_int_equal(file_read("tests/data/programme/unga-vidare.ini", 1 << 20, &text), 0);
	buf_printf(&text, "\n%s", demands);
	assert_int_equal(programme_read("unga.ini", text.data, text.n, &programme, &fault), 0);
	return programme;
}

static int32_t code(const struct programme *programme, enum record_field field, const char *id)
{
	const struct programme_code *found =
		programme_code_by_id(programme_list(programme, record_row(field)->list), id);

	assert_non_null(found);
	return found->number;
}

/* Someone who entered and left for a reason in the first months of the programme. */
static struct record left_for(const struct programme *programme, const char *reason)
{
	struct record record;

	record_clear(&record);
	record.identity = (struct record_identity){.type = ID_LOCAL, .local_id = "17"};
	record.value[FIELD_entry_date] = programme->operation.from + 10;
	record.value[FIELD_exit_date] = programme->operation.from + 40;
	record.value[FIELD_exit_reason] = code(programme, FIELD_exit_reason, reason);
	return record;
}

/* What of the findings a demand brought. */
static size_t judge(const struct programme *programme, const struct record *record,
		    struct validate_finding *ret_finding)
{
	const struct validate_context context = {.programme = programme,
						 .site = programme->sites,
						 .today = programme->operation.from + 100};
	struct validate_result result;
	size_t n = 0;

	validate_record(record, &context, &result);
	for (size_t i = 0; i < result.findings_n; i++) {
		if (strcmp(result.findings[i].code, "V090") != 0)
			continue;
		*ret_finding = result.findings[i];
		n++;
	}
	return n;
}

static void what_a_programme_demands_is_found_and_named(void **state)
{
	own(programme_free) struct programme *programme = programme_with(JOB);
	struct record record = left_for(programme, "job");
	struct validate_finding finding;

	(void)state;
	assert_int_equal(judge(programme, &record, &finding), 1);
	assert_int_equal(finding.severity, VALIDATE_ERROR);
	assert_int_equal(finding.field, FIELD_works_type);
	assert_string_equal(finding.detail, "job");
	record.value[FIELD_works_type] = code(programme, FIELD_works_type, "gig");
	assert_int_equal(judge(programme, &record, &finding), 0);
	record = left_for(programme, "service");
	assert_int_equal(judge(programme, &record, &finding), 0);
}

static void another_programme_knows_nothing_of_it(void **state)
{
	own(programme_free) struct programme *programme = programme_with("");
	struct record record = left_for(programme, "job");
	struct validate_finding finding;

	(void)state;
	assert_int_equal(judge(programme, &record, &finding), 0);
}

static void what_is_needed_may_stand_in_any_activity(void **state)
{
	own(programme_free) struct programme *programme = programme_with(SPELL);
	struct record record = left_for(programme, "drifted");
	struct validate_finding finding;

	(void)state;
	assert_int_equal(judge(programme, &record, &finding), 1);
	assert_int_equal(finding.severity, VALIDATE_WARN);
	record.value[FIELD_activity] = 1;
	record.value[FIELD_spell_start] = programme->operation.from + 11;
	record.value[FIELD_spell_end] = programme->operation.from + 12;
	assert_int_equal(item_settle(&record, RECORD_SPELL), 0);
	assert_int_equal(judge(programme, &record, &finding), 0);
}

static void nothing_is_demanded_of_what_was_registered_by_mistake(void **state)
{
	own(programme_free) struct programme *programme =
		programme_with("[demand no]\nsv = Nej\nen = No\ncode = V090\nseverity = error\n"
			       "field = exit_reason\nwhen = exit_reason is misregistered\n");
	struct record record = left_for(programme, "misregistered");
	struct validate_finding finding;

	(void)state;
	assert_int_equal(judge(programme, &record, &finding), 0);
}

static void a_demand_on_a_field_that_records_do_not_have_is_a_fault(void **state)
{
	own(programme_free) struct programme *programme =
		programme_with("[demand no]\nsv = Nej\nen = No\ncode = V090\nseverity = error\n"
			       "field = shoe_size\nwhen = exit_reason is job\n");
	struct demands *demands = NULL;
	struct fault fault = {0};

	(void)state;
	assert_int_equal(demands_new(programme, &demands, &fault), -EBADMSG);
	assert_string_equal(fault.code, "S013");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_programme_demands_is_found_and_named),
		cmocka_unit_test(another_programme_knows_nothing_of_it),
		cmocka_unit_test(what_is_needed_may_stand_in_any_activity),
		cmocka_unit_test(nothing_is_demanded_of_what_was_registered_by_mistake),
		cmocka_unit_test(a_demand_on_a_field_that_records_do_not_have_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
