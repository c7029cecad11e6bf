#include "tests/tools/vectors.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/release.h"

#include <string.h>

/* "from" and "to" are months; a programme has days. */
static struct programme_span span_of(const json_t *measure)
{
	struct programme_span span = {INT32_MIN, INT32_MAX};

	if (json_object_get(measure, "from") != NULL)
		span.from = period_first_day((uint32_t)number_of(measure, "from"));
	if (json_object_get(measure, "to") != NULL)
		span.to = period_last_day((uint32_t)number_of(measure, "to"));
	return span;
}

static enum programme_cadence cadence_of(const json_t *measure)
{
	const char *name = text_of(measure, "cadence");

	if (strcmp(name, "month") == 0)
		return CADENCE_MONTH;
	return strcmp(name, "quarter") == 0 ? CADENCE_QUARTER : CADENCE_YEAR;
}

static size_t measures_of(const json_t *shape, struct programme_measure measures[])
{
	static const struct programme_cell cells[PROGRAMME_CELLS_MAX];
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(shape, "measures"), i, row)
	{
		measures[i] = (struct programme_measure){
			.number = (uint16_t)number_of(row, "number"),
			.cadence = cadence_of(row),
			.span = span_of(row),
			.cells = cells,
			.cells_n = number_of(row, "cells"),
		};
	}
	return i;
}

static struct release_cell cell_of(const json_t *cell)
{
	const char *name = json_string_value(cell);

	if (name == NULL)
		return (struct release_cell){CELL_VALUE, (uint32_t)json_integer_value(cell)};
	if (strcmp(name, "suppressed") == 0)
		return (struct release_cell){CELL_SUPPRESSED, 0};
	return (struct release_cell){strcmp(name, "zero") == 0 ? CELL_ZERO : CELL_NOT_COLLECTED, 0};
}

static void figures_of(const json_t *in, const struct programme *programme,
		       struct release_figures *figures)
{
	for (size_t m = 0; m < programme->measures_n; m++) {
		char number[8];
		const json_t *cells, *cell;
		size_t i;

		(void)snprintf(number, sizeof(number), "%u", programme->measures[m].number);
		cells = json_object_get(in, number);
		figures->is_due[m] = cells != NULL;
		json_array_foreach(cells, i, cell) figures->cells[m][i] = cell_of(cell);
	}
}

static void body_of(const json_t *in, struct release_body *body)
{
	text_copy(body->site, sizeof(body->site), text_of(in, "site"));
	body->n = number_of(in, "n");
	body->period = (uint32_t)number_of(in, "period");
	bytes_of(in, "programme", body->programme, sizeof(body->programme));
	bytes_of(in, "audit_head", body->audit_head, sizeof(body->audit_head));
	body->is_rehearsal = json_is_true(json_object_get(in, "is_rehearsal"));
	body->at_closed = (int64_t)number_of(in, "at_closed");
}

/* Cell by cell: what lies between state and value is nobody's. */
static bool same_figures(const struct release_figures *a, const struct release_figures *b)
{
	for (size_t m = 0; m < PROGRAMME_MEASURES_MAX; m++) {
		if (a->is_due[m] != b->is_due[m])
			return false;
		for (size_t c = 0; c < PROGRAMME_CELLS_MAX; c++)
			if (a->cells[m][c].state != b->cells[m][c].state ||
			    a->cells[m][c].value != b->cells[m][c].value)
				return false;
	}
	return true;
}

json_t *run_release(const json_t *in)
{
	static struct programme_measure measures[PROGRAMME_MEASURES_MAX];
	static struct release_body body, back;
	own(buf_free) struct buf payload = {0};
	const json_t *shape = json_object_get(in, "shape");
	struct programme_site site = {.id = text_of(json_object_get(in, "body"), "site"),
				      .span = {INT32_MIN, INT32_MAX}};
	struct programme programme = {.measures = measures, .sites = &site, .sites_n = 1};

	programme.measures_n = measures_of(shape, measures);
	programme.policy.k = (uint32_t)number_of(shape, "k");
	body = back = (struct release_body){0};
	body_of(json_object_get(in, "body"), &body);
	figures_of(json_object_get(in, "figures"), &programme, &body.figures);
	memcpy(programme.hash, body.programme, sizeof(programme.hash));
	if (release_pack(&body, &programme, &payload) != 0)
		return json_string("not packed");
	if (release_unpack(&programme, payload.data, payload.n, &back) != RELEASE_FINE ||
	    !same_figures(&body.figures, &back.figures))
		return json_string("not unpacked");
	return hex_json(payload.data, payload.n);
}
