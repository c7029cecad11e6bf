/* Stands in for libFuzzer where it is not linked: runs every file of the corpus folders once. */
#include <assert.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static size_t replay_file(const char *path)
{
	static uint8_t bytes[1 << 20];
	FILE *file = fopen(path, "rb");
	size_t n;

	assert(file != NULL);
	n = fread(bytes, 1, sizeof(bytes), file);
	(void)fclose(file);
	(void)LLVMFuzzerTestOneInput(bytes, n);
	return 1;
}

static size_t replay_folder(const char *folder)
{
	size_t replayed = 0;
	char path[4096];
	DIR *dir = opendir(folder);

	if (dir == NULL)
		return 0;
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		replayed += replay_file(path);
	}
	(void)closedir(dir);
	return replayed;
}

int main(int argc, char *argv[])
{
	size_t replayed = 0;

	for (int i = 1; i < argc; i++)
		replayed += replay_folder(argv[i]);
	(void)printf("%zu inputs replayed\n", replayed);
	return replayed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
