#include "daemon/site/sweep.h"

#include "lib/own.h"

#include <errno.h>

#define SLICE_FIRST 64 /* persons */
#define SLICE_MOST 65536

struct sweep {
	const struct sweep_row *row;
	struct store *store;
	void *context;
	uint64_t after; /* the last person passed */
	size_t slice; /* persons of the next slice */
	int64_t mono_ms; /* of the last slice; 0 none yet */
};

void sweep_free(struct sweep **sweep)
{
	if (*sweep == NULL)
		return;
	(*sweep)->row->drop(&(*sweep)->context);
	free(*sweep);
	*sweep = NULL;
}

static int begin_row(const struct sweep_row *row, const struct sweep_ask *ask,
		     struct sweep **ret_sweep, struct fault *fault)
{
	struct sweep *sweep = calloc(1, sizeof(*sweep));
	int error;

	if (sweep == NULL)
		return fail(-ENOMEM);
	*sweep = (struct sweep){.row = row, .store = ask->site->parts->store, .slice = SLICE_FIRST};
	error = row->begin(ask, &sweep->context, fault);
	if (error == 0)
		*ret_sweep = sweep;
	else
		free(sweep);
	return error;
}

int sweep_begin(const struct sweep_row rows[], size_t rows_n, const struct sweep_ask *ask,
		struct sweep **ret_sweep, struct fault *fault)
{
	int error = -ENOENT;

	for (size_t i = 0; i < rows_n && error == -ENOENT; i++)
		if (rows[i].command == ask->request->command)
			error = begin_row(&rows[i], ask, ret_sweep, fault);
	return error;
}

/* Slices follow one another at once: the time between two is what the first one took, and what
 * others did meanwhile. */
static void fit_slice(struct sweep *sweep, int64_t mono_ms)
{
	int64_t took_ms = sweep->mono_ms == 0 ? SWEEP_SLICE_MS : mono_ms - sweep->mono_ms;

	sweep->mono_ms = mono_ms;
	if (took_ms > SWEEP_SLICE_MS && sweep->slice > 1)
		sweep->slice /= 2;
	else if (took_ms < SWEEP_SLICE_MS / 2 && sweep->slice < SLICE_MOST)
		sweep->slice *= 2;
}

int sweep_go_on(struct sweep *sweep, int64_t mono_ms, struct answer *ret_answer)
{
	bool is_done = false;
	int error;

	fit_slice(sweep, mono_ms);
	if (sweep->row->step != NULL)
		error = sweep->row->step(sweep->context, sweep->slice, &is_done);
	else
		error = store_scan(sweep->store, &sweep->after, sweep->slice, sweep->row->visit,
				   sweep->context, &is_done);
	if (error != 0)
		return error;
	return is_done ? sweep->row->finish(sweep->context, ret_answer) : -EINPROGRESS;
}
