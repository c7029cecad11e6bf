#include "daemon/init.h"
#include "daemon/miad.h"
#include "daemon/role.h"
#include "daemon/rotation.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/vault.h"
#include "proto/errors.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct option options[] = {
	{"config", required_argument, NULL, 'c'},
	{"check", no_argument, NULL, 'k'},
	{"rotate", no_argument, NULL, 't'},
	{"init", no_argument, NULL, 'i'},
	{"dir", required_argument, NULL, 'd'},
	{"owner", required_argument, NULL, 'o'},
	{"programme", required_argument, NULL, 'p'},
	{"programme-key", required_argument, NULL, 'P'},
	{"roster", required_argument, NULL, 'r'},
	{"endpoint", required_argument, NULL, 'e'},
	{"invitation", required_argument, NULL, 'I'},
	{"hub-key", required_argument, NULL, 'K'},
	{"by", required_argument, NULL, 'b'},
	{"rehearsal", no_argument, NULL, 'R'},
	{"states", no_argument, NULL, 's'},
	{"version", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

enum errand { RUN, CHECK, ROTATE, INIT, STATES, VERSION, HELP, WRONG };

struct arguments {
	enum errand errand;
	const char *config;
	struct init_request init;
};

static void take_option(struct arguments *arguments, int option, const char *value)
{
	const struct {
		int option;
		const char **to;
	} values[] = {
		{'c', &arguments->config},
		{'d', &arguments->init.dir},
		{'o', &arguments->init.owner},
		{'p', &arguments->init.programme},
		{'P', &arguments->init.programme_key},
		{'r', &arguments->init.roster},
		{'e', &arguments->init.endpoint},
		{'I', &arguments->init.invitation},
		{'K', &arguments->init.hub_key},
		{'b', &arguments->init.by},
	};
	static const struct {
		int option;
		enum errand errand;
	} errands[] = {{'k', CHECK},   {'i', INIT}, {'t', ROTATE}, {'s', STATES},
		       {'v', VERSION}, {'h', HELP}, {'?', WRONG}};

	for (size_t i = 0; i < array_n(values); i++)
		if (values[i].option == option)
			*values[i].to = value;
	for (size_t i = 0; i < array_n(errands); i++)
		if (errands[i].option == option)
			arguments->errand = errands[i].errand;
	if (option == 'R')
		arguments->init.is_rehearsal = true;
}

static struct arguments parse(int argc, char *argv[])
{
	struct arguments arguments = {.errand = RUN};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		take_option(&arguments, option, optarg);
	if (optind < argc)
		arguments.errand = WRONG;
	if ((arguments.errand == RUN || arguments.errand == CHECK || arguments.errand == ROTATE) &&
	    arguments.config == NULL)
		arguments.errand = WRONG;
	if (arguments.errand == INIT &&
	    (arguments.init.dir == NULL || arguments.init.owner == NULL ||
	     arguments.init.programme == NULL || arguments.init.programme_key == NULL))
		arguments.errand = WRONG;
	return arguments;
}

static int usage(FILE *to)
{
	(void)fprintf(
		to,
		"Usage: miad-%s --config FILE [--check | --rotate [--invitation FILE]]\n"
		"       miad-%s --init --dir DIR --owner ID --programme FILE --programme-key KEY\n"
		"               [--roster FILE] [--endpoint ENDPOINT] [--rehearsal]\n"
		"               [--invitation FILE --hub-key KEY [--by phone|meeting]]\n"
		"       miad-%s --states | --version | --help\n"
		"The daemon of MIA Sync; mia(1) is the program for people.\n",
		role_face->role, role_face->role, role_face->role);
	return to == stdout ? EXIT_SUCCESS : 2;
}

static int tell(int status, const struct fault *fault)
{
	if (status == 0)
		return EXIT_SUCCESS;
	if (fault->code[0] != '\0') /* also of a file's own failure: which one, and what to do */
		(void)fprintf(stderr, "%s %s: %s\n%s\n", fault->code, fault->place, fault->reason,
			      fault->remedy);
	else
		(void)fprintf(stderr, "X006 miad-%s: %s (%s)\n", role_face->role, fail_text(status),
			      fail_origin());
	return EXIT_FAILURE;
}

/* Only the store knows whether it is a rehearsal, and a check does not open it. */
static void remark_duties(const struct config *config)
{
	struct fault fault = {0};

	if (config_check_duties(config, &fault) != 0)
		(void)fprintf(stderr, "%s %s: %s, unless this is a rehearsal\n%s\n", fault.code,
			      fault.place, fault.reason, fault.remedy);
}

static int start_vault(struct fault *fault)
{
	int status = vault_start();

	if (status != -EPERM)
		return status;
	return fault_set(fault, "R038", "RLIMIT_MEMLOCK", error_find("R038")->remedy_en,
			 N_("the limit of locked memory is too low for the keys"));
}

static int run(const struct arguments *arguments)
{
	own(mem_free) struct config *config = calloc(1, sizeof(*config));
	own(trust_free) struct trust trust = {0};
	struct fault fault = {0};
	int status = config == NULL ? fail(-ENOMEM) : start_vault(&fault);

	if (status == 0)
		status = config_read(arguments->config, role_config, config, &fault);
	if (status == 0 && arguments->errand == ROTATE && arguments->init.invitation != NULL)
		return tell(rotation_replace(config, arguments->init.invitation, &fault), &fault);
	if (status == 0)
		status = trust_read(config, role_config, false, &trust, &fault);
	if (status == 0)
		log_limit((int)config->number[CONFIG_log_level]);
	if (status == 0 && arguments->errand == CHECK)
		remark_duties(config);
	if (status == 0 && arguments->errand == RUN)
		status = miad_run(config, role_face, &trust, &fault);
	if (status == 0 && arguments->errand == ROTATE)
		status = rotation_begin(config, &trust, &fault);
	return tell(status, &fault);
}

static int init(const struct arguments *arguments)
{
	struct fault fault = {0};
	int status = start_vault(&fault);

	if (status == 0)
		status = init_room(&arguments->init, role_config, role_face, (int64_t)time(NULL),
				   &fault);
	return tell(status, &fault);
}

int main(int argc, char *argv[])
{
	const struct arguments arguments = parse(argc, argv);

	switch (arguments.errand) {
	case RUN:
	case CHECK:
	case ROTATE:
		return run(&arguments);
	case INIT:
		return init(&arguments);
	case STATES:
		role_face->print_states(stdout);
		return EXIT_SUCCESS;
	case VERSION:
		(void)printf("miad-%s %s\n", role_face->role, MIA_VERSION);
		return EXIT_SUCCESS;
	case HELP:
		return usage(stdout);
	case WRONG:
		break;
	}
	return usage(stderr);
}
