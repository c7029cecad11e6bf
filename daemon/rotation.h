/*
 * The next keys of a site or the hub (3.5): sign.next and link.next beside those in use, and a card
 * that asks for them, signed with the new sign key and with the one in use. The daemon takes them
 * when the roster in force names them (daemon/trust).
 */
#ifndef MIA_DAEMON_ROTATION_H
#define MIA_DAEMON_ROTATION_H

#include "daemon/config.h"
#include "daemon/trust.h"

/* Makes both, 0600, and card.ini beside the settings; keys of an earlier change that is over take
 * the place of those before it. Of a change that is under way and was cut short only the card is
 * made. -EBADMSG with fault J006 when one is under way, -errno. */
int rotation_begin(const struct config *config, const struct trust *trust, struct fault *fault);
/* When the key in use is lost or in other hands: new keys in its place at once (what was there lies
 * beside them as sign.lost and link.lost, and of a change that was under way as sign.next.lost and
 * link.next.lost), and a card. A site's holds by the invitation in file.
 * For the hub there is nobody to invite it: file is the roster in force, and the draft of the next,
 * with the key before said to be lost, is written beside the card as draft.ini; the programme owner
 * and two sites sign it, out of band. Before the roster names the keys nobody speaks with them.
 * -EBADMSG with fault: J006 keys put aside before lie there still, J003 the invitation is not of
 * this site or of another hub than the roster's, R0..; -errno. */
int rotation_replace(const struct config *config, const char *file, struct fault *fault);

#endif
