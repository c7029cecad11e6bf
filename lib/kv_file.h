/*
 * What must hold of an LMDB file before it is mapped: it has no checksums, and a file that ends
 * before its last page is a SIGBUS later on (4.4). Reads only; knows nothing of LMDB's library.
 */
#ifndef MIA_LIB_KV_FILE_H
#define MIA_LIB_KV_FILE_H

#include <stddef.h>

/*
 * Checks both meta pages of the data file path and that the file holds every page in use. 0 with
 * its size, 0 bytes when there is none yet; -EILSEQ when it is foreign, damaged or truncated; the
 * system's error. Source: lmdb 0.9.24, mdb.c, struct MDB_page, MDB_db and MDB_meta.
 */
int kv_file_check(const char *path, size_t *ret_bytes);

/* Allocates the file to n bytes on disk: 0 or -ENOSPC, -EFBIG, -EIO ... with its size as it was. */
int kv_file_allocate(int fd, size_t n);

#endif
