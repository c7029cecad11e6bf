#include "daemon/role.h"

#include "daemon/site/site.h"

const struct room_face *const role_face = &site_face;
const enum config_role role_config = CONFIG_SITE;
