#include "client/setup.h"

#include "client/daemon_run.h"
#include "client/words.h"
#include "lib/file.h"
#include "lib/ini.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/welcome.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define CARD_BYTES_MAX 8192
#define CARD_FILE "identity.ini"
#define ROOMS "/etc/mia/"

/* ---- init ---- */

/* An identity card as it was written: what people compare and send on. */
struct card {
	char owner[64], fingerprint[64];
};

static int take_card(void *context, const struct ini_line *line, struct fault *fault)
{
	struct card *card = context;

	(void)fault;
	text_copy(card->owner, sizeof(card->owner), line->section);
	if (strcmp(line->key, "fingerprint") == 0)
		text_copy(card->fingerprint, sizeof(card->fingerprint), line->value);
	return 0;
}

/* What starts it: the unit, for a room of the machine. */
static void add_start(struct sheet *sheet, const char *dir, bool is_hub)
{
	const char *name = dir + strlen(ROOMS);
	char word[PATH_BYTES];

	if (strncmp(dir, ROOMS, strlen(ROOMS)) != 0 || strcspn(name, "/") == 0) {
		sheet_note(sheet, N_("The daemon can start when the signed roster is in place."),
			   NULL);
		return;
	}
	(void)snprintf(word, sizeof(word), "miad-%s@%.*s", is_hub ? "hub" : "site",
		       (int)strcspn(name, "/"), name);
	sheet_note(
		sheet,
		N_("When the signed roster (roster.ini and roster.ini.sig) lies in %1: `systemctl "
		   "enable --now %2`"),
		dir, word, NULL);
}

static int add_card(const char *dir, bool is_hub, struct answer *ret_answer, struct fault *fault)
{
	struct sheet *sheet = sheet_new("mia.identity/1", SHEET_FORM);
	struct card card = {0};
	char path[PATH_BYTES];
	int status;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, CARD_FILE);
	status = ini_read_file(path, take_card, &card, fault);
	if (status != 0) {
		sheet_free(&sheet);
		return status;
	}
	sheet_title(sheet, is_hub ? N_("A new hub in %1") : N_("A new site in %1"), dir, NULL);
	sheet_column(sheet, "owner", SHEET_TEXT, N_("Name"), false);
	sheet_column(sheet, "fingerprint", SHEET_TEXT, N_("Fingerprint"), false);
	sheet_column(sheet, "card", SHEET_TEXT, N_("Identity card"), false);
	sheet_column(sheet, "settings", SHEET_TEXT, N_("Settings"), false);
	sheet_add_text(sheet, card.owner);
	sheet_add_text(sheet, card.fingerprint);
	sheet_add_text(sheet, path);
	(void)snprintf(path, sizeof(path), "%s/miad.conf", dir);
	sheet_add_text(sheet, path);
	sheet_note(sheet,
		   N_("Send the identity card to whoever signs the roster, and read them the "
		      "fingerprint over the telephone."),
		   NULL);
	add_start(sheet, dir, is_hub);
	return answer_add(ret_answer, &sheet);
}

static int complain(const char *remedy, const char *reason, struct fault *fault)
{
	return fault_set(fault, "X002", "init", remedy, "%s", reason);
}

static int check_words(const struct options *options, bool is_hub, struct fault *fault)
{
	bool is_site = strcmp(options->arguments[0], "site") == 0;

	if (is_hub ? options->arguments_n != 1 : !is_site || options->arguments_n != 2)
		return complain(N_("Write `mia init site SITE` or `mia init hub`."),
				N_("it is either a site with its id, or the hub"), fault);
	if (options_value(options, "dir") == NULL || options_value(options, "programme") == NULL ||
	    options_value(options, "programme-key") == NULL)
		return complain(N_("See `mia help init` for its form."),
				N_("--dir, --programme and --programme-key are all needed"), fault);
	if (is_hub ? options_value(options, "hub") != NULL
		   : options_value(options, "listen") != NULL)
		return complain(N_("A site is told where the hub is (--hub), a hub where it "
				   "listens (--listen)."),
				N_("--hub and --listen were mixed up"), fault);
	if (!is_hub && options_value(options, "hub") == NULL)
		return complain(N_("Give --hub tcp://NAME:PORT."),
				N_("a site must know where its hub is"), fault);
	return 0;
}

/* The settings name the roster from their own folder: what is meant from here is written whole. */
static int roster_path(const struct options *options, char ret_path[static PATH_BYTES])
{
	const char *given = options_value(options, "roster");
	char here[PATH_BYTES / 2];

	if (given == NULL || given[0] == '/') {
		text_copy(ret_path, PATH_BYTES, given == NULL ? "" : given);
		return 0;
	}
	if (getcwd(here, sizeof(here)) == NULL)
		return fail(-errno);
	return snprintf(ret_path, PATH_BYTES, "%s/%s", here, given) < PATH_BYTES
		       ? 0
		       : fail(-ENAMETOOLONG);
}

/* An unsigned programme is told before anything is made. */
static int check_signed(const char *programme, struct fault *fault)
{
	char path[PATH_BYTES];

	(void)snprintf(path, sizeof(path), "%s.sig", programme);
	if (access(programme, R_OK) == 0 && access(path, R_OK) != 0)
		return fault_set(fault, "R020", path, "", N_("the programme is not signed"));
	return 0;
}

int setup_init(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const struct options *options = call->options;
	bool is_hub = strcmp(options->arguments[0], "hub") == 0;
	const char *dir = options_value(options, "dir");
	char roster[PATH_BYTES] = "";
	struct daemon_run run = {0};
	int status = check_words(options, is_hub, fault);

	if (status == 0)
		status = check_signed(options_value(options, "programme"), fault);
	if (status == 0)
		status = roster_path(options, roster);
	if (status != 0)
		return status;
	daemon_run_add(&run, "--init", "");
	daemon_run_add(&run, "--dir", dir);
	daemon_run_add(&run, "--owner", is_hub ? "hub" : options->arguments[1]);
	daemon_run_add(&run, "--programme", options_value(options, "programme"));
	daemon_run_add(&run, "--programme-key", options_value(options, "programme-key"));
	daemon_run_add(&run, "--roster", roster[0] != '\0' ? roster : NULL);
	daemon_run_add(&run, "--endpoint", options_value(options, is_hub ? "listen" : "hub"));
	daemon_run_add(&run, "--rehearsal", options_value(options, "rehearsal"));
	status = daemon_run(&run, is_hub ? "hub" : "site", fault);
	return status == 0 ? add_card(dir, is_hub, ret_answer, fault) : status;
}

/* ---- config check ---- */

static int take_owner(void *context, const struct ini_line *line, struct fault *fault)
{
	(void)fault;
	if (strcmp(line->section, "miad") == 0 && strcmp(line->key, "owner") == 0)
		*(bool *)context = strcmp(line->value, "hub") == 0;
	return 0;
}

/* Root checks as the daemon will read: as the user the settings belong to. Nothing else is done
 * after it. */
static int become_owner(const char *path)
{
	const struct passwd *user;
	struct stat status;

	if (geteuid() != 0 || stat(path, &status) != 0 || status.st_uid == 0)
		return 0;
	user = getpwuid(status.st_uid);
	if (user == NULL)
		return 0;
	if (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
	    setuid(user->pw_uid) != 0)
		return fail(-errno);
	return 0;
}

int setup_check(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *path = call->options->arguments[0];
	struct daemon_run run = {0};
	bool is_hub = false;
	int status = ini_read_file(path, take_owner, &is_hub, fault);

	if (status == 0)
		status = become_owner(path);
	daemon_run_add(&run, "--check", "");
	daemon_run_add(&run, "--config", path);
	if (status == 0)
		status = daemon_run(&run, is_hub ? "hub" : "site", fault);
	if (status != 0)
		return status;
	return answer_line(ret_answer, "mia.check/1",
			   N_("%1: the daemon can run with these settings"), path, NULL);
}

/* ---- key rotate ---- */

/* What is to be done with the card of a change, or of keys in the place of lost ones. */
static const struct {
	bool is_lost, is_hub;
	const char *note;
} steps[] = {
	{false, false,
	 N_("Send the card to the hub's operator, and read the new fingerprint over the telephone: "
	    "to them, and to the other site that signs the roster.")},
	{false, true,
	 N_("Take the card into the draft (mia accept hub --card FILE), and read the new "
	    "fingerprint over the telephone to the two sites that sign it.")},
	{true, false,
	 N_("Send the card to the hub's operator, and read the new fingerprint over the telephone: "
	    "to them, and to the two sites that sign the roster.")},
	{true, true,
	 N_("The draft of the next roster lies beside the card as draft.ini: the programme owner "
	    "and two sites sign it, and hear the new fingerprint over the telephone.")},
};

static void note_steps(struct sheet *sheet, bool is_lost, bool is_hub)
{
	for (size_t i = 0; i < array_n(steps); i++)
		if (steps[i].is_lost == is_lost && steps[i].is_hub == is_hub)
			sheet_note(sheet, steps[i].note, NULL);
	if (!is_lost)
		sheet_note(sheet,
			   N_("Sign the draft with the key in use (mia roster sign FILE); put the "
			      "signed roster in place, and mia reload takes the new keys."),
			   NULL);
}

static int show_rotated(const char *path, bool is_lost, struct answer *ret_answer,
			struct fault *fault)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.rotated/1", SHEET_FORM);
	own(buf_free) struct buf text = {0};
	char fingerprint[SIGN_FINGERPRINT_BYTES];
	struct welcome_card card;
	int status = file_read(path, CARD_BYTES_MAX, &text);

	if (status == 0)
		status = welcome_card_read(path, text.data, text.n, &card, fault);
	if (status != 0)
		return status;
	sign_fingerprint(card.member.sign, fingerprint);
	sheet_title(sheet, N_("The next keys of %1"), card.member.name, NULL);
	sheet_column(sheet, "fingerprint", SHEET_TEXT, N_("Fingerprint"), false);
	sheet_column(sheet, "card", SHEET_TEXT, N_("Card"), false);
	sheet_add_text(sheet, fingerprint);
	sheet_add_text(sheet, path);
	note_steps(sheet, is_lost, strcmp(card.member.name, ROSTER_HUB) == 0);
	return answer_add(ret_answer, &sheet);
}

int setup_rotate(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *dir = options_value(call->options, "dir");
	char config[PATH_BYTES], card[PATH_BYTES];
	const char *lost = options_value(call->options, "lost");
	struct daemon_run run = {0};
	bool is_hub = false;
	int status;

	if (dir == NULL)
		return fault_set(fault, "X002", "key rotate", N_("Give --dir DIR."),
				 N_("the folder with the keys is missing"));
	(void)snprintf(config, sizeof(config), "%s/miad.conf", dir);
	(void)snprintf(card, sizeof(card), "%s/card.ini", dir);
	status = ini_read_file(config, take_owner, &is_hub, fault);
	if (status == 0)
		status = become_owner(config);
	daemon_run_add(&run, "--rotate", "");
	daemon_run_add(&run, "--config", config);
	daemon_run_add(&run, "--invitation", lost);
	if (status == 0)
		status = daemon_run(&run, is_hub ? "hub" : "site", fault);
	return status != 0 ? status : show_rotated(card, lost != NULL, ret_answer, fault);
}
