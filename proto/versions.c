#include "proto/versions.h"

#include "lib/own.h"
#include "proto/programme_read.h"

#include <errno.h>
#include <string.h>

void versions_free(struct versions *versions)
{
	for (size_t i = 0; i < versions->former_n; i++)
		programme_free(&versions->former[i]);
	*versions = (struct versions){.now = versions->now};
}

const struct programme *versions_find(const struct versions *versions,
				      const uint8_t hash[static PROGRAMME_HASH_BYTES])
{
	if (memcmp(versions->now->hash, hash, PROGRAMME_HASH_BYTES) == 0)
		return versions->now;
	for (size_t i = 0; i < versions->former_n; i++)
		if (memcmp(versions->former[i]->hash, hash, PROGRAMME_HASH_BYTES) == 0)
			return versions->former[i];
	return NULL;
}

int versions_add(struct versions *versions, const void *text, size_t n, struct fault *fault)
{
	own(programme_free) struct programme *programme = NULL;
	int status = programme_read("a former version", text, n, &programme, fault);

	if (status != 0)
		return status;
	if (versions_find(versions, programme->hash) != NULL)
		return 0;
	if (versions->former_n == VERSIONS_FORMER_MAX)
		return fail(-ENOSPC);
	versions->former[versions->former_n++] = take(programme);
	return 0;
}

static void copy_cells(const struct programme_measure *from, const struct programme_measure *to,
		       const struct release_cell cells[], struct release_cell ret_cells[])
{
	for (size_t c = 0; c < to->cells_n; c++)
		if (c < from->cells_n)
			ret_cells[c] = cells[c];
		else
			ret_cells[c] = (struct release_cell){.state = CELL_NOT_COLLECTED};
}

static void not_collected(const struct programme_measure *measure, struct release_cell ret_cells[])
{
	for (size_t c = 0; c < measure->cells_n; c++)
		ret_cells[c] = (struct release_cell){.state = CELL_NOT_COLLECTED};
}

void versions_translate(const struct programme *from, const struct programme *to, uint32_t period,
			const struct release_figures *figures, struct release_figures *ret_figures)
{
	*ret_figures = (struct release_figures){0};
	for (size_t m = 0; m < to->measures_n; m++) {
		const struct programme_measure *measure = &to->measures[m];
		const int old = programme_measure_by_number(from, measure->number);

		if (!programme_is_due(measure, period))
			continue;
		ret_figures->is_due[m] = true;
		if (old >= 0 && figures->is_due[old])
			copy_cells(&from->measures[old], measure, figures->cells[old],
				   ret_figures->cells[m]);
		else
			not_collected(measure, ret_figures->cells[m]);
	}
}

enum release_fault versions_unpack(const struct versions *versions, const void *payload, size_t n,
				   struct release_body *ret_body)
{
	struct release_figures figures;
	struct release_body body;
	enum release_fault fault = release_unpack(versions->now, payload, n, ret_body);

	for (size_t i = 0; i < versions->former_n && fault == RELEASE_OTHER_PROGRAMME; i++) {
		fault = release_unpack(versions->former[i], payload, n, &body);
		if (fault != RELEASE_FINE)
			continue;
		figures = body.figures;
		versions_translate(versions->former[i], versions->now, body.period, &figures,
				   &body.figures);
		*ret_body = body;
	}
	return fault;
}
