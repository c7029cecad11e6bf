#include "daemon/role.h"

#include "daemon/hub/hub.h"

const struct room_face *const role_face = &hub_face;
const enum config_role role_config = CONFIG_HUB;
