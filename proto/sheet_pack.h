/*
 * The bytes of a sheet, inside an answer:
 *   [schema str, layout uint, title, [column...], [cell...], [note...]]
 *   phrase (title, note) = [text str, argument str...]
 *   column = [id str, heading str, is_label bool, type uint]
 *   cell = nil empty | [state uint] | and by the column's type: TEXT str | PHRASE phrase |
 *          SHARE, PERIOD [number int, of int] | BAR [number int, of int, goal int] | others int
 * Cells go row by row; there is a whole number of rows.
 */
#ifndef MIA_PROTO_SHEET_PACK_H
#define MIA_PROTO_SHEET_PACK_H

#include "proto/sheet.h"

/* Appends. The sheet's own error (-ENOMEM, -EMSGSIZE too many rows), or the buffer's. */
int sheet_pack(const struct sheet *sheet, struct buf *buf);
/* Reads one sheet; in carries -EBADMSG and -EMSGSIZE. -ENOMEM too; *ret_sheet is untouched then. */
int sheet_unpack(struct unpack *in, struct sheet **ret_sheet);

#endif
