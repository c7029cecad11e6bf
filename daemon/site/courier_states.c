#include "daemon/site/courier_states.h"

#include "lib/own.h"

static const struct {
	enum courier_state state;
	enum courier_event event;
	enum courier_state next;
	enum courier_want want;
} rows[] = {
	/* clang-format off */
	{COURIER_AWAY,      COURIER_DUE,       COURIER_DIALLING,  COURIER_DIAL},
	{COURIER_DIALLING,  COURIER_CONNECTED, COURIER_GREETING,  COURIER_NOTHING},
	{COURIER_DIALLING,  COURIER_LOST,      COURIER_AWAY,      COURIER_HANG_UP},
	{COURIER_GREETING,  COURIER_WELCOMED,  COURIER_STREAMING, COURIER_NOTHING},
	{COURIER_GREETING,  COURIER_STRANGE,   COURIER_FETCHING,  COURIER_NOTHING},
	{COURIER_GREETING,  COURIER_LOST,      COURIER_AWAY,      COURIER_HANG_UP},
	{COURIER_GREETING,  COURIER_HALT,      COURIER_HALTED,    COURIER_HANG_UP},
	{COURIER_FETCHING,  COURIER_LOST,      COURIER_AWAY,      COURIER_HANG_UP},
	{COURIER_FETCHING,  COURIER_HALT,      COURIER_HALTED,    COURIER_HANG_UP},
	{COURIER_STREAMING, COURIER_LOST,      COURIER_AWAY,      COURIER_HANG_UP},
	{COURIER_STREAMING, COURIER_HALT,      COURIER_HALTED,    COURIER_HANG_UP},
	/* clang-format on */
};

static const char *const state_names[COURIER_STATES_N] = {
	[COURIER_AWAY] = "away",           [COURIER_DIALLING] = "dialling",
	[COURIER_GREETING] = "greeting",   [COURIER_FETCHING] = "fetching",
	[COURIER_STREAMING] = "streaming", [COURIER_HALTED] = "halted",
};

static const char *const event_names[COURIER_EVENTS_N] = {
	[COURIER_DUE] = "due",           [COURIER_CONNECTED] = "connected",
	[COURIER_WELCOMED] = "welcomed", [COURIER_STRANGE] = "strange",
	[COURIER_LOST] = "lost",         [COURIER_HALT] = "halt",
};

enum courier_want courier_states_step(enum courier_state *state, enum courier_event event)
{
	for (size_t i = 0; i < array_n(rows); i++) {
		if (rows[i].state != *state || rows[i].event != event)
			continue;
		*state = rows[i].next;
		return rows[i].want;
	}
	return COURIER_NOTHING;
}

const char *courier_states_name(enum courier_state state)
{
	return state_names[state];
}

void courier_states_print(FILE *to)
{
	(void)fprintf(to, "digraph courier {\n");
	for (size_t i = 0; i < array_n(rows); i++)
		(void)fprintf(to, "\t%s -> %s [label=\"%s\"];\n", state_names[rows[i].state],
			      state_names[rows[i].next], event_names[rows[i].event]);
	(void)fprintf(to, "}\n");
}
