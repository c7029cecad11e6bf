#include "client/join.h"

#include "client/daemon_run.h"
#include "client/fingerprint.h"
#include "client/words.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"
#include "proto/programme_read.h"
#include "proto/welcome.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define CARD_BYTES_MAX 8192
#define PATH_BYTES 4096

static int check_options(const struct options *options, struct fault *fault)
{
	const char *by = options_value(options, "by");

	if (options_value(options, "dir") == NULL || options_value(options, "programme") == NULL)
		return fault_set(fault, "X002", "join", N_("See `mia help join` for its form."),
				 N_("--dir and --programme are both needed"));
	if (by != NULL && strcmp(by, "phone") != 0 && strcmp(by, "meeting") != 0)
		return fault_set(fault, "X002", "--by", N_("Give phone or meeting."),
				 N_("\"%s\" is no way to hear a fingerprint"), by);
	return 0;
}

/* It is signed by the key the invitation pins, and is the very one the hub counts by. */
static int check_programme(const struct options *options, const struct welcome *welcome,
			   struct fault *fault)
{
	const char *path = options_value(options, "programme");
	own(programme_free) struct programme *programme = NULL;
	int status = programme_open(path, welcome->programme_key, &programme, fault);

	if (status != 0)
		return status;
	if (memcmp(programme->hash, welcome->programme, sizeof(welcome->programme)) != 0)
		return fault_set(fault, "J007", path, error_find("J007")->remedy_en,
				 N_("it is another version or another programme"));
	return 0;
}

/* The settings name the roster from their own folder: what is meant from here is written whole. */
static void roster_path(const struct options *options, char ret_path[static PATH_MAX])
{
	const char *given = options_value(options, "roster");
	char dir[PATH_MAX];
	const char *name;
	size_t n;

	ret_path[0] = '\0';
	if (given == NULL)
		return;
	text_copy(dir, sizeof(dir), given);
	name = strrchr(given, '/');
	name = name == NULL ? given : name + 1;
	dir[name - given] = '\0';
	if (realpath(dir[0] == '\0' ? "." : dir, ret_path) == NULL ||
	    strlen(ret_path) + strlen(name) + 2 > PATH_MAX) {
		text_copy(ret_path, PATH_MAX, given);
		return;
	}
	n = strlen(ret_path);
	(void)snprintf(ret_path + n, PATH_MAX - n, "/%s", name);
}

static int make_site(const struct options *options, const struct welcome *welcome,
		     struct fault *fault)
{
	char key[65], hub_key[65], roster[PATH_MAX];
	struct daemon_run run = {0};

	text_hex(welcome->programme_key, sizeof(welcome->programme_key), key);
	text_hex(welcome->hub_sign, sizeof(welcome->hub_sign), hub_key);
	roster_path(options, roster);
	daemon_run_add(&run, "--init", "");
	daemon_run_add(&run, "--dir", options_value(options, "dir"));
	daemon_run_add(&run, "--owner", welcome->site);
	daemon_run_add(&run, "--programme", options_value(options, "programme"));
	daemon_run_add(&run, "--programme-key", key);
	daemon_run_add(&run, "--roster", roster[0] != '\0' ? roster : NULL);
	daemon_run_add(&run, "--endpoint", welcome->endpoint);
	daemon_run_add(&run, "--invitation", options->arguments[0]);
	daemon_run_add(&run, "--hub-key", hub_key); /* the file may be another by now */
	daemon_run_add(&run, "--by", options_value(options, "by"));
	daemon_run_add(&run, "--rehearsal", options_value(options, "rehearsal"));
	return daemon_run(&run, "site", fault);
}

static int show_card(const struct options *options, const struct welcome *welcome,
		     struct answer *ret_answer, struct fault *fault)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.joined/1", SHEET_FORM);
	own(buf_free) struct buf text = {0};
	char path[PATH_BYTES], fingerprint[SIGN_FINGERPRINT_BYTES];
	struct welcome_card card;
	int status;

	(void)snprintf(path, sizeof(path), "%s/card.ini", options_value(options, "dir"));
	status = file_read(path, CARD_BYTES_MAX, &text);
	if (status == 0)
		status = welcome_card_read(path, text.data, text.n, &card, fault);
	if (status != 0)
		return status;
	sign_fingerprint(card.member.sign, fingerprint);
	sheet_title(sheet, N_("A new site in %1"), options_value(options, "dir"), NULL);
	sheet_column(sheet, "site", SHEET_TEXT, N_("Site"), false);
	sheet_column(sheet, "fingerprint", SHEET_TEXT, N_("Fingerprint"), false);
	sheet_column(sheet, "card", SHEET_TEXT, N_("Card"), false);
	sheet_column(sheet, "last_day", SHEET_TEXT, N_("Last day"), false);
	sheet_add_text(sheet, welcome->site);
	sheet_add_text(sheet, fingerprint);
	sheet_add_text(sheet, path);
	sheet_add_text(sheet, welcome->last_day);
	sheet_note(sheet,
		   N_("Send the card to the hub's operator, and read the fingerprint over the "
		      "telephone: to them, and to the two sites that sign the roster."),
		   NULL);
	sheet_note(sheet,
		   N_("The site can start when the signed roster that names it is in place; "
		      "before that nobody lets it in."),
		   NULL);
	return answer_add(ret_answer, &sheet);
}

int join_county(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const struct options *options = call->options;
	struct welcome welcome;
	int status = check_options(options, fault);

	if (status == 0)
		status = welcome_read(options->arguments[0], &welcome, fault);
	if (status == 0)
		status = check_programme(options, &welcome, fault);
	if (status == 0)
		status = fingerprint_check(call, ROSTER_HUB, welcome.hub_sign, fault);
	if (status == 0)
		status = make_site(options, &welcome, fault);
	return status != 0 ? status : show_card(options, &welcome, ret_answer, fault);
}
