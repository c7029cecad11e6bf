#include "daemon/hub/clock_row.h"

#include "daemon/hub/ledger_read.h"
#include "lib/own.h"
#include "lib/pack.h"

#include <errno.h>

#define ROW "x.clock"

void clock_row_put(struct ledger *ledger, int64_t offset_s)
{
	own(buf_free) struct buf row = {0};

	pack_i64(&row, offset_s);
	ledger_put_row(ledger, ROW, row.data, row.n);
}

int clock_row_read(struct ledger *ledger, int64_t *ret_offset_s)
{
	own(buf_free) struct buf row = {0};
	int64_t offset_s;
	struct unpack in;
	int status = ledger_row(ledger, ROW, &row);

	if (status != 0)
		return status == -ENOENT ? 0 : status;
	in = unpack_start(row.data, row.n);
	offset_s = unpack_i64(&in, INT64_MIN, INT64_MAX);
	status = unpack_end(&in);
	if (status == 0)
		*ret_offset_s = offset_s;
	return status;
}
