/*
 * The flow of participants: in, active, out (2-domain, the report for the steering group). In is
 * who entered or was transferred here; out who left or was transferred away; active is all that
 * came in since the programme's first month less all that went out. Who comes back is not counted
 * in again: on re-entry the exit is renewed, and is corrected away. Same answer at hub and site.
 */
#ifndef MIA_PROTO_FLOW_H
#define MIA_PROTO_FLOW_H

#include "proto/totals.h"

/*
 * "mia.flow/1": a row a month of the range, and one for the whole; by_site a row a site, and one
 * for the county. Columns: period or site, a column a part that the programme counts (entered,
 * transferred_in), in, left, transferred_out, out, net (in less out), active (at the end
 * of the month or range), and of months sites_reported, sites_expected. A part of one is not
 * shown beside its sum. Where a report is missing the state is shown, never a number. Measures do
 * not matter. Notes and *ret_is_complete as in totals_sheet(). NULL when memory is out.
 */
struct sheet *flow_sheet(const struct county *county, const struct totals_ask *ask,
			 bool *ret_is_complete);

#endif
