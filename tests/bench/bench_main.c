/*
 * mia-bench [--dir DIR] [--programme FILE] [--rows N] [--samples N] [--csv FILE] [--client MIA
 * --socket PATH] NAME...: one JSON line a row; exit 1 when a bench could not be measured.
 */
#include "lib/own.h"
#include "lib/vault.h"
#include "tests/bench/bench_table.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const struct option options[] = {
	{"dir", required_argument, NULL, 'd'},     {"programme", required_argument, NULL, 'p'},
	{"csv", required_argument, NULL, 'c'},     {"client", required_argument, NULL, 'C'},
	{"socket", required_argument, NULL, 's'},  {"rows", required_argument, NULL, 'r'},
	{"samples", required_argument, NULL, 'n'}, {0},
};

static bool take_option(struct bench_settings *settings, int option, const char *value)
{
	const struct {
		int option;
		const char **to;
	} texts[] = {
		{'d', &settings->dir},    {'p', &settings->programme}, {'c', &settings->csv},
		{'C', &settings->client}, {'s', &settings->socket},
	};

	for (size_t i = 0; i < array_n(texts); i++) {
		if (texts[i].option == option) {
			*texts[i].to = value;
			return true;
		}
	}
	if (option == 'r')
		settings->rows = strtoull(value, NULL, 10);
	if (option == 'n')
		settings->samples = strtoull(value, NULL, 10);
	return option == 'r' || option == 'n';
}

static int run_bench(const char *name, const struct bench_settings *settings)
{
	for (size_t i = 0; i < bench_table_n; i++) {
		if (strcmp(bench_table[i].name, name) == 0)
			return bench_table[i].run(settings);
	}
	(void)fprintf(stderr, "mia-bench: there is no bench \"%s\"\n", name);
	return -1;
}

int main(int argc, char *argv[])
{
	struct bench_settings settings = {.dir = "bench.tmp",
					  .programme = "proto/programme/mia.ini",
					  .rows = 1000000,
					  .samples = 2000};
	int failed = vault_start() < 0;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (!take_option(&settings, option, optarg))
			return 2;
	}
	for (int i = optind; i < argc; i++) {
		if (run_bench(argv[i], &settings) < 0)
			failed++;
	}
	return failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
