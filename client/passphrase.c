#include "client/passphrase.h"

#include "client/words.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"
#include "lib/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* What would end or stop mia while the terminal shows nothing: it is held until the terminal is
 * itself again. */
static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
static volatile sig_atomic_t caught;

static void note_signal(int number)
{
	caught = number;
}

static int refuse(struct fault *fault, const char *what, const char *reason)
{
	return fault_set(fault, "R035", what,
			 N_("Use a sentence of your own, and keep it apart from the key."), "%s",
			 reason);
}

static int refuse_short(struct fault *fault, const char *what)
{
	return refuse(fault, what, N_("it is shorter than twelve characters"));
}

/* A line without its end, unbuffered: no copy is left behind. */
static int read_line(int fd, char ret_text[static PASSPHRASE_BYTES])
{
	size_t n = 0;
	char byte = '\0';

	while (n < PASSPHRASE_BYTES - 1) {
		ssize_t got = read(fd, &byte, 1);

		if (got < 0 && errno == EINTR && caught == 0)
			continue;
		if (got < 0)
			return fail(-errno);
		if (got == 0 || byte == '\n')
			break;
		ret_text[n++] = byte;
	}
	ret_text[n] = '\0';
	return byte == '\n' || n < PASSPHRASE_BYTES - 1 ? 0 : fail(-EMSGSIZE);
}

/* A line that is not shown while it is typed; the question is put when the terminal is ready, as
 * what was typed before is thrown away. A signal that came meanwhile takes its course when the
 * terminal is as it was. */
static int read_hidden(int fd, const char *question, char ret_text[static PASSPHRASE_BYTES])
{
	const struct sigaction ours = {.sa_handler = note_signal}; /* no SA_RESTART: read ends */
	struct sigaction theirs[array_n(held)];
	struct termios shown, hidden;
	int status;

	if (tcgetattr(fd, &shown) != 0)
		return fail(-errno);
	caught = 0;
	for (size_t i = 0; i < array_n(held); i++)
		(void)sigaction(held[i], &ours, &theirs[i]);
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	status = tcsetattr(fd, TCSAFLUSH, &hidden) != 0 ? fail(-errno) : 0;
	if (status == 0) {
		(void)dprintf(fd, "%s ", question);
		status = read_line(fd, ret_text);
	}
	(void)tcsetattr(fd, TCSAFLUSH, &shown);
	(void)dprintf(fd, "\n");
	for (size_t i = 0; i < array_n(held); i++)
		(void)sigaction(held[i], &theirs[i], NULL);
	if (caught != 0) {
		explicit_bzero(ret_text, PASSPHRASE_BYTES);
		(void)raise((int)caught);
		return fail(-EINTR); /* whenever it came: nothing was read */
	}
	return status;
}

/* Asked anew by whoever stopped mia in the middle of it and went on. */
static int ask_once(int fd, const char *question, const char *what,
		    char ret_text[static PASSPHRASE_BYTES])
{
	own(buf_free) struct buf words = {0};
	int status;

	words_add(&words, question, what, NULL);
	do {
		status =
			read_hidden(fd, buf_text(&words) != NULL ? buf_text(&words) : "", ret_text);
	} while (status == -EINTR);
	return status;
}

static int ask_new(int fd, const char *what, char ret_text[static PASSPHRASE_BYTES],
		   struct fault *fault)
{
	own(secret_free) char *again = secret_new(PASSPHRASE_BYTES);
	int status = again == NULL
			     ? fail(-ENOMEM)
			     : ask_once(fd,
					N_("A new passphrase for %1, a sentence of at least twelve "
					   "characters:"),
					what, ret_text);

	if (status != 0)
		return status;
	if (text_width(ret_text) < PASSPHRASE_LEAST)
		return refuse_short(fault, what);
	status = ask_once(fd, N_("Once more, the passphrase of %1:"), what, again);
	if (status != 0 || strcmp(again, ret_text) == 0)
		return status;
	return fault_set(fault, "R035", what, N_("Try again: capitals, keyboard, spaces."),
			 N_("the two were not the same"));
}

static int ask_person(const char *what, bool is_new, char ret_text[static PASSPHRASE_BYTES],
		      struct fault *fault)
{
	own(fd_close) int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return refuse(fault, what,
			      N_("there is no terminal to ask at, and no --passphrase-fd"));
	return is_new ? ask_new(fd, what, ret_text, fault)
		      : ask_once(fd, N_("Passphrase of %1:"), what, ret_text);
}

static int read_descriptor(const char *number, char ret_text[static PASSPHRASE_BYTES],
			   struct fault *fault)
{
	uint64_t fd = 0;

	if (text_to_u64(number, 1023, &fd) != 0 || fcntl((int)fd, F_GETFD) < 0)
		return fault_set(fault, "X002", "--passphrase-fd",
				 N_("Give the number of an open file descriptor, as 3 in 3<FILE."),
				 N_("\"%s\" is none"), number);
	return read_line((int)fd, ret_text);
}

int passphrase_read(const struct options *options, const char *what, bool is_new,
		    char ret_text[static PASSPHRASE_BYTES], struct fault *fault)
{
	const char *number = options_value(options, "passphrase-fd");
	own(secret_free) char *text = secret_new(PASSPHRASE_BYTES);
	int status;

	if (text == NULL)
		return fail(-ENOMEM);
	status = number != NULL ? read_descriptor(number, text, fault)
				: ask_person(what, is_new, text, fault);

	if (status == 0 && is_new && text_width(text) < PASSPHRASE_LEAST)
		status = refuse_short(fault, what);
	if (status == 0)
		memcpy(ret_text, text, PASSPHRASE_BYTES);
	return status;
}
