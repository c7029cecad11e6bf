/*
 * Everything the hub stores, for auditors: a line of JSON a row, byte strings as hex.
 *   {"kind":"hub","instance":...,"rehearsal":true|false}
 *   {"kind":"release","site":...,"n":...,"at":...,"prev":...,"payload":...,"signature":...,"hash":...}
 *   {"kind":"quarantine","site":...,"code":...,"at":...,"message":...}
 *   {"kind":"result","period":...,"at":...,"body":...,"signature":...}
 *   {"kind":"event","number":...,"at":...,"text":...}
 * at is UTC seconds, period year * 12 + month - 1.
 */
#ifndef MIA_HUB_DUMP_H
#define MIA_HUB_DUMP_H

#include "daemon/hub/ledger_read.h"

/* Appends the lines: 0, -EMSGSIZE more than max bytes, -ENOMEM, -errno of the ledger. */
int dump_ledger(struct ledger *ledger, size_t max, struct buf *ret_lines);

#endif
