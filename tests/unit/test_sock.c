#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "lib/own.h"
#include "lib/sock.h"

#define WAIT_MS 5000

static char folder[] = "/tmp/mia-sock-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static int setup(void **state)
{
	(void)state;
	(void)snprintf(path, sizeof(path), "%s/control", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	(void)unlink(path);
	return 0;
}

static int listening(void)
{
	int fd = -1;

	assert_int_equal(sock_listen(path, (gid_t)-1, &fd), 0);
	return fd;
}

/* A client and the daemon's end of it. */
static void connected(int listen_fd, int *ret_client, int *ret_served)
{
	uid_t uid = (uid_t)-1;

	assert_int_equal(sock_connect(path, WAIT_MS, ret_client), 0);
	assert_int_equal(sock_accept(listen_fd, ret_served, &uid), 0);
	assert_int_equal(uid, geteuid());
}

static void the_kernel_tells_who_connected(void **state)
{
	own(fd_close) int listen_fd = listening();
	own(fd_close) int client = -1;
	own(fd_close) int served = -1;
	uid_t uid = (uid_t)-1;

	(void)state;
	assert_int_equal(sock_accept(listen_fd, &served, &uid), -EAGAIN);
	assert_int_equal(uid, (uid_t)-1);
	connected(listen_fd, &client, &served);
	assert_true(fcntl(served, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(served, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(client, F_GETFD) & FD_CLOEXEC);
}

static void the_file_is_for_owner_and_group_only(void **state)
{
	mode_t old = umask(0);
	own(fd_close) int listen_fd = -1;
	struct stat status;

	(void)state;
	assert_int_equal(sock_listen(path, getegid(), &listen_fd), 0);
	(void)umask(old);
	assert_int_equal(stat(path, &status), 0);
	assert_true(S_ISSOCK(status.st_mode));
	assert_int_equal(status.st_mode & 07777, 0660);
	assert_int_equal(status.st_gid, getegid());
}

static void packets_keep_their_bounds(void **state)
{
	own(fd_close) int listen_fd = listening();
	own(fd_close) int client = -1;
	own(fd_close) int served = -1;
	own(buf_free) struct buf packet = {0};

	(void)state;
	connected(listen_fd, &client, &served);
	assert_int_equal(sock_receive(served, &packet), -EAGAIN);
	assert_int_equal(sock_send(client, "one", 3), 0);
	assert_int_equal(sock_send(client, "three", 5), 0);
	assert_int_equal(sock_receive(served, &packet), 0);
	assert_int_equal(packet.n, 3);
	assert_memory_equal(packet.data, "one", 3);
	assert_int_equal(sock_receive(served, &packet), 0);
	assert_int_equal(packet.n, 5);
	assert_memory_equal(packet.data, "three", 5);
}

static void the_largest_packet_passes_and_a_larger_one_is_told_not_cut(void **state)
{
	own(fd_close) int listen_fd = listening();
	own(fd_close) int client = -1;
	own(fd_close) int served = -1;
	own(buf_free) struct buf packet = {0};
	own(mem_free) uint8_t *bytes = malloc(SOCK_PACKET_BYTES + 1);

	(void)state;
	memset(bytes, 'x', SOCK_PACKET_BYTES + 1);
	connected(listen_fd, &client, &served);
	assert_int_equal(sock_send(client, bytes, SOCK_PACKET_BYTES), 0);
	assert_int_equal(sock_receive(served, &packet), 0);
	assert_int_equal(packet.n, SOCK_PACKET_BYTES);
	assert_memory_equal(packet.data, bytes, SOCK_PACKET_BYTES);
	assert_int_equal(send(client, bytes, SOCK_PACKET_BYTES + 1, 0), SOCK_PACKET_BYTES + 1);
	assert_int_equal(sock_receive(served, &packet), -EMSGSIZE);
	assert_int_equal(packet.n, 0);
	assert_int_equal(sock_send(client, "next", 4), 0);
	assert_int_equal(sock_receive(served, &packet), 0);
	assert_memory_equal(packet.data, "next", 4);
}

static void a_full_queue_never_blocks_the_daemon(void **state)
{
	own(fd_close) int listen_fd = listening();
	own(fd_close) int client = -1;
	own(fd_close) int served = -1;
	own(buf_free) struct buf packet = {0};
	static const uint8_t bytes[SOCK_PACKET_BYTES] = {1};
	int sent = 0;
	int code = 0;

	(void)state;
	connected(listen_fd, &client, &served);
	while (sent < 10000 && code == 0) {
		code = sock_send(served, bytes, sizeof(bytes));
		sent += code == 0;
	}
	assert_int_equal(code, -EAGAIN);
	assert_in_range(sent, 1, 9999);
	for (int i = 0; i < sent; i++)
		assert_int_equal(sock_receive(client, &packet), 0);
	assert_int_equal(sock_send(served, bytes, sizeof(bytes)), 0);
}

static void a_peer_that_left_reads_as_closed(void **state)
{
	own(fd_close) int listen_fd = listening();
	own(fd_close) int client = -1;
	own(fd_close) int served = -1;
	own(buf_free) struct buf packet = {0};

	(void)state;
	connected(listen_fd, &client, &served);
	assert_int_equal(sock_send(client, "last", 4), 0);
	fd_close(&client);
	assert_int_equal(sock_receive(served, &packet), 0);
	assert_memory_equal(packet.data, "last", 4);
	assert_int_equal(sock_receive(served, &packet), -EPIPE);
	assert_int_equal(sock_send(served, "x", 1), -EPIPE);
}

static void a_peer_that_left_with_unread_packets_reads_as_closed(void **state)
{
	own(fd_close) int listen_fd = listening();
	own(fd_close) int client = -1;
	own(fd_close) int served = -1;
	own(buf_free) struct buf packet = {0};

	(void)state;
	connected(listen_fd, &client, &served);
	assert_int_equal(sock_send(served, "unread", 6), 0);
	fd_close(&client);
	assert_int_equal(sock_receive(served, &packet), -EPIPE);
}

static void a_dead_socket_file_is_replaced(void **state)
{
	int first = listening();
	own(fd_close) int second = -1;
	own(fd_close) int client = -1;
	own(fd_close) int served = -1;

	(void)state;
	fd_close(&first);
	assert_int_equal(sock_connect(path, WAIT_MS, &client), -ECONNREFUSED);
	assert_int_equal(client, -1);
	assert_int_equal(sock_listen(path, (gid_t)-1, &second), 0);
	connected(second, &client, &served);
}

static void a_live_socket_is_not_replaced(void **state)
{
	own(fd_close) int first = listening();
	own(fd_close) int second = -1;
	own(fd_close) int client = -1;
	own(fd_close) int served = -1;
	uid_t uid;

	(void)state;
	assert_int_equal(sock_listen(path, (gid_t)-1, &second), -EADDRINUSE);
	assert_int_equal(second, -1);
	assert_int_equal(sock_accept(first, &served, &uid), 0); /* the question itself */
	fd_close(&served);
	connected(first, &client, &served);
}

static void what_is_not_a_socket_is_left_alone(void **state)
{
	own(fd_close) int file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	own(fd_close) int fd = -1;
	struct stat status;

	(void)state;
	assert_true(file >= 0);
	assert_int_equal(sock_listen(path, (gid_t)-1, &fd), -EADDRINUSE);
	assert_int_equal(lstat(path, &status), 0);
	assert_true(S_ISREG(status.st_mode));
}

static void no_daemon_is_told_at_once(void **state)
{
	char long_path[256];
	int fd = -1;

	(void)state;
	assert_int_equal(sock_connect(path, WAIT_MS, &fd), -ENOENT);
	memset(long_path, 'x', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	assert_int_equal(sock_connect(long_path, WAIT_MS, &fd), -ENAMETOOLONG);
	assert_int_equal(sock_listen(long_path, (gid_t)-1, &fd), -ENAMETOOLONG);
	assert_int_equal(fd, -1);
}

static void a_daemon_that_does_not_accept_or_answer_times_out(void **state)
{
	own(fd_close) int listen_fd = listening();
	own(fd_close) int client = -1;
	own(buf_free) struct buf packet = {0};
	int waiting[256];
	int code = 0;
	size_t n = 0;

	(void)state;
	assert_true(listen_fd >= 0);
	assert_int_equal(sock_connect(path, 50, &client), 0);
	assert_int_equal(sock_receive(client, &packet), -EAGAIN);
	while (n < array_n(waiting) && code == 0) {
		waiting[n] = -1;
		code = sock_connect(path, 50, &waiting[n]);
		n += code == 0;
	}
	assert_int_equal(code, -ETIMEDOUT);
	while (n > 0)
		fd_close(&waiting[--n]);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(the_kernel_tells_who_connected),
		IN_A_FOLDER(the_file_is_for_owner_and_group_only),
		IN_A_FOLDER(packets_keep_their_bounds),
		IN_A_FOLDER(the_largest_packet_passes_and_a_larger_one_is_told_not_cut),
		IN_A_FOLDER(a_full_queue_never_blocks_the_daemon),
		IN_A_FOLDER(a_peer_that_left_reads_as_closed),
		IN_A_FOLDER(a_peer_that_left_with_unread_packets_reads_as_closed),
		IN_A_FOLDER(a_dead_socket_file_is_replaced),
		IN_A_FOLDER(a_live_socket_is_not_replaced),
		IN_A_FOLDER(what_is_not_a_socket_is_left_alone),
		IN_A_FOLDER(no_daemon_is_told_at_once),
		IN_A_FOLDER(a_daemon_that_does_not_accept_or_answer_times_out),
	};

	return cmocka_run_group_tests_name("sock", tests, make_folder, remove_folder);
}
