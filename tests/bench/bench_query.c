/*
 * A question to a daemon that runs, each time by a new process: `mia status`, beside a plain
 * program that sends the same request and reads the same answer.
 */
#include "lib/own.h"
#include "tests/bench/bench.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

/* Milliseconds of one process from its start to its end. */
static int time_process(char *const argv[], double *ret_ms)
{
	posix_spawn_file_actions_t files;
	double start = bench_now_s();
	int status = 0;
	pid_t child;
	int code;

	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	code = posix_spawn(&child, argv[0], &files, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&files);
	if (code != 0)
		return fail(-code);
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return fail(-EPROTO);
	*ret_ms = (bench_now_s() - start) * 1000.0;
	return 0;
}

/* mia-ask beside ourselves. */
static int find_ask(char ret_path[static BENCH_PATH_BYTES])
{
	char self[BENCH_PATH_BYTES] = {0};

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return fail(-errno);
	return snprintf(ret_path, BENCH_PATH_BYTES, "%s/mia-bench-ask", dirname(self)) <
			       BENCH_PATH_BYTES
		       ? 0
		       : fail(-ENAMETOOLONG);
}

int bench_query(const struct bench_settings *settings)
{
	own(bench_samples_free) struct bench_samples client = {0}, bare = {0};
	struct bench_row row = bench_row("query", "ms", "<= 2");
	char ask[BENCH_PATH_BYTES];
	char *mia[] = {(char *)(uintptr_t)settings->client, (char *)(uintptr_t) "--socket",
		       (char *)(uintptr_t)settings->socket, (char *)(uintptr_t) "status", NULL};
	char *plain[] = {ask, (char *)(uintptr_t)settings->socket, NULL};
	uint64_t times = settings->samples / 10 + 1;
	double duration = 0;
	int error = settings->client == NULL || settings->socket == NULL ? fail(-EINVAL)
									 : find_ask(ask);

	for (uint64_t i = 0; i < times && error == 0; i++) {
		error = time_process(plain, &duration);
		bench_sample(&bare, duration);
		if (error == 0)
			error = time_process(mia, &duration);
		bench_sample(&client, duration);
	}
	if (error < 0)
		return bench_failed("questions (they need --client and --socket)", error);
	row.n = client.n;
	row.value = row.p50 = bench_percentile(&client, 0.5);
	row.p99 = bench_percentile(&client, 0.99);
	row.bare = row.bare_p50 = bench_percentile(&bare, 0.5);
	row.bare_p99 = bench_percentile(&bare, 0.99);
	bench_print(&row);
	return 0;
}
