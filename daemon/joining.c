#include "daemon/joining.h"

#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

int joining_read(const char *path, const char *owner, const char *by, int64_t at_now,
		 struct joining *ret_joining, struct fault *fault)
{
	const struct passwd *account = getpwuid(geteuid());
	struct joining joining = {.verified = {.at = at_now}};
	int status = welcome_read(path, &joining.welcome, fault);

	if (status != 0)
		return status;
	if (strcmp(joining.welcome.site, owner) != 0)
		return fault_set(fault, "J003", path, error_find("J003")->remedy_en,
				 "it invites \"%s\"", joining.welcome.site);
	text_copy(joining.hub.name, sizeof(joining.hub.name), ROSTER_HUB);
	memcpy(joining.hub.sign, joining.welcome.hub_sign, sizeof(joining.hub.sign));
	memcpy(joining.hub.link, joining.welcome.hub_link, sizeof(joining.hub.link));
	text_copy(joining.verified.name, sizeof(joining.verified.name), ROSTER_HUB);
	memcpy(joining.verified.sign, joining.hub.sign, sizeof(joining.verified.sign));
	text_copy(joining.verified.operator_name, sizeof(joining.verified.operator_name),
		  account == NULL ? "root" : account->pw_name);
	text_copy(joining.verified.how, sizeof(joining.verified.how), by);
	*ret_joining = joining;
	return 0;
}

int joining_check(const struct joining *joining, const char *hub_key, const char *path,
		  struct fault *fault)
{
	uint8_t typed[SIGN_PUBLIC_BYTES];

	if (hub_key != NULL && text_unhex(hub_key, typed, sizeof(typed)) == 0 &&
	    memcmp(typed, joining->hub.sign, sizeof(typed)) == 0)
		return 0;
	return fault_set(fault, "J003", path, error_find("J003")->remedy_en,
			 "the hub's key in it is not the one whose fingerprint was typed");
}

int joining_write_card(const struct joining *joining, const struct roster_member *member,
		       const struct sign_key *key, const char *path)
{
	own(buf_free) struct buf text = {0};
	struct welcome_card card = {.member = *member};

	text_copy(card.code, sizeof(card.code), joining->welcome.code);
	welcome_card_sign(&card, key);
	welcome_card_add(&text, &card);
	return text.error != 0 ? text.error : file_write(path, text.data, text.n, 0600);
}
