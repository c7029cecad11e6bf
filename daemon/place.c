#include "daemon/place.h"

#include "lib/fail.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <fts.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ROOMS "/etc/mia/"

int place_of(const char *dir, struct place *ret_place)
{
	const char *name = dir + strlen(ROOMS);

	*ret_place = (struct place){0};
	if (strncmp(dir, ROOMS, strlen(ROOMS)) != 0 || name[0] == '\0' || strchr(name, '/') != NULL)
		return 0;
	if (strlen(name) >= sizeof(ret_place->name))
		return fail(-ENAMETOOLONG);
	text_copy(ret_place->name, sizeof(ret_place->name), name);
	(void)snprintf(ret_place->state, sizeof(ret_place->state), "/var/lib/mia/%s", name);
	(void)snprintf(ret_place->run, sizeof(ret_place->run), "/run/mia/%s", name);
	ret_place->is_machine = true;
	return 0;
}

static void walk_end(FTS **walk)
{
	if (*walk != NULL)
		(void)fts_close(*walk);
	*walk = NULL;
}

int place_give(const char *path, enum config_role role)
{
	const struct passwd *user = getpwnam(role == CONFIG_SITE ? "mia-site" : "mia-hub");
	char *paths[] = {(char *)(uintptr_t)path, NULL};
	own(walk_end) FTS *walk = NULL;
	const FTSENT *entry;

	if (geteuid() != 0 || user == NULL)
		return 0;
	walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (walk == NULL)
		return fail(-errno);
	while ((entry = fts_read(walk)) != NULL)
		if (entry->fts_info != FTS_DP &&
		    lchown(entry->fts_accpath, user->pw_uid, user->pw_gid) != 0)
			return fail(-errno);
	return 0;
}
