#include "tests/bench/bench_site.h"

#include "lib/own.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PIECE_BYTES (60 * 1024) /* as control gives them */

const uint8_t bench_site_vault_key[VAULT_KEY_BYTES] = "bench: a vault key, no secret...";
static const uint8_t index_key[VAULT_KEY_BYTES] = "bench: an index key, no secret.";

static struct store_settings settings_of(const struct bench_site *site)
{
	return (struct store_settings){.dir = site->dir,
				       .owner = site->programme->sites[0].id,
				       .vault_key = bench_site_vault_key,
				       .index_key = index_key,
				       .programme = site->programme,
				       .map_bytes = (uint64_t)64 << 20};
}

static int say(int error, const struct fault *fault)
{
	if (error == -EBADMSG)
		(void)fprintf(stderr, "bench: %s %s: %s\n", fault->code, fault->place,
			      fault->reason);
	return error;
}

int bench_site_open(const struct bench_settings *settings, const char *name,
		    struct bench_site *ret_site)
{
	struct store_settings store;
	struct fault fault = {0};
	int error = bench_programme(settings, 0, &ret_site->programme);

	if (error < 0)
		return error;
	bench_path(settings, name, ret_site->dir);
	bench_remove(ret_site->dir);
	store = settings_of(ret_site);
	error = store_create(&store, period_of_day(ret_site->programme->sites[0].span.from),
			     &fault);
	if (error == 0)
		error = store_open(&store, &ret_site->store, &fault);
	return say(error, &fault);
}

int bench_site_reopen(struct bench_site *site, double *ret_s)
{
	struct store_settings store = settings_of(site);
	struct fault fault = {0};
	double start;
	int error;

	store_close(&site->store);
	start = bench_now_s();
	error = store_open(&store, &site->store, &fault);
	*ret_s = bench_now_s() - start;
	return say(error, &fault);
}

static int feed_file(struct intake *intake, const char *path, struct fault *fault)
{
	own(stream_close) FILE *file = fopen(path, "re");
	char piece[PIECE_BYTES];
	int error = 0;
	size_t n;

	if (file == NULL)
		return fail(-errno);
	while (error == 0 && (n = fread(piece, 1, sizeof(piece), file)) > 0)
		error = intake_feed(intake, piece, n, fault);
	return error;
}

int bench_site_import(struct bench_site *site, const char *path, struct intake_counts *ret_counts)
{
	own(intake_free) struct intake *intake = NULL;
	own(answer_free) struct answer answer = {0};
	own(mem_free) struct request *request = calloc(1, sizeof(*request));
	struct fault fault = {0};
	struct stat status;
	struct intake_settings settings = {.programme = site->programme,
					   .site = &site->programme->sites[0],
					   .store = site->store,
					   .request = request,
					   .operator_name = "bench",
					   .at_now = BENCH_AT};
	int error;

	if (request == NULL || stat(path, &status) != 0)
		return fail(-errno);
	request->command = COMMAND_IMPORT;
	request->stream_bytes = (uint64_t)status.st_size;
	(void)strcpy(request->arguments[0], "bench.csv");
	request->arguments_n = 1;
	(void)strcpy(request->options[0].name, "apply");
	request->options_n = 1;
	error = intake_new(&settings, &intake, &fault);
	if (error == 0)
		error = feed_file(intake, path, &fault);
	if (error == 0)
		error = intake_end(intake, &answer);
	if (error == 0)
		intake_counts(intake, ret_counts);
	if (error == -EBADMSG)
		(void)fprintf(stderr, "bench: %s %s: %s\n", fault.code, fault.place, fault.reason);
	return error;
}

void bench_site_close(struct bench_site *site)
{
	store_close(&site->store);
	programme_free(&site->programme);
	if (site->dir[0] != '\0')
		bench_remove(site->dir);
}
