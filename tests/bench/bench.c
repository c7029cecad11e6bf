#include "tests/bench/bench.h"

#include "lib/file.h"
#include "lib/own.h"
#include "proto/programme_read.h"

#include <errno.h>
#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double bench_now_s(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct bench_row bench_row(const char *name, const char *unit, const char *aim)
{
	return (struct bench_row){.name = name,
				  .unit = unit,
				  .aim = aim,
				  .value = (double)NAN,
				  .bare = (double)NAN,
				  .p50 = (double)NAN,
				  .p99 = (double)NAN,
				  .bare_p50 = (double)NAN,
				  .bare_p99 = (double)NAN};
}

static void print_number(const char *name, double number)
{
	if (isnan(number))
		(void)printf(", \"%s\": null", name);
	else
		(void)printf(", \"%s\": %.6g", name, number);
}

void bench_print(const struct bench_row *row)
{
	(void)printf("{\"name\": \"%s\"", row->name);
	print_number("value", row->value);
	(void)printf(", \"unit\": \"%s\"", row->unit);
	print_number("bare", row->bare);
	print_number("ratio", row->value / row->bare);
	(void)printf(", \"aim\": \"%s\", \"n\": %llu", row->aim, (unsigned long long)row->n);
	print_number("p50", row->p50);
	print_number("p99", row->p99);
	print_number("bare_p50", row->bare_p50);
	print_number("bare_p99", row->bare_p99);
	(void)printf("}\n");
	(void)fflush(stdout);
}

void bench_samples_free(struct bench_samples *samples)
{
	free(samples->values);
	*samples = (struct bench_samples){0};
}

void bench_sample(struct bench_samples *samples, double value)
{
	if (samples->n == samples->room) {
		size_t room = samples->room == 0 ? 256 : samples->room * 2;
		double *grown = reallocarray(samples->values, room, sizeof(*grown));

		if (grown == NULL)
			abort();
		samples->values = grown;
		samples->room = room;
	}
	samples->values[samples->n++] = value;
}

static int compare_values(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

double bench_percentile(struct bench_samples *samples, double part)
{
	if (samples->n == 0)
		return (double)NAN;
	qsort(samples->values, samples->n, sizeof(*samples->values), compare_values);
	return samples->values[(size_t)(part * (double)(samples->n - 1) + 0.5)];
}

void bench_path(const struct bench_settings *settings, const char *name,
		char ret_path[static BENCH_PATH_BYTES])
{
	int n = snprintf(ret_path, BENCH_PATH_BYTES, "%s/%s", settings->dir, name);

	if (n < 0 || n >= BENCH_PATH_BYTES)
		abort();
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

void bench_remove(const char *dir)
{
	(void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int bench_failed(const char *what, int code)
{
	(void)fprintf(stderr, "bench: %s: %s (%s)\n", what, fail_text(code), fail_origin());
	return code;
}

/* The text without its [site] sections, and other sites behind it. */
static void replace_sites(const char *text, size_t sites, struct buf *ret_text)
{
	bool is_site = false;

	for (const char *line = text; *line != '\0';) {
		const char *end = strchrnul(line, '\n');

		if (line[0] == '[')
			is_site = strncmp(line, "[site ", 6) == 0;
		if (!is_site)
			buf_add(ret_text, line, (size_t)(end - line));
		if (!is_site)
			buf_add_byte(ret_text, '\n');
		line = *end == '\0' ? end : end + 1;
	}
	for (size_t i = 1; i <= sites; i++)
		buf_printf(ret_text,
			   "[site bench-%02zu]\nsv = Bänk %zu\nen = Bench %zu\n"
			   "valid = 2017-04-01..2021-08-31\nages = 16-64\n"
			   "municipality = %04zu | Bänk %zu | Bench %zu\n",
			   i, i, i, 1000 + i, i, i);
}

int bench_programme(const struct bench_settings *settings, size_t sites,
		    struct programme **ret_programme)
{
	own(buf_free) struct buf file = {0}, text = {0};
	struct fault fault = {0};
	int error = file_read(settings->programme, 1 << 20, &file);

	if (error == 0 && sites > 0) {
		(void)buf_text(&file);
		replace_sites((const char *)file.data, sites, &text);
		error = text.error;
	} else if (error == 0) {
		buf_add(&text, file.data, file.n);
		error = text.error;
	}
	if (error == 0)
		error = programme_read("mia.ini", text.data, text.n, ret_programme, &fault);
	if (error == -EBADMSG)
		(void)fprintf(stderr, "bench: %s %s: %s\n", fault.code, fault.place, fault.reason);
	return error;
}
