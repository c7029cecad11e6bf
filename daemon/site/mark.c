#include "daemon/site/mark.h"

#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define MARK_BYTES_MAX 128
#define HASH_DIGITS ((size_t)2 * SIGN_HASH_BYTES)

static int name_file(const char *dir, char ret_path[static PATH_MAX])
{
	return snprintf(ret_path, PATH_MAX, "%s/mark", dir) < PATH_MAX ? 0 : fail(-ENAMETOOLONG);
}

int mark_write(const char *dir, struct outbox *outbox)
{
	uint8_t hash[SIGN_HASH_BYTES];
	char hex[HASH_DIGITS + 1];
	char text[MARK_BYTES_MAX];
	char path[PATH_MAX];
	int n;
	int error = name_file(dir, path);

	if (error == 0)
		error = outbox_hash(outbox, outbox_last(outbox), hash);
	if (error != 0)
		return error;
	text_hex(hash, sizeof(hash), hex);
	n = snprintf(text, sizeof(text), "mia-mark 1 %" PRIu64 " %s\n", outbox_last(outbox), hex);
	return file_write(path, text, (size_t)n, 0600);
}

static bool read_mark(const char *dir, uint64_t *ret_n, uint8_t ret_hash[static SIGN_HASH_BYTES])
{
	own(buf_free) struct buf content = {0};
	char number[24];
	char hex[HASH_DIGITS + 1];
	char path[PATH_MAX];

	return name_file(dir, path) == 0 && file_read(path, MARK_BYTES_MAX, &content) == 0 &&
	       buf_text(&content) != NULL &&
	       sscanf(buf_text(&content), "mia-mark 1 %23s %64s", number, hex) == 2 &&
	       text_to_u64(number, UINT64_MAX, ret_n) == 0 &&
	       text_unhex(hex, ret_hash, SIGN_HASH_BYTES) == 0;
}

int mark_check(const char *dir, struct outbox *outbox, bool *ret_is_held)
{
	uint8_t marked[SIGN_HASH_BYTES];
	uint8_t own_hash[SIGN_HASH_BYTES];
	uint64_t n = 0;
	int error;

	*ret_is_held = false;
	if (!read_mark(dir, &n, marked))
		return 0;
	error = outbox_hash(outbox, n, own_hash);
	if (error == 0)
		*ret_is_held = memcmp(own_hash, marked, sizeof(marked)) == 0;
	return error == -ENOENT ? 0 : error;
}
