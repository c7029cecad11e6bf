#include "lib/sock.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/fail.h"
#include "lib/own.h"

#define BACKLOG 32

static int address_of(const char *path, struct sockaddr_un *ret_address)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(address.sun_path))
		return fail(-ENAMETOOLONG);
	memcpy(address.sun_path, path, strlen(path) + 1);
	*ret_address = address;
	return 0;
}

static int bind_to(int fd, const struct sockaddr_un *address)
{
	return bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ? 0 : -errno;
}

static int connect_to(int fd, const struct sockaddr_un *address)
{
	int code;

	do {
		code = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0
			       ? 0
			       : -errno;
	} while (code == -EINTR);
	return code;
}

/* Removes a socket nobody listens to: 0, -EADDRINUSE for a live one or for anything that is not a
 * socket (connecting to a plain file is refused, too). */
static int remove_dead(const struct sockaddr_un *address)
{
	own(fd_close) int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat status;
	int code;

	if (fd < 0)
		return fail(-errno);
	if (lstat(address->sun_path, &status) != 0)
		return errno == ENOENT ? 0 : fail(-errno);
	code = connect_to(fd, address);
	if (!S_ISSOCK(status.st_mode) || (code != -ECONNREFUSED && code != -ENOENT))
		return fail(-EADDRINUSE);
	if (unlink(address->sun_path) != 0 && errno != ENOENT)
		return fail(-errno);
	return 0;
}

/* Mode and group are right before anybody can connect: until listen() everybody is refused. */
static int open_up(int fd, const char *path, gid_t gid)
{
	if (gid != (gid_t)-1 && chown(path, (uid_t)-1, gid) != 0)
		return fail(-errno);
	if (chmod(path, 0660) != 0 || listen(fd, BACKLOG) != 0)
		return fail(-errno);
	return 0;
}

int sock_listen(const char *path, gid_t gid, int *ret_fd)
{
	own(fd_close) int fd = -1;
	struct sockaddr_un address;
	int code = address_of(path, &address);

	if (code != 0)
		return code;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* The file takes the descriptor's mode. */
	if (fd < 0 || fchmod(fd, 0600) != 0)
		return fail(-errno);
	code = bind_to(fd, &address);
	if (code == -EADDRINUSE) {
		code = remove_dead(&address);
		if (code == 0)
			code = bind_to(fd, &address);
	}
	if (code != 0)
		return fail(code);
	code = open_up(fd, path, gid);
	if (code != 0)
		(void)unlink(path);
	else
		*ret_fd = take_fd(fd);
	return code;
}

int sock_accept(int listen_fd, int *ret_fd, uid_t *ret_uid)
{
	struct ucred peer = {0};
	socklen_t n = sizeof(peer);
	own(fd_close) int fd = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return fail(errno == EINTR || errno == ECONNABORTED ? -EAGAIN : -errno);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
		return fail(-errno);
	*ret_uid = peer.uid;
	*ret_fd = take_fd(fd);
	return 0;
}

static int set_timeout(int fd, int timeout_ms)
{
	const struct timeval timeout = {.tv_sec = timeout_ms / 1000,
					.tv_usec = timeout_ms % 1000 * 1000};

	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) != 0)
		return fail(-errno);
	return 0;
}

int sock_connect(const char *path, int timeout_ms, int *ret_fd)
{
	own(fd_close) int fd = -1;
	struct sockaddr_un address;
	int code = address_of(path, &address);

	assert(timeout_ms > 0); /* 0 would mean for ever */
	if (code != 0)
		return code;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail(-errno);
	code = set_timeout(fd, timeout_ms);
	if (code == 0)
		code = connect_to(fd, &address);
	if (code != 0)
		return fail(code == -EAGAIN ? -ETIMEDOUT : code);
	*ret_fd = take_fd(fd);
	return 0;
}

/* A peer that went away shows itself in three ways. */
static int gone(int code)
{
	return code == -ECONNRESET || code == -ENOTCONN ? -EPIPE : code;
}

int sock_send(int fd, const void *bytes, size_t n)
{
	ssize_t sent;

	assert(n > 0 && n <= SOCK_PACKET_BYTES);
	do {
		sent = send(fd, bytes, n, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	return sent < 0 ? fail(gone(-errno)) : 0; /* a packet goes whole or not at all */
}

int sock_receive(int fd, struct buf *ret_packet)
{
	uint8_t *room;
	ssize_t n;

	buf_clear(ret_packet);
	room = buf_extend(ret_packet, SOCK_PACKET_BYTES);
	if (room == NULL)
		return ret_packet->error;
	do {
		n = recv(fd, room, SOCK_PACKET_BYTES, MSG_TRUNC);
	} while (n < 0 && errno == EINTR);
	ret_packet->n = n > 0 && n <= SOCK_PACKET_BYTES ? (size_t)n : 0;
	if (n < 0)
		return fail(gone(-errno));
	if (n == 0)
		return fail(-EPIPE);
	return n > SOCK_PACKET_BYTES ? fail(-EMSGSIZE) : 0;
}
