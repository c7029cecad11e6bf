#include "client/daemon_run.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"
#include "proto/sheet.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#define SAID_BYTES_MAX 4096
#define CODE_BYTES 4

extern char **environ;

void daemon_run_add(struct daemon_run *run, const char *name, const char *value)
{
	assert(run->n + 2 <= DAEMON_RUN_WORDS_MAX);
	if (value == NULL)
		return;
	run->words[run->n++] = name;
	if (value[0] != '\0')
		run->words[run->n++] = value;
}

static int find_daemon(const char *role, char ret_path[static PATH_MAX], struct fault *fault)
{
	static const char *const places[] = {"", "../daemon/", "../sbin/"};
	char dir[PATH_MAX - 64];
	ssize_t n = readlink("/proc/self/exe", dir, sizeof(dir) - 1);
	char *slash;

	dir[n > 0 ? n : 0] = '\0';
	slash = strrchr(dir, '/');
	if (slash != NULL)
		slash[1] = '\0';
	for (size_t i = 0; i < array_n(places); i++) {
		(void)snprintf(ret_path, PATH_MAX, "%s%smiad-%s", dir, places[i], role);
		if (access(ret_path, X_OK) == 0)
			return 0;
	}
	return fault_set(fault, "X009", ret_path,
			 N_("Install the package mia-site or mia-hub on this machine."),
			 N_("the daemon miad-%s is not installed here"), role);
}

static int read_all(int fd, struct buf *ret_said)
{
	for (;;) {
		char piece[512];
		ssize_t n = read(fd, piece, sizeof(piece));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? fail(-errno) : ret_said->error;
		if (ret_said->n < SAID_BYTES_MAX)
			buf_add(ret_said, piece, (size_t)n);
	}
}

/* Starts it with its stderr on talk_fd. argv is the spawned program's own copy to change. */
static int spawn(const char *path, const struct daemon_run *run, int talk_fd, pid_t *ret_child)
{
	posix_spawn_file_actions_t actions;
	const char *words[DAEMON_RUN_WORDS_MAX + 2] = {path};
	char *const *argv = NULL;
	int status;

	memcpy(words + 1, run->words, run->n * sizeof(words[0]));
	memcpy(&argv, &(const char *const *){words}, sizeof(argv)); /* execve() changes nothing */
	status = -posix_spawn_file_actions_init(&actions);
	if (status != 0)
		return fail(status);
	status = -posix_spawn_file_actions_adddup2(&actions, talk_fd, STDERR_FILENO);
	if (status == 0)
		status = -posix_spawn(ret_child, path, &actions, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	return status == 0 ? 0 : fail(status);
}

static int wait_for(pid_t child, int *ret_exit)
{
	int state = 0;

	while (waitpid(child, &state, 0) < 0)
		if (errno != EINTR)
			return fail(-errno);
	*ret_exit = WIFEXITED(state) ? WEXITSTATUS(state) : EXIT_FAILED;
	return 0;
}

/* Its complaint, "CODE place: reason" and the remedy on the next line, as a fault of ours. */
static int forward(const char *path, struct buf *said, struct fault *fault)
{
	char line[SAID_BYTES_MAX + 1], code[CODE_BYTES + 1];
	char *remedy = line, *reason;

	text_copy(line, sizeof(line), buf_text(said) != NULL ? buf_text(said) : "");
	(void)strsep(&remedy, "\n");
	text_copy(code, sizeof(code), line);
	if (error_find(code) == NULL || line[CODE_BYTES] != ' ')
		return fault_set(fault, "X006", path, "", "%s", line);
	if (remedy != NULL)
		remedy[strcspn(remedy, "\n")] = '\0';
	reason = strstr(line + CODE_BYTES + 1, ": ");
	if (reason == NULL)
		return fault_set(fault, code, "", remedy, "%s", line + CODE_BYTES + 1);
	*reason = '\0';
	return fault_set(fault, code, line + CODE_BYTES + 1, remedy, "%s", reason + 2);
}

int daemon_run(const struct daemon_run *run, const char *role, struct fault *fault)
{
	own(buf_free) struct buf said = {0};
	own(fd_close) int listen_fd = -1;
	own(fd_close) int talk_fd = -1;
	char path[PATH_MAX];
	int fds[2];
	pid_t child = -1;
	int exit = 0;
	int status = find_daemon(role, path, fault);

	if (status != 0)
		return status;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return fail(-errno);
	listen_fd = fds[0];
	talk_fd = fds[1];
	status = spawn(path, run, talk_fd, &child);
	if (status != 0)
		return status;
	fd_close(&talk_fd);
	status = read_all(listen_fd, &said);
	if (status == 0)
		status = wait_for(child, &exit);
	if (status == 0 && exit != 0)
		status = forward(path, &said, fault);
	return status;
}
