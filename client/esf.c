#include "client/esf.h"

#include "client/remote.h"
#include "lib/own.h"
#include "lib/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILES_MAX 1000
#define NAME_BYTES 128
#define FILE_BYTES_MAX (64 * 1024 * 1024)
#define NAMES_MAX 99 /* tried for one file */

/* ---- The folder ---- */

static int refuse(const char *path, struct fault *fault, const char *reason)
{
	return fault_set(fault, "X027", path,
			 N_("Give a folder of your own that nobody else may enter (chmod 700), "
			    "with --out."),
			 "%s", reason);
}

int esf_open_folder(const char *path, int *ret_fd, struct fault *fault)
{
	own(fd_close) int fd = -1;
	struct stat about;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return refuse(path, fault, N_("it cannot be made"));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &about) != 0)
		return refuse(path, fault, N_("it is a link, or no folder, or cannot be opened"));
	if (about.st_uid != geteuid())
		return refuse(path, fault, N_("it belongs to somebody else"));
	if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return refuse(path, fault, N_("others may enter it"));
	*ret_fd = take_fd(fd);
	return 0;
}

/* ---- The files ---- */

static bool is_name(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL &&
	       strlen(name) < NAME_BYTES - 8;
}

/* "esf-hbs-2018-06.csv", then "esf-hbs-2018-06-2.csv" ... */
static void name_again(const char *name, int times, char ret_name[static NAME_BYTES])
{
	const char *dot = strrchr(name, '.');
	size_t stem = dot == NULL ? strlen(name) : (size_t)(dot - name);

	if (times == 1)
		(void)snprintf(ret_name, NAME_BYTES, "%s", name);
	else
		(void)snprintf(ret_name, NAME_BYTES, "%.*s-%d%s", (int)stem, name, times,
			       name + stem);
}

static int open_new(int folder, const char *name, char ret_name[static NAME_BYTES], int *ret_fd)
{
	for (int times = 1; times <= NAMES_MAX; times++) {
		int fd;

		name_again(name, times, ret_name);
		fd = openat(folder, ret_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			    S_IRUSR | S_IWUSR);
		if (fd >= 0) {
			*ret_fd = fd;
			return 0;
		}
		if (errno != EEXIST)
			return fail(-errno);
	}
	return fail(-EEXIST);
}

static int write_all(int fd, const uint8_t *bytes, size_t n)
{
	while (n > 0) {
		ssize_t written = write(fd, bytes, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return fail(written < 0 ? -errno : -EIO);
		bytes += written;
		n -= (size_t)written;
	}
	return fsync(fd) != 0 ? fail(-errno) : 0;
}

int esf_write(int folder, const char *name, const void *bytes, size_t n,
	      char ret_name[static NAME_BYTES])
{
	own(fd_close) int fd = -1;
	char found[NAME_BYTES];
	int status;

	if (!is_name(name))
		return fail(-EBADMSG);
	status = open_new(folder, name, found, &fd);
	if (status != 0)
		return status;
	status = write_all(fd, bytes, n);
	if (status != 0) {
		(void)unlinkat(folder, found, 0);
		return status;
	}
	memcpy(ret_name, found, sizeof(found));
	return 0;
}

/* ---- The answer ---- */

/* Where the sheet tells the name of a file; NULL when it does not. */
static struct sheet_cell *cell_of(struct answer *answer, size_t row)
{
	struct sheet *sheet = answer->sheets_n == 0 ? NULL : answer->sheets[0];

	for (size_t c = 0; sheet != NULL && row < sheet->rows_n && c < sheet->columns_n; c++)
		if (strcmp(sheet->columns[c].id, "file") == 0)
			return &sheet->cells[row * sheet->columns_n + c];
	return NULL;
}

/* The name that the file got in the end. */
static void tell_name(struct sheet_cell *cell, const char *name)
{
	char *copy = strdup(name);

	if (copy == NULL)
		return;
	free(cell->text);
	cell->text = copy;
}

static int write_files(int folder, struct answer *answer)
{
	struct unpack in = unpack_start(answer->attachment.data, answer->attachment.n);
	uint32_t n = unpack_array(&in, FILES_MAX);
	int status = 0;

	for (uint32_t i = 0; i < n && status == 0 && in.error == 0; i++) {
		char name[NAME_BYTES], written[NAME_BYTES];
		const uint8_t *bytes;
		size_t bytes_n = 0;

		unpack_array_of(&in, 2);
		unpack_str(&in, name, sizeof(name));
		bytes = unpack_bin(&in, FILE_BYTES_MAX, &bytes_n);
		unpack_leave(&in);
		if (in.error == 0)
			status = esf_write(folder, name, bytes, bytes_n, written);
		if (in.error == 0 && status == 0 && cell_of(answer, i) != NULL)
			tell_name(cell_of(answer, i), written);
	}
	unpack_leave(&in);
	if (status == 0)
		status = unpack_end(&in);
	if (status == 0 && fsync(folder) != 0)
		status = fail(-errno);
	return status;
}

int esf_export(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *path = options_value(call->options, "out");
	bool is_dry = options_value(call->options, "dry-run") != NULL;
	own(fd_close) int folder = -1;
	int status = 0;

	if (!is_dry && path == NULL)
		return refuse("--out", fault,
			      N_("personal data is written to a folder, never to the screen"));
	if (!is_dry)
		status = esf_open_folder(path, &folder, fault);
	if (status == 0)
		status = remote_ask(call, ret_answer, fault);
	if (status != 0 || is_dry || ret_answer->attachment.n == 0)
		return status;
	status = write_files(folder, ret_answer);
	explicit_bzero(ret_answer->attachment.data, ret_answer->attachment.n);
	buf_clear(&ret_answer->attachment);
	return status;
}
