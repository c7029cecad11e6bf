#include "client/words.h"

#include "lib/file.h"
#include "lib/ini.h"
#include "lib/own.h"
#include "lib/text.h"
#include "client/words_filled.h"

#include <errno.h>
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "mia"
#define SETTINGS "/etc/mia/mia.conf"

static bool is_utf8 = true;
static char catalogue[PATH_MAX + 32]; /* the .mo of the language, "" for English */

static bool parse_language(const char *text, enum programme_language *ret_language)
{
	if (text == NULL || (strncmp(text, "sv", 2) != 0 && strncmp(text, "en", 2) != 0))
		return false;
	*ret_language = text[0] == 's' ? LANGUAGE_SV : LANGUAGE_EN;
	return true;
}

static int take_setting(void *context, const struct ini_line *line, struct fault *fault)
{
	(void)fault;
	if (strcmp(line->section, "mia") == 0 && strcmp(line->key, "language") == 0)
		(void)parse_language(line->value, context);
	return 0;
}

/* The machine's own language as its settings or its locale say. */
static enum programme_language language_here(void)
{
	static const char *const names[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
	enum programme_language language = LANGUAGE_EN;
	const char *settings = getenv("MIA_CONF");
	const char *text = NULL;

	for (size_t i = 0; i < array_n(names) && (text == NULL || text[0] == '\0'); i++)
		text = getenv(names[i]);
	(void)parse_language(text, &language);
	(void)ini_read_file(settings != NULL ? settings : SETTINGS, take_setting, &language, NULL);
	return language;
}

/* A folder of that name may be somebody else's, and /usr/bin/locale is a program. */
static bool has_catalogues(const char *dir)
{
	char path[PATH_MAX + 32];

	(void)snprintf(path, sizeof(path), "%s/sv/LC_MESSAGES/" DOMAIN ".mo", dir);
	return access(path, R_OK) == 0;
}

/* Where the catalogues are: MIA_LOCALE_DIR, locale/ beside the executable, or the installed ones.
 */
static void find_catalogues(char ret_dir[static PATH_MAX])
{
	const char *told = getenv("MIA_LOCALE_DIR");
	ssize_t n = readlink("/proc/self/exe", ret_dir, PATH_MAX - 32);
	char *slash;

	ret_dir[n > 0 ? n : 0] = '\0';
	slash = strrchr(ret_dir, '/');
	if (slash != NULL)
		(void)snprintf(slash, 32, "/locale");
	if (told != NULL)
		text_copy(ret_dir, PATH_MAX, told);
	else if (!has_catalogues(ret_dir) && slash != NULL)
		/* PREFIX/bin/mia has its catalogues in PREFIX/share/locale. */
		(void)snprintf(slash, 32, "/../share/locale");
}

/* A fresh Debian has no sv_SE: the locale is C.UTF-8, and LANGUAGE says which words. */
static void open_catalogue(enum programme_language language)
{
	char dir[PATH_MAX];

	(void)setlocale(LC_MESSAGES, "C.UTF-8");
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)setenv("LANGUAGE", language == LANGUAGE_SV ? "sv" : "en", 1);
	find_catalogues(dir);
	(void)bindtextdomain(DOMAIN, dir);
	(void)bind_textdomain_codeset(DOMAIN, "UTF-8");
	(void)textdomain(DOMAIN);
	catalogue[0] = '\0';
	if (language == LANGUAGE_SV)
		(void)snprintf(catalogue, sizeof(catalogue), "%s/sv/LC_MESSAGES/" DOMAIN ".mo",
			       dir);
}

int words_start(const char *option, enum programme_language *ret_language)
{
	enum programme_language language = LANGUAGE_EN;

	if (option == NULL)
		language = language_here();
	else if (strcmp(option, "sv") != 0 && strcmp(option, "en") != 0)
		return fail(-EINVAL);
	else
		(void)parse_language(option, &language);
	is_utf8 = setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ||
		  strcmp(setlocale(LC_CTYPE, NULL), "C") == 0 ||
		  strcmp(setlocale(LC_CTYPE, NULL), "POSIX") == 0;
	open_catalogue(language);
	*ret_language = language;
	return 0;
}

bool words_are_utf8(void)
{
	return is_utf8;
}

const char *words(const char *msgid)
{
	/* gettext gives the catalogue's head for "". */
	return msgid[0] == '\0' ? msgid : gettext(msgid);
}

void words_add_filled(struct buf *to, const char *text)
{
	if (words(text) != text)
		buf_add_text(to, words(text));
	else if (!words_filled_add(to, catalogue, text))
		buf_add_text(to, text);
}

static void add_with(struct buf *to, const char *text, const char *const arguments[], size_t n)
{
	for (; *text != '\0'; text++) {
		size_t at = (size_t)(unsigned char)text[1] - '1';

		if (*text != '%' || at >= n) {
			buf_add_byte(to, (uint8_t)*text);
			continue;
		}
		buf_add_text(to, arguments[at]);
		text++;
	}
}

void words_add(struct buf *to, const char *msgid, ...)
{
	const char *arguments[SHEET_ARGUMENTS_MAX];
	const char *argument;
	va_list list;
	size_t n = 0;

	va_start(list, msgid);
	while (n < array_n(arguments) && (argument = va_arg(list, const char *)) != NULL)
		arguments[n++] = argument;
	va_end(list);
	add_with(to, words(msgid), arguments, n);
}

void words_add_phrase(struct buf *to, const char *msgid, char *const arguments[],
		      size_t arguments_n, bool is_translated)
{
	if (arguments_n == 0 && is_translated)
		words_add_filled(to, msgid);
	else
		add_with(to, is_translated ? words(msgid) : msgid, (const char *const *)arguments,
			 arguments_n);
}
