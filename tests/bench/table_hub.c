#include "lib/own.h"
#include "tests/bench/bench_table.h"

const struct bench_named bench_table[] = {
	{"receipt", bench_receipt},
	{"hub", bench_hub},
};
const size_t bench_table_n = array_n(bench_table);
