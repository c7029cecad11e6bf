/* The journal would note this file and line as the place of every event. */
#define SD_JOURNAL_SUPPRESS_LOCATION

#include "lib/log.h"

#include "lib/fail.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#define LINE_BYTES 2048
#define FIELDS_MAX 24

static _Atomic int max_priority_now = LOG_INFO;
static bool is_journal;

void log_limit(int max_priority)
{
	max_priority_now = max_priority;
}

/* systemd names in JOURNAL_STREAM the device and inode of the stderr it gave us; they differ when
 * somebody has sent stderr elsewhere since. */
static void find_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	struct stat about;
	char ours[64];

	if (stream == NULL || fstat(STDERR_FILENO, &about) != 0)
		return;
	(void)snprintf(ours, sizeof(ours), "%llu:%llu", (unsigned long long)about.st_dev,
		       (unsigned long long)about.st_ino);
	is_journal = strcmp(stream, ours) == 0;
}

/* Copies text with control characters (C0, DEL, and C1 in UTF-8: C2 80..9F) as \xNN, cut at size;
 * gives the bytes used without the NUL. */
static size_t escape(char *to, size_t size, const char *text)
{
	size_t n = 0;
	bool is_after_c2 = false;

	for (; *text != '\0' && n + 9 < size; text++) {
		unsigned char byte = (unsigned char)*text;
		bool is_c1 = is_after_c2 && byte >= 0x80 && byte <= 0x9F;

		if (is_c1)
			n += (size_t)snprintf(to + n - 1, size - n, "\\xc2\\x%02x", byte) - 1;
		else if (byte < 0x20 || byte == 0x7F)
			n += (size_t)snprintf(to + n, size - n, "\\x%02x", byte);
		else
			to[n++] = *text;
		is_after_c2 = byte == 0xC2;
	}
	to[n] = '\0';
	return n;
}

/* The end of the value that begins at text: a blank, or what follows a closing quote. */
static const char *value_end(const char *text)
{
	const char *quote = text[0] == '"' ? strchr(text + 1, '"') : NULL;

	return quote != NULL ? quote + 1 : text + strcspn(text, " ");
}

/* Writes MIA_KEY=value for the next pair of *at into field, and moves *at behind it; 0 when there
 * is none left. Key characters the journal does not allow become _. */
static size_t next_field(const char **at, char *field, size_t size)
{
	const char *key = *at + strspn(*at, " ");
	size_t key_n = strcspn(key, "= ");
	const char *value = key + key_n + 1;
	const char *end;
	size_t n;

	if (key_n == 0 || key[key_n] != '=' || key_n > 40)
		return 0;
	end = value_end(value);
	*at = end;
	if (value[0] == '"' && end > value + 1 && end[-1] == '"') {
		value++;
		end--;
	}
	n = (size_t)snprintf(field, size, "MIA_%.*s=%.*s", (int)key_n, key, (int)(end - value),
			     value);
	for (size_t i = 4; i < 4 + key_n; i++) {
		if (field[i] >= 'a' && field[i] <= 'z')
			field[i] = (char)(field[i] - 'a' + 'A');
		else if ((field[i] < '0' || field[i] > '9') && (field[i] < 'A' || field[i] > 'Z'))
			field[i] = '_';
	}
	return n < size ? n : size - 1;
}

static void write_journal(int priority, const char *event, const char *line)
{
	char message[LINE_BYTES + 16], level[16], name[80];
	char fields[FIELDS_MAX][300];
	struct iovec parts[FIELDS_MAX + 3];
	const char *at = line + strcspn(line, " ");
	int n = 3;

	parts[0].iov_len = (size_t)snprintf(message, sizeof(message), "MESSAGE=%s", line);
	parts[0].iov_base = message;
	parts[1].iov_len = (size_t)snprintf(level, sizeof(level), "PRIORITY=%d", priority);
	parts[1].iov_base = level;
	parts[2].iov_len = (size_t)snprintf(name, sizeof(name), "MIA_EVENT=%.60s", event);
	parts[2].iov_base = name;
	for (int i = 0; i < FIELDS_MAX; i++) {
		size_t field_n = next_field(&at, fields[i], sizeof(fields[i]));

		if (field_n == 0)
			break;
		parts[n++] = (struct iovec){.iov_base = fields[i], .iov_len = field_n};
	}
	(void)sd_journal_sendv(parts, n);
}

static void write_stderr(const char *line)
{
	char whole[LINE_BYTES + 2];
	int n = snprintf(whole, sizeof(whole), "%s\n", line);

	/* One write, so that lines of two processes do not mix; nobody is left to tell if it fails.
	 */
	if (write(STDERR_FILENO, whole, (size_t)n) < 0)
		return;
}

static void write_line(int priority, const char *event, const char *pairs)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	char line[LINE_BYTES];
	size_t n = escape(line, sizeof(line), event);

	if (pairs[0] != '\0' && n + 1 < sizeof(line)) {
		line[n++] = ' ';
		(void)escape(line + n, sizeof(line) - n, pairs);
	}
	(void)pthread_once(&once, find_journal);
	if (is_journal)
		write_journal(priority, event, line);
	else
		write_stderr(line);
}

void log_event(int priority, const char *event, const char *format, ...)
{
	char pairs[LINE_BYTES];
	va_list arguments;

	if (priority > max_priority_now)
		return;
	va_start(arguments, format);
	if (vsnprintf(pairs, sizeof(pairs), format, arguments) < 0)
		pairs[0] = '\0';
	va_end(arguments);
	write_line(priority, event, pairs);
}

void log_failure(const char *event, int code, const char *format, ...)
{
	char pairs[LINE_BYTES];
	char whole[LINE_BYTES + 512];
	va_list arguments;

	if (LOG_ERR > max_priority_now)
		return;
	va_start(arguments, format);
	if (vsnprintf(pairs, sizeof(pairs), format, arguments) < 0)
		pairs[0] = '\0';
	va_end(arguments);
	(void)snprintf(whole, sizeof(whole), "%.1500s%serror=\"%s\" origin=%s", pairs,
		       pairs[0] != '\0' ? " " : "", fail_text(code), fail_origin());
	write_line(LOG_ERR, event, whole);
}
