/*
 * The plain client: asks `status` of a control socket and writes the answer's bytes, with nothing
 * but the C library. Usage: mia-bench-ask SOCKET
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* [1, "status", [], [], 0, 0] */
static const uint8_t request[] = {0x96, 0x01, 0xa6, 's', 't', 'a', 't', 'u', 's', 0x90, 0x90, 0, 0};

int main(int argc, char *argv[])
{
	static uint8_t packet[64 * 1024];
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	ssize_t n;

	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 2;
	memcpy(address.sun_path, argv[1], strlen(argv[1]));
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
	    send(fd, request, sizeof(request), 0) != (ssize_t)sizeof(request))
		return 1;
	while ((n = recv(fd, packet, sizeof(packet), 0)) > 0)
		(void)fwrite(packet, 1, (size_t)n, stdout);
	(void)close(fd);
	return n < 0;
}
