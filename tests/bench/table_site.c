#include "lib/own.h"
#include "tests/bench/bench_table.h"

const struct bench_named bench_table[] = {
	{"import", bench_import}, {"act", bench_act},         {"cold", bench_cold},
	{"query", bench_query},   {"visit", bench_visit},     {"rows", bench_rows},
	{"bare", bench_bare},     {"recount", bench_recount}, {"close", bench_close},
};
const size_t bench_table_n = array_n(bench_table);
