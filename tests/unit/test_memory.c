#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lib/memory.h"

#include <stdlib.h>
#include <string.h>

#define GROWTH (16 << 20)

static void memory_that_is_written_to_is_counted(void **state)
{
	int64_t before = memory_own_bytes();
	volatile char *grown = malloc(GROWTH);

	(void)state;
	assert_true(before > 0);
	assert_non_null(grown);
	for (size_t i = 0; i < GROWTH; i += 4096)
		grown[i] = 1;
	assert_true(memory_own_bytes() >= before + GROWTH / 2);
	free((void *)(uintptr_t)grown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_that_is_written_to_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
