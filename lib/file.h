/*
 * Whole small files: read with a bound, written so that a crash leaves the old or the new one, and
 * key files, which have rules of their own (4.5: owned by the user, 0600, no link, exact size).
 */
#ifndef MIA_LIB_FILE_H
#define MIA_LIB_FILE_H

#include "lib/buf.h"
#include "lib/fail.h"

#include <stdbool.h>
#include <sys/types.h>

/* Reads a whole regular file of at most max bytes: 0, -EFBIG, -EISDIR, or the system's error. */
int file_read(const char *path, size_t max, struct buf *ret_content);

/* Writes path via path.tmp, fsync, rename and fsync of the folder; mode is the file's. Nothing is
 * left half written. */
int file_write(const char *path, const void *bytes, size_t n, mode_t mode);

/* As file_write(), but -EEXIST when path is there already. */
int file_create(const char *path, const void *bytes, size_t n, mode_t mode);

/*
 * Reads a key file of exactly n bytes into ret_key (locked memory of the caller's): a regular file
 * with one name, no symlink, owned by the effective user or root, no rights for group or others
 * (but for the access list of a systemd credential), in a folder that only they may change. Else
 * -EPERM/-EINVAL/... with fault naming path, reason and the chmod/chown that mends it: R030 cannot
 * be opened or read, R031 a link or no regular file, R032 another's, R033 others have rights, R034
 * another size, R036 a second name, R037 its folder is open to others.
 */
int file_read_key(const char *path, size_t n, uint8_t *ret_key, struct fault *fault);

/* Whether the folder of path may hold a key, which need not be there yet: 0; -EPERM with fault
 * R037, -ENOENT and its like with R030. */
int file_check_key_folder(const char *path, struct fault *fault);

/* Makes a folder and its parents with mode; 0 also when it is there already. */
int file_make_dir(const char *path, mode_t mode);

/* Locks path (created 0600) for this process until *ret_fd is closed: -EWOULDBLOCK when another
 * process holds it. */
int file_lock(const char *path, int *ret_fd);

#endif
