#include "daemon/miad.h"

#include "daemon/control.h"
#include "daemon/renewal.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "lib/log.h"
#include "lib/own.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>

#define ROOM_POLL_MAX 4
#define IDLE_MS 60000
#define OPENING_US 600000000 /* as long as systemd's unit lets a start last */

struct miad {
	const struct room_face *face;
	struct room *room;
	struct control *control;
	struct clock clock;
	struct config *config;
	struct trust *trust;
	int signal_fd;
	int64_t watchdog_ms, watchdog_at_ms;
	bool is_over;
	bool is_version_awaited; /* a reload came while the room was at work */
};

static struct room_time now_of(const struct miad *miad)
{
	return (struct room_time){.at = clock_now(&miad->clock), .mono_ms = clock_mono_ms()};
}

/* A rehearsal's clock goes forward only: what has been closed stays closed. */
static int set_clock(void *context, int64_t at, struct fault *fault)
{
	struct miad *miad = context;
	struct clock clock = miad->clock;
	int status;

	if (at < clock_now(&clock))
		return fault_set(fault, "X002", "MOMENT", "Give a later moment.",
				 "a rehearsal's clock goes forward only");
	clock_set(&clock, at);
	status = miad->face->keep_clock_offset(miad->room, clock.offset_s);
	if (status == 0)
		miad->clock = clock;
	return status;
}

/* ---- reload ---- */

static enum config_role role_of(const struct miad *miad)
{
	return strcmp(miad->face->role, "site") == 0 ? CONFIG_SITE : CONFIG_HUB;
}

static int read_config(const struct miad *miad, struct config *ret_config, struct fault *fault)
{
	int status = config_read(miad->config->path, role_of(miad), ret_config, fault);

	if (status == 0 && !miad->face->is_rehearsal(miad->room))
		status = config_check_duties(ret_config, fault);
	return status;
}

/* The daemon owns the roster: the old one goes when the room has let go of it. */
static int take_roster(struct miad *miad, struct fault *fault)
{
	struct room_settings settings = trust_room_settings(miad->config, miad->trust);
	const struct room_time now = now_of(miad);
	own(trust_free) struct trust next = {0};
	int status = trust_read_again(miad->config, role_of(miad), &next, fault);

	if (status != 0)
		return status;
	settings.roster = next.roster;
	settings.sign_seed = next.sign_seed;
	settings.link_secret = next.link_secret;
	status = miad->face->take_roster(miad->room, &now, &settings, fault);
	if (status == 0)
		trust_replace(miad->trust, &next);
	return status;
}

/* systemd is told that we are at it, and that an opening may last. */
static void tell_reloading(const struct miad *miad)
{
	(void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_mono_ms() * 1000);
	if (miad->watchdog_ms > 0)
		(void)sd_notifyf(0, "WATCHDOG=1\nWATCHDOG_USEC=%d", OPENING_US);
}

static void tell_ready(const struct miad *miad)
{
	if (miad->watchdog_ms > 0)
		(void)sd_notifyf(0, "WATCHDOG_USEC=%lld\nWATCHDOG=1",
				 (long long)miad->watchdog_ms * 1000);
	(void)sd_notify(0, "READY=1");
}

/* Settings, roster and keys; of the settings only [operators]: the rest is for a start. */
static int take_lists(struct miad *miad, struct fault *fault)
{
	own(mem_free) struct config *config = calloc(1, sizeof(*config));
	int status;

	if (config == NULL)
		return fail(-ENOMEM);
	status = read_config(miad, config, fault);
	if (status == 0)
		status = take_roster(miad, fault);
	if (status != 0)
		return status;
	memcpy(miad->config->operators, config->operators, sizeof(config->operators));
	miad->config->operators_n = config->operators_n;
	log_event(LOG_NOTICE, "reloaded", "epoch=%u members=%zu operators=%zu",
		  miad->trust->roster->epoch, miad->trust->roster->members_n, config->operators_n);
	return 0;
}

/* The programme file, when it is another version than the one in force. An import or a long
 * question is not torn from whoever waits for it: the version comes when that has ended. All
 * other clients stay, and are answered by the new room. */
static int take_version(struct miad *miad, uint32_t *ret_version, struct fault *fault)
{
	const struct renewal renewal = {
		.face = miad->face,
		.config = miad->config,
		.role = role_of(miad),
		.trust = miad->trust,
		.room = &miad->room,
	};
	const struct room_time now = now_of(miad);
	own(trust_free) struct trust next = {0};
	bool is_due = false;
	int status = renewal_look(&renewal, &next, &is_due, fault);

	if (status != 0 || !is_due)
		return status;
	miad->is_version_awaited = control_is_busy(miad->control);
	if (miad->is_version_awaited)
		return 0;
	status = renewal_take(&renewal, &next, &now, fault);
	control_set_room(miad->control, miad->room);
	if (status != 0)
		return status;
	*ret_version = miad->trust->programme->version;
	log_event(LOG_NOTICE, "version_in_force", "version=%u", *ret_version);
	return 0;
}

static void log_reload(const struct miad *miad, int status, const struct fault *fault)
{
	if (status == -EBADMSG)
		log_event(LOG_WARNING, "reload_refused", "code=%s place=\"%s\" reason=\"%s\"",
			  fault->code, fault->place, fault->reason);
	else if (status != 0)
		log_failure("reload_failed", status, "config=%s", miad->config->path);
}

/* The roster first, whatever becomes of the programme: a key that is revoked waits for nothing. */
static int reload(void *context, struct errand_reloaded *ret_reloaded, struct fault *fault)
{
	struct miad *miad = context;
	struct errand_reloaded reloaded = {0};
	int status;

	if (miad->room == NULL) /* an opening failed, and the daemon is about to end */
		return fail(-ENOTRECOVERABLE);
	tell_reloading(miad);
	miad->is_version_awaited = false;
	status = take_lists(miad, fault);
	reloaded.epoch = miad->trust->roster->epoch;
	if (status == 0)
		status = take_version(miad, &reloaded.version, fault);
	reloaded.is_version_awaited = miad->is_version_awaited;
	tell_ready(miad);
	log_reload(miad, status, fault);
	if (status == 0)
		*ret_reloaded = reloaded;
	return status;
}

static void reload_unasked(struct miad *miad)
{
	struct errand_reloaded reloaded;
	struct fault fault = {0};

	(void)reload(miad, &reloaded, &fault);
}

static bool is_version_due(const struct miad *miad)
{
	return miad->is_version_awaited && !control_is_busy(miad->control);
}

static void take_awaited(struct miad *miad)
{
	if (is_version_due(miad))
		reload_unasked(miad);
}

static void obey_signals(struct miad *miad)
{
	struct signalfd_siginfo info;

	while (read(miad->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			reload_unasked(miad);
		else
			miad->is_over = true;
	}
}

static int open_signals(struct miad *miad)
{
	sigset_t set;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return fail(-errno);
	miad->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return miad->signal_fd < 0 ? fail(-errno) : 0;
}

static int open_control(struct miad *miad, const struct config *config)
{
	char path[CONFIG_TEXT_BYTES + 16];
	struct control_settings settings = {
		.face = miad->face,
		.room = miad->room,
		.config = config,
		.socket_path = path,
		.set_clock = set_clock,
		.reload = reload,
		.context = miad,
	};
	int status = file_make_dir(config->text[CONFIG_run_dir], 0750);

	(void)snprintf(path, sizeof(path), "%s/control", config->text[CONFIG_run_dir]);
	return status != 0 ? status : control_open(&settings, &miad->control);
}

/* Milliseconds until the earliest duty. */
static long wait_ms(const struct miad *miad, const struct room_time *now)
{
	int64_t at = INT64_MAX;
	int64_t mono_ms = INT64_MAX;
	int64_t wait = IDLE_MS;

	miad->face->due(miad->room, &at, &mono_ms);
	if (control_due_ms(miad->control) < mono_ms)
		mono_ms = control_due_ms(miad->control);
	if (miad->watchdog_ms > 0 && miad->watchdog_at_ms < mono_ms)
		mono_ms = miad->watchdog_at_ms;
	if (mono_ms != INT64_MAX && mono_ms - now->mono_ms < wait)
		wait = mono_ms - now->mono_ms;
	if (at != INT64_MAX && at - now->at < wait / 1000)
		wait = (at - now->at) * 1000;
	return wait < 0 || is_version_due(miad) ? 0 : (long)wait;
}

static void pat_watchdog(struct miad *miad, int64_t mono_ms)
{
	if (miad->watchdog_ms == 0 || mono_ms < miad->watchdog_at_ms)
		return;
	(void)sd_notify(0, "WATCHDOG=1");
	miad->watchdog_at_ms = mono_ms + miad->watchdog_ms / 3;
}

static int turn(struct miad *miad)
{
	zmq_pollitem_t items[1 + ROOM_POLL_MAX + CONTROL_POLL_MAX];
	struct room_time now = now_of(miad);
	size_t room_n = miad->face->poll(miad->room, items + 1);
	size_t control_n = control_poll(miad->control, items + 1 + room_n);
	int status;

	items[0] = (zmq_pollitem_t){.fd = miad->signal_fd, .events = ZMQ_POLLIN};
	if (zmq_poll(items, (int)(1 + room_n + control_n), wait_ms(miad, &now)) < 0 &&
	    errno != EINTR)
		return fail(-errno);
	take_awaited(miad);
	obey_signals(miad);
	if (miad->room == NULL)
		return fail(-ENOTRECOVERABLE);
	now = now_of(miad);
	status = miad->face->step(miad->room, &now);
	control_step(miad->control, items + 1 + room_n, control_n, &now);
	pat_watchdog(miad, now.mono_ms);
	return miad->room == NULL ? fail(-ENOTRECOVERABLE) : status;
}

static int loop(struct miad *miad)
{
	uint64_t watchdog_us = 0;
	int status = 0;

	if (sd_watchdog_enabled(0, &watchdog_us) > 0)
		miad->watchdog_ms = (int64_t)(watchdog_us / 1000);
	(void)sd_notify(0, "READY=1");
	log_event(LOG_NOTICE, "ready", "role=%s owner=%s version=%s", miad->face->role,
		  miad->config->text[CONFIG_owner], MIA_VERSION);
	while (status == 0 && !miad->is_over)
		status = turn(miad);
	(void)sd_notify(0, "STOPPING=1");
	if (status != 0)
		log_failure("stopped", status, "role=%s", miad->face->role);
	else
		log_event(LOG_NOTICE, "stopped", "role=%s", miad->face->role);
	return status;
}

int miad_run(struct config *config, const struct room_face *face, struct trust *trust,
	     struct fault *fault)
{
	const struct room_settings settings = trust_room_settings(config, trust);
	struct miad miad = {.face = face, .config = config, .trust = trust, .signal_fd = -1};
	struct room_time now;
	int status = open_signals(&miad);

	/* The store knows a rehearsal's clock, and the room wants the time to open: so it is opened
	 * with the machine's, then the offset is taken over before the first step. */
	now = now_of(&miad);
	if (status == 0)
		status = face->open(&settings, &now, &miad.room, fault);
	if (status == 0) {
		miad.clock.offset_s = face->clock_offset(miad.room);
		if (!face->is_rehearsal(miad.room))
			status = config_check_duties(config, fault);
		if (status == 0)
			status = open_control(&miad, config);
	}
	if (status == -EADDRINUSE)
		status = fault_set(fault, "X011", config->text[CONFIG_run_dir],
				   "Stop the other one first.",
				   "a daemon answers at this control socket already");
	if (status == 0)
		status = loop(&miad);
	control_close(&miad.control);
	if (miad.room != NULL)
		face->close(&miad.room);
	fd_close(&miad.signal_fd);
	return status;
}
