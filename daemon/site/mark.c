#include "daemon/site/mark.h"

#include "daemon/site/outbox_past.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK_BYTES_MAX 160
#define YOUNGER_S 30 /* a copy at once is no backup */
#define HASH_DIGITS ((size_t)2 * SIGN_HASH_BYTES)

struct mark {
	uint64_t n;
	uint8_t hash[SIGN_HASH_BYTES];
	int64_t at_written;
};

static int name_file(const char *dir, const char *name, char ret_path[static PATH_MAX])
{
	return snprintf(ret_path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX ? 0
									   : fail(-ENAMETOOLONG);
}

/* What the file system's clock says, by a file that is made for it. */
static int ask_clock(const char *dir, int64_t *ret_at)
{
	char path[PATH_MAX];
	struct stat about;
	int error = name_file(dir, "mark.at", path);

	if (error == 0)
		error = file_write(path, "", 0, 0600);
	if (error != 0)
		return error;
	if (stat(path, &about) != 0 || unlink(path) != 0)
		return fail(-errno);
	*ret_at = about.st_ctim.tv_sec;
	return 0;
}

int mark_write(const char *dir, struct outbox *outbox)
{
	uint8_t hash[SIGN_HASH_BYTES];
	char hex[HASH_DIGITS + 1];
	char text[MARK_BYTES_MAX];
	char path[PATH_MAX];
	int64_t at = 0;
	int n;
	int error = name_file(dir, "mark", path);

	if (error == 0)
		error = outbox_hash(outbox, outbox_last(outbox), hash);
	if (error == 0)
		error = ask_clock(dir, &at);
	if (error != 0)
		return error;
	text_hex(hash, sizeof(hash), hex);
	n = snprintf(text, sizeof(text), "mia-mark 2 %" PRIu64 " %s %" PRId64 "\n",
		     outbox_last(outbox), hex, at);
	return file_write(path, text, (size_t)n, 0600);
}

static bool parse(struct buf *content, struct mark *ret_mark)
{
	const char *text = buf_text(content);
	char number[24];
	char hex[HASH_DIGITS + 1];
	char seconds[24];
	uint64_t at = 0;

	if (text == NULL || sscanf(text, "mia-mark 2 %23s %64s %23s", number, hex, seconds) != 3 ||
	    text_to_u64(number, UINT64_MAX, &ret_mark->n) != 0 ||
	    text_unhex(hex, ret_mark->hash, sizeof(ret_mark->hash)) != 0 ||
	    text_to_u64(seconds, INT64_MAX, &at) != 0)
		return false;
	ret_mark->at_written = (int64_t)at;
	return true;
}

/* Copying sets a file's change time, and nothing can set it back. */
static bool is_copy(const struct mark *mark, const struct stat *about)
{
	return about->st_ctim.tv_sec - mark->at_written > YOUNGER_S;
}

/* Where the chain does not go through the mark. */
static int judge_other(struct store *store, const struct mark *mark, enum mark_state *ret_state)
{
	bool is_archived = false;
	int error = outbox_past_holds(store, mark->n, mark->hash, &is_archived);

	if (error == 0)
		*ret_state = is_archived ? MARK_LOST : MARK_OTHER;
	return error;
}

int mark_check(const char *dir, struct store *store, struct outbox *outbox,
	       enum mark_state *ret_state)
{
	own(buf_free) struct buf content = {0};
	uint8_t own_hash[SIGN_HASH_BYTES];
	char path[PATH_MAX];
	struct stat about;
	struct mark mark;
	int error = name_file(dir, "mark", path);

	*ret_state = MARK_LOST;
	if (error != 0 || file_read(path, MARK_BYTES_MAX, &content) != 0 ||
	    stat(path, &about) != 0 || !parse(&content, &mark))
		return error;
	error = outbox_hash(outbox, mark.n, own_hash);
	if (error == -ENOENT || (error == 0 && memcmp(own_hash, mark.hash, sizeof(own_hash)) != 0))
		return judge_other(store, &mark, ret_state);
	if (error == 0 && !is_copy(&mark, &about))
		*ret_state = MARK_HELD;
	return error;
}
