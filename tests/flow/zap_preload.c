/*
 * A ZAP handler that dies or goes mad when told to, for daemons under test (LD_PRELOAD): what
 * happens to the REP socket that answers whether a key may come in (lib/zap). MIA_ZAP_ARM names a
 * file whose text says what is wrong with it while the file is there:
 *   gone   its place is given up: nobody can ask any more
 *   deaf   nothing that is asked reaches it
 *   mute   its answers cannot be sent
 *   mad    everybody is told to come in
 * FILE.met tells that it has happened.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <dlfcn.h>
#include <zmq.h>

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))
#define HANDLER "inproc://zeromq.zap.01"

static void *handler; /* the latest REP socket */
static bool is_gone;

static bool is_ordered(const char *what)
{
	const char *path = getenv("MIA_ZAP_ARM");
	int saved = errno;
	char text[16] = {0};
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	bool is_so = fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 &&
		     strncmp(text, what, strlen(what)) == 0;

	if (fd >= 0)
		(void)close(fd);
	errno = saved;
	return is_so;
}

static void tell(void)
{
	int saved = errno;
	char name[4096];
	int fd;

	(void)snprintf(name, sizeof(name), "%s.met", getenv("MIA_ZAP_ARM"));
	fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0)
		(void)close(fd);
	errno = saved;
}

void *zmq_socket(void *context, int type)
{
	void *socket = REAL(zmq_socket)(context, type);

	if (type == ZMQ_REP) {
		handler = socket;
		is_gone = false;
	}
	return socket;
}

int zmq_poll(zmq_pollitem_t *items, int n, long timeout)
{
	if (handler != NULL && !is_gone && is_ordered("gone")) {
		is_gone = true;
		(void)REAL(zmq_unbind)(handler, HANDLER);
		tell();
	}
	for (int i = 0; i < n; i++)
		if (handler != NULL && items[i].socket == handler && is_ordered("deaf")) {
			items[i].events = 0;
			tell();
		}
	return REAL(zmq_poll)(items, n, timeout);
}

static bool is_deaf(void *socket)
{
	if (socket != handler || !is_ordered("deaf"))
		return false;
	tell();
	errno = EAGAIN;
	return true;
}

int zmq_msg_recv(zmq_msg_t *frame, void *socket, int flags)
{
	return is_deaf(socket) ? -1 : REAL(zmq_msg_recv)(frame, socket, flags);
}

int zmq_recvmsg(void *socket, zmq_msg_t *frame, int flags)
{
	return is_deaf(socket) ? -1 : REAL(zmq_recvmsg)(socket, frame, flags);
}

/* Before a frame of an answer: whether it cannot be sent; a refusal may become an invitation. */
static bool is_mute(void *socket, zmq_msg_t *frame)
{
	if (socket != handler)
		return false;
	if (is_ordered("mad") && zmq_msg_size(frame) == 3 &&
	    memcmp(zmq_msg_data(frame), "400", 3) == 0) {
		memcpy(zmq_msg_data(frame), "200", 3);
		tell();
	}
	if (!is_ordered("mute"))
		return false;
	tell();
	errno = EAGAIN;
	return true;
}

int zmq_msg_send(zmq_msg_t *frame, void *socket, int flags)
{
	return is_mute(socket, frame) ? -1 : REAL(zmq_msg_send)(frame, socket, flags);
}

int zmq_sendmsg(void *socket, zmq_msg_t *frame, int flags)
{
	return is_mute(socket, frame) ? -1 : REAL(zmq_sendmsg)(socket, frame, flags);
}
