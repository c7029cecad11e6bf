/*
 * What tables and packs of one programme must not be together (3-privacy 3.1, 3.3, 3.4): figures
 * that are safe each for itself may disclose a person when they are laid side by side.
 */
#ifndef MIA_PROTO_PROGRAMME_PRIVACY_H
#define MIA_PROTO_PROGRAMME_PRIVACY_H

#include "proto/programme_line.h"

/* Needs all but goals. 0, -EBADMSG with the source's fault: P030, P031, P033, P039; -ENOMEM. */
int programme_check_privacy(const struct programme_source *source,
			    const struct programme *programme);

#endif
