/*
 * The control socket's transport (4.3): AF_UNIX SOCK_SEQPACKET, peers known by SO_PEERCRED. Packets
 * of at most 64 KiB, never empty (that reads as close), never truncated, never blocking the daemon.
 */
#ifndef MIA_LIB_SOCK_H
#define MIA_LIB_SOCK_H

#include "lib/buf.h"

#include <sys/types.h>

#define SOCK_PACKET_BYTES (64 * 1024)

/* Binds and listens at path (removing a dead socket of the same name, -EADDRINUSE when somebody
 * answers there), mode 0660, group gid or -1. Non-blocking. */
int sock_listen(const char *path, gid_t gid, int *ret_fd);
/* Accepts one: 0 with the peer's uid, -EAGAIN. Non-blocking, close-on-exec. */
int sock_accept(int listen_fd, int *ret_fd, uid_t *ret_uid);
/* Connects within timeout_ms: 0, -ENOENT/-ECONNREFUSED no daemon, -ETIMEDOUT, -EACCES. Blocking
 * with that timeout for every later send and receive. */
int sock_connect(const char *path, int timeout_ms, int *ret_fd);

/* One packet, whole: 0, -EAGAIN would wait, -EMSGSIZE, -EPIPE gone. n is 1..SOCK_PACKET_BYTES
 * (assert). */
int sock_send(int fd, const void *bytes, size_t n);
/* One packet replaces ret_packet's content: 0, -EAGAIN, -EPIPE closed, -EMSGSIZE too large
 * (MSG_TRUNC). */
int sock_receive(int fd, struct buf *ret_packet);

#endif
