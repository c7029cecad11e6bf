/*
 * The state of a daemon for people: the form "mia.status/1" in a few lines, what belongs together
 * on one of them, and below them what is to be done.
 */
#ifndef MIA_CLIENT_RENDER_STATUS_H
#define MIA_CLIENT_RENDER_STATUS_H

#include "client/paper.h"
#include "proto/sheet.h"

/* What the daemon does not tell is left out. 0 or -ENOMEM. */
int render_status(const struct sheet *sheet, const struct paper *paper);

#endif
