#include "proto/release.h"

#include "lib/fail.h"
#include "lib/pack.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define SIGN_DOMAIN "mia/1/release"
#define FORMAT_VERSION 1
#define CELL_BYTES 5 /* state u8, value u32le */

/*
 * The longest head there can be: array 1, version 1, site 2 + 47, n 9, period 5, programme 2 + 32,
 * audit head 2 + 32, is_rehearsal 1, closed 9, tables 3; and per table its array 1, number 3,
 * bin 2.
 */
#define HEAD_BYTES_MAX (1 + 1 + 2 + (PROGRAMME_ID_BYTES - 1) + 9 + 5 + 34 + 34 + 1 + 9 + 3)
#define TABLE_BYTES_MAX (1 + 3 + 2)
/*
 * The padding always has at least 256 zeros, so that its header is always the three bytes of bin
 * 16: with fewer, some sizes could not be reached by any canonical form.
 */
#define PADDING_BYTES_MIN (3 + 256)

static const uint8_t zeros[2 * RELEASE_BLOCK_BYTES];

void release_free(struct release *release)
{
	buf_free(&release->payload);
	*release = (struct release){0};
}

/* The due measure with the smallest number above `above`, or -1: tables go in the order of numbers,
 * whatever the order in the file. */
static int next_due(const struct programme *programme, uint32_t period, int above)
{
	int found = -1;

	for (size_t m = 0; m < programme->measures_n; m++) {
		const struct programme_measure *measure = &programme->measures[m];

		if (measure->number <= above || !programme_is_due(measure, period))
			continue;
		if (found < 0 || measure->number < programme->measures[found].number)
			found = (int)m;
	}
	return found;
}

#define for_each_due(m, programme, period)                                                         \
	for (int m = next_due((programme), (period), -1); (m) >= 0;                                \
	     (m) = next_due((programme), (period), (programme)->measures[m].number))

static uint32_t due_n(const struct programme *programme, uint32_t period)
{
	uint32_t n = 0;

	for_each_due(m, programme, period) n++;
	return n;
}

size_t release_payload_bytes(const struct programme *programme, uint32_t period)
{
	size_t bytes = HEAD_BYTES_MAX + PADDING_BYTES_MIN;

	for_each_due(m, programme, period) bytes +=
		TABLE_BYTES_MAX + CELL_BYTES * programme->measures[m].cells_n;
	return (bytes + RELEASE_BLOCK_BYTES - 1) / RELEASE_BLOCK_BYTES * RELEASE_BLOCK_BYTES;
}

/* The last fence before a figure leaves the house: no site may say missing, nor 1..k-1 (3.1). */
static bool cell_may_leave(const struct programme *programme, struct release_cell cell)
{
	switch ((enum cell_state)cell.state) {
	case CELL_VALUE:
		return cell.value == 0 || cell.value >= programme->policy.k;
	case CELL_SUPPRESSED:
	case CELL_NOT_COLLECTED:
	case CELL_ZERO:
		return cell.value == 0;
	case CELL_MISSING:
		return false;
	}
	return false;
}

static int pack_cells(const struct programme *programme, const struct programme_measure *measure,
		      const struct release_cell cells[], struct buf *buf)
{
	uint8_t bytes[PROGRAMME_CELLS_MAX * CELL_BYTES];
	uint8_t *at = bytes;

	for (size_t c = 0; c < measure->cells_n; c++) {
		if (!cell_may_leave(programme, cells[c]))
			return fail(-EPERM);
		*at++ = cells[c].state;
		for (unsigned shift = 0; shift < 32; shift += 8)
			*at++ = (uint8_t)(cells[c].value >> shift);
	}
	pack_array(buf, 2);
	pack_u64(buf, measure->number);
	pack_bin(buf, bytes, (size_t)(at - bytes));
	return 0;
}

int release_pack_tables(const struct release_figures *figures, const struct programme *programme,
			uint32_t period, struct buf *buf)
{
	pack_array(buf, due_n(programme, period));
	for_each_due(m, programme, period)
	{
		int error;

		assert(figures->is_due[m]);
		error = pack_cells(programme, &programme->measures[m], figures->cells[m], buf);
		if (error < 0)
			return error;
	}
	return buf->error;
}

int release_pack(const struct release_body *body, const struct programme *programme,
		 struct buf *ret_payload)
{
	size_t bytes = release_payload_bytes(programme, body->period);
	size_t start = ret_payload->n;
	int error;

	pack_array(ret_payload, 10);
	pack_u64(ret_payload, FORMAT_VERSION);
	pack_str(ret_payload, body->site);
	pack_u64(ret_payload, body->n);
	pack_u64(ret_payload, body->period);
	pack_bin(ret_payload, body->programme, sizeof(body->programme));
	pack_bin(ret_payload, body->audit_head, sizeof(body->audit_head));
	pack_bool(ret_payload, body->is_rehearsal);
	pack_i64(ret_payload, body->at_closed);
	error = release_pack_tables(&body->figures, programme, body->period, ret_payload);
	if (error < 0)
		return error;
	pack_bin(ret_payload, zeros, bytes - (ret_payload->n - start) - 3);
	assert(ret_payload->error != 0 || ret_payload->n - start == bytes);
	return ret_payload->error;
}

static enum release_fault unpack_cells(const struct programme *programme,
				       const struct programme_measure *measure,
				       const uint8_t *bytes, struct release_cell ret_cells[])
{
	for (size_t c = 0; c < measure->cells_n; c++, bytes += CELL_BYTES) {
		struct release_cell cell = {
			.state = bytes[0],
			.value = (uint32_t)bytes[1] | (uint32_t)bytes[2] << 8 |
				 (uint32_t)bytes[3] << 16 | (uint32_t)bytes[4] << 24,
		};

		if (!cell_may_leave(programme, cell))
			return RELEASE_BAD_CELL;
		ret_cells[c] = cell;
	}
	return RELEASE_FINE;
}

enum release_fault release_unpack_tables(struct unpack *in, const struct programme *programme,
					 uint32_t period, struct release_figures *ret_figures)
{
	uint32_t n = unpack_array(in, PROGRAMME_MEASURES_MAX);

	if (in->error == 0 && n != due_n(programme, period))
		return RELEASE_OTHER_TABLES;
	for_each_due(m, programme, period)
	{
		const struct programme_measure *measure = &programme->measures[m];
		enum release_fault fault;
		const uint8_t *cells;
		uint64_t number;
		size_t cells_n;

		unpack_array_of(in, 2);
		number = unpack_u64(in, UINT16_MAX);
		cells = unpack_bin(in, PROGRAMME_CELLS_MAX * CELL_BYTES, &cells_n);
		unpack_leave(in);
		if (in->error != 0)
			return RELEASE_MALFORMED;
		if (number != measure->number || cells_n != measure->cells_n * CELL_BYTES)
			return RELEASE_OTHER_TABLES;
		fault = unpack_cells(programme, measure, cells, ret_figures->cells[m]);
		if (fault != RELEASE_FINE)
			return fault;
		ret_figures->is_due[m] = true;
	}
	unpack_leave(in);
	return in->error == 0 ? RELEASE_FINE : RELEASE_MALFORMED;
}

static void unpack_head(struct unpack *in, struct release_body *body)
{
	unpack_array_of(in, 10);
	if (unpack_u64(in, FORMAT_VERSION) != FORMAT_VERSION && in->error == 0)
		in->error = fail(-EBADMSG);
	unpack_str(in, body->site, sizeof(body->site));
	body->n = unpack_u64(in, UINT64_MAX);
	body->period = (uint32_t)unpack_u64(in, RELEASE_PERIOD_MAX);
	unpack_bin_of(in, body->programme, sizeof(body->programme));
	unpack_bin_of(in, body->audit_head, sizeof(body->audit_head));
	body->is_rehearsal = unpack_bool(in);
	body->at_closed = unpack_i64(in, 0, INT64_MAX);
}

static bool unpack_padding(struct unpack *in)
{
	size_t n;
	const uint8_t *padding = unpack_bin(in, sizeof(zeros), &n);

	return in->error == 0 && memcmp(padding, zeros, n) == 0;
}

enum release_fault release_unpack_head(const void *payload, size_t n, struct release_body *ret_body)
{
	struct unpack in = unpack_start(payload, n);
	struct release_body body = {0};

	unpack_head(&in, &body);
	if (in.error != 0 || body.n == 0 || body.period < RELEASE_PERIOD_MIN)
		return RELEASE_MALFORMED;
	body.figures = ret_body->figures;
	*ret_body = body;
	return RELEASE_FINE;
}

enum release_fault release_unpack(const struct programme *programme, const void *payload, size_t n,
				  struct release_body *ret_body)
{
	struct unpack in = unpack_start(payload, n);
	struct release_body body = {0};
	enum release_fault fault;

	unpack_head(&in, &body);
	if (in.error != 0 || body.n == 0 || body.period < RELEASE_PERIOD_MIN)
		return RELEASE_MALFORMED;
	if (memcmp(body.programme, programme->hash, sizeof(body.programme)) != 0)
		return RELEASE_OTHER_PROGRAMME;
	if (programme_site_index(programme, body.site) < 0)
		return RELEASE_MALFORMED;
	if (n != release_payload_bytes(programme, body.period))
		return RELEASE_MALFORMED;
	fault = release_unpack_tables(&in, programme, body.period, &body.figures);
	if (fault != RELEASE_FINE)
		return fault;
	if (!unpack_padding(&in))
		return RELEASE_MALFORMED;
	unpack_leave(&in);
	if (unpack_end(&in) < 0)
		return RELEASE_MALFORMED;
	*ret_body = body;
	return RELEASE_FINE;
}

const char *release_fault_name(enum release_fault fault)
{
	static const char *const names[RELEASE_FAULT_N] = {
		[RELEASE_FINE] = "fine",
		[RELEASE_MALFORMED] = "malformed",
		[RELEASE_OTHER_PROGRAMME] = "other-programme",
		[RELEASE_OTHER_TABLES] = "other-tables",
		[RELEASE_BAD_CELL] = "bad-cell",
	};

	assert((unsigned)fault < RELEASE_FAULT_N);
	return names[fault];
}

void release_sign(struct release *release, uint64_t n, const uint8_t prev[static SIGN_HASH_BYTES],
		  struct buf *payload, const struct sign_key *key)
{
	struct release made = {.n = n, .payload = *payload};

	assert(payload->error == 0);
	*payload = (struct buf){0};
	memcpy(made.prev, prev, sizeof(made.prev));
	sign_chain_next(made.prev, n, made.payload.data, made.payload.n, made.hash);
	sign_make(key, SIGN_DOMAIN, made.hash, sizeof(made.hash), made.signature);
	buf_free(&release->payload);
	*release = made;
}

void release_sign_anew(struct release *release, const struct sign_key *key)
{
	sign_make(key, SIGN_DOMAIN, release->hash, sizeof(release->hash), release->signature);
}

bool release_verify(struct release *release, const uint8_t pk[static SIGN_PUBLIC_BYTES])
{
	sign_chain_next(release->prev, release->n, release->payload.data, release->payload.n,
			release->hash);
	return sign_check(pk, SIGN_DOMAIN, release->hash, sizeof(release->hash),
			  release->signature);
}

bool release_verify_any(struct release *release, const uint8_t *const keys[], size_t keys_n)
{
	for (size_t i = 0; i < keys_n; i++)
		if (release_verify(release, keys[i]))
			return true;
	return false;
}
