#include "lib/file.h"

#include "lib/own.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

/* Reads up to n bytes, however many reads that takes: their number, or -errno. */
static ssize_t read_fully(int fd, void *bytes, size_t n)
{
	uint8_t *to = bytes;
	size_t got = 0;

	while (got < n) {
		ssize_t more = read(fd, to + got, n - got);

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return fail(-errno);
		if (more == 0)
			break;
		got += (size_t)more;
	}
	return (ssize_t)got;
}

static int write_fully(int fd, const void *bytes, size_t n)
{
	const uint8_t *from = bytes;

	while (n > 0) {
		ssize_t done = write(fd, from, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return fail(-errno);
		from += done;
		n -= (size_t)done;
	}
	return 0;
}

/* Opens a regular file of at most max bytes. Not blocking, so that a pipe laid in our way is
 * refused and not waited for. */
static int open_regular(const char *path, size_t max, int *ret_fd, size_t *ret_n)
{
	own(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat about;

	if (fd < 0 || fstat(fd, &about) != 0)
		return fail(-errno);
	if (S_ISDIR(about.st_mode))
		return fail(-EISDIR);
	if (!S_ISREG(about.st_mode))
		return fail(-EINVAL);
	if ((uint64_t)about.st_size > max)
		return fail(-EFBIG);
	*ret_fd = take_fd(fd);
	*ret_n = (size_t)about.st_size;
	return 0;
}

int file_read(const char *path, size_t max, struct buf *ret_content)
{
	own(fd_close) int fd = -1;
	size_t before = ret_content->n;
	size_t expected = 0;
	ssize_t got;
	uint8_t *room;
	int error = open_regular(path, max, &fd, &expected);

	if (error != 0)
		return error;
	/* One byte more than it should hold shows a file that grows under our hands. */
	room = buf_extend(ret_content, expected + 1);
	if (room == NULL)
		return ret_content->error;
	got = read_fully(fd, room, expected + 1);
	ret_content->n = before;
	if (got < 0)
		return (int)got;
	if ((size_t)got > expected)
		return fail(-EFBIG);
	ret_content->n = before + (size_t)got;
	return 0;
}

/* The folder that path lies in, open: -errno. */
static int open_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX] = ".";
	int fd;

	if (slash != NULL) {
		size_t n = slash == path ? 1 : (size_t)(slash - path);

		if (n >= sizeof(folder))
			return fail(-ENAMETOOLONG);
		memcpy(folder, path, n);
		folder[n] = '\0';
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? fail(-errno) : fd;
}

/* Makes the names in path's folder last: a rename is only on the disk once its folder is. */
static int sync_folder(const char *path)
{
	own(fd_close) int fd = open_folder(path);

	if (fd < 0)
		return fd;
	return fsync(fd) != 0 ? fail(-errno) : 0;
}

static int write_beside(const char *tmp, const void *bytes, size_t n, mode_t mode)
{
	own(fd_close) int fd = -1;
	int error;

	/* What an earlier crash left; a link laid there is removed, not followed. */
	if (unlink(tmp) != 0 && errno != ENOENT)
		return fail(-errno);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return fail(-errno);
	error = write_fully(fd, bytes, n);
	if (error == 0 && (fchmod(fd, mode) != 0 || fsync(fd) != 0))
		error = fail(-errno);
	if (error == 0 && close(take_fd(fd)) != 0)
		error = fail(-errno);
	return error;
}

/* As rename(), but refuses a name that is taken. Where the file system knows no such rename, a
 * crash between the two steps leaves a second name, which a key file must not have (R036 names it).
 */
static int rename_to_free(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (link(from, to) != 0)
		return -1;
	(void)unlink(from);
	return 0;
}

typedef int place_fn(const char *from, const char *to);

static int write_and_place(const char *path, const void *bytes, size_t n, mode_t mode,
			   place_fn *place)
{
	char tmp[PATH_MAX];
	int error;

	if ((size_t)snprintf(tmp, sizeof(tmp), "%s.tmp", path) >= sizeof(tmp))
		return fail(-ENAMETOOLONG);
	error = write_beside(tmp, bytes, n, mode);
	if (error == 0 && place(tmp, path) != 0)
		error = fail(-errno);
	if (error != 0) {
		(void)unlink(tmp);
		return error;
	}
	return sync_folder(path);
}

int file_write(const char *path, const void *bytes, size_t n, mode_t mode)
{
	return write_and_place(path, bytes, n, mode, rename);
}

int file_create(const char *path, const void *bytes, size_t n, mode_t mode)
{
	return write_and_place(path, bytes, n, mode, rename_to_free);
}

/* One rule for a key file that is broken: whom it names, and how it is mended. */
static int refuse_key(const char *path, int error, const char *code, const char *remedy,
		      const char *reason, struct fault *fault)
{
	(void)fault_set(fault, code, path, remedy, "%s", reason);
	return fail(error);
}

/* A credential that systemd lets one user read by an access list shows the list's mask as rights of
 * the group; the group is root's. */
static bool is_credential(const struct stat *about)
{
	return about->st_uid == 0 && about->st_gid == 0 && geteuid() != 0 &&
	       (about->st_mode & (S_IRWXG | S_IRWXO)) == S_IRGRP;
}

static int check_rights(const char *path, const struct stat *about, struct fault *fault)
{
	if (about->st_uid != geteuid() && about->st_uid != 0) {
		(void)fault_set(fault, "R032", path, "give it to the daemon's user with chown",
				"the key file belongs to user %u, who could change it",
				(unsigned)about->st_uid);
		return fail(-EPERM);
	}
	if ((about->st_mode & (S_IRWXG | S_IRWXO)) != 0 && !is_credential(about)) {
		(void)fault_set(
			fault, "R033", path,
			"run chmod 0600 on it, and make a new key if others may have read it",
			"others than its owner have rights to the key file (mode %04o)",
			(unsigned)(about->st_mode & 07777));
		return fail(-EPERM);
	}
	return 0;
}

/* What 4-sync asks of a key file, from the descriptor that will be read: names can be swapped. */
static int check_key(const char *path, const struct stat *about, size_t n, struct fault *fault)
{
	int error;

	if (!S_ISREG(about->st_mode))
		return refuse_key(path, -EINVAL, "R031", "put the key itself in a plain file",
				  "the key is not in a regular file", fault);
	error = check_rights(path, about, fault);
	if (error != 0)
		return error;
	if (about->st_nlink != 1)
		return refuse_key(path, -EPERM, "R036",
				  "find the other name (find -samefile) and remove it",
				  "the key file has another name too, where others may reach it",
				  fault);
	if ((uint64_t)about->st_size != n) {
		(void)fault_set(fault, "R034", path, "restore it from the copy you keep of it",
				"the key file holds %lld bytes where a key has %zu",
				(long long)about->st_size, n);
		return fail(-EINVAL);
	}
	return 0;
}

static int refuse_opening(const char *path, int error, struct fault *fault)
{
	(void)fault_set(fault, "R030", path,
			"check that the path is right and the daemon's user may read it",
			"the key file cannot be opened: %s", fail_text(error));
	return fail(error);
}

/* Whoever may write in the folder may put another key there, or one of ours from before. The key is
 * then opened in the very folder that was looked at. */
static int open_key_folder(const char *path, int *ret_fd, struct fault *fault)
{
	own(fd_close) int fd = open_folder(path);
	struct stat about;

	if (fd < 0)
		return refuse_opening(path, fd, fault);
	if (fstat(fd, &about) != 0)
		return refuse_opening(path, -errno, fault);
	if ((about.st_uid != geteuid() && about.st_uid != 0) ||
	    (about.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return refuse_key(path, -EPERM, "R037",
				  "run chmod go-w on the folder, and chown it to the daemon's user",
				  "others may change the folder that the key file lies in", fault);
	*ret_fd = take_fd(fd);
	return 0;
}

int file_check_key_folder(const char *path, struct fault *fault)
{
	own(fd_close) int fd = -1;

	return open_key_folder(path, &fd, fault);
}

static int open_key(const char *path, int folder_fd, int *ret_fd, struct fault *fault)
{
	const char *slash = strrchr(path, '/');
	int fd = openat(folder_fd, slash == NULL ? path : slash + 1,
			O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);

	if (fd < 0 && errno == ELOOP)
		return refuse_key(path, -ELOOP, "R031",
				  "put the key itself there, not a link to it",
				  "the key file is a symbolic link", fault);
	if (fd < 0)
		return refuse_opening(path, -errno, fault);
	*ret_fd = fd;
	return 0;
}

int file_read_key(const char *path, size_t n, uint8_t *ret_key, struct fault *fault)
{
	own(fd_close) int folder_fd = -1, fd = -1;
	struct stat about;
	ssize_t got;
	int error = open_key_folder(path, &folder_fd, fault);

	if (error == 0)
		error = open_key(path, folder_fd, &fd, fault);
	if (error != 0)
		return error;
	if (fstat(fd, &about) != 0)
		return refuse_opening(path, -errno, fault);
	error = check_key(path, &about, n, fault);
	if (error != 0)
		return error;
	got = read_fully(fd, ret_key, n);
	if (got == (ssize_t)n)
		return 0;
	explicit_bzero(ret_key, n);
	error = got < 0 ? (int)got : fail(-EIO);
	(void)fault_set(fault, "R030", path, "check the disk, and try again",
			"the key file cannot be read: %s", fail_text(error));
	return error;
}

static int make_one_dir(const char *path, mode_t mode)
{
	struct stat about;

	if (mkdir(path, mode) == 0)
		return 0;
	if (errno != EEXIST || stat(path, &about) != 0)
		return fail(-errno);
	return S_ISDIR(about.st_mode) ? 0 : fail(-ENOTDIR);
}

int file_make_dir(const char *path, mode_t mode)
{
	char parent[PATH_MAX];
	size_t n = strlen(path);

	if (n == 0 || n >= sizeof(parent))
		return fail(n == 0 ? -ENOENT : -ENAMETOOLONG);
	memcpy(parent, path, n + 1);
	for (char *slash = strchr(parent + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		int error;

		*slash = '\0';
		error = make_one_dir(parent, mode);
		if (error != 0)
			return error;
		*slash = '/';
	}
	return make_one_dir(path, mode);
}

int file_lock(const char *path, int *ret_fd)
{
	own(fd_close) int fd =
		open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0)
		return fail(-errno);
	*ret_fd = take_fd(fd);
	return 0;
}
