#include "lib/vault.h"

#include "lib/own.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const uint8_t store[VAULT_STORE_BYTES] = "a store's own id";
static const uint8_t key[VAULT_KEY_BYTES] = {1, 2, 3}, index_key[VAULT_KEY_BYTES] = {9};
static const uint8_t person_key[VAULT_KEY_BYTES] = {7};

static struct vault_place a_place(void)
{
	return (struct vault_place){
		.store = store, .table = 2, .schema = 3, .version = 4, .key = "key", .key_n = 3};
}

static struct vault *new_vault(void)
{
	struct vault *vault = NULL;

	assert_int_equal(vault_new(key, index_key, &vault), 0);
	return vault;
}

static void seal(struct vault *vault, const char *text, struct buf *ret_sealed)
{
	struct vault_place place = a_place();

	vault_seal(vault, NULL, &place, text, strlen(text), ret_sealed);
	assert_int_equal(ret_sealed->error, 0);
}

static void a_sealed_value_opens_in_its_place(void **state)
{
	own(vault_free) struct vault *vault = new_vault();
	own(buf_free) struct buf sealed = {0}, plain = {0};
	struct vault_place place = a_place();

	(void)state;
	seal(vault, "value", &sealed);
	assert_int_equal(sealed.n, 5 + VAULT_OVERHEAD_BYTES);
	assert_int_equal(vault_open(vault, NULL, &place, sealed.data, sealed.n, &plain), 0);
	assert_int_equal(plain.n, 5);
	assert_memory_equal(plain.data, "value", 5);
}

static void an_empty_value_can_be_sealed(void **state)
{
	own(vault_free) struct vault *vault = new_vault();
	own(buf_free) struct buf sealed = {0}, plain = {0};
	struct vault_place place = a_place();

	(void)state;
	seal(vault, "", &sealed);
	assert_int_equal(vault_open(vault, NULL, &place, sealed.data, sealed.n, &plain), 0);
	assert_int_equal(plain.n, 0);
}

/* Built from the header's drawing by another program: version, key id 0, nonce 00..17, then
 * ciphertext and tag. */
static void the_sealed_form_is_golden(void **state)
{
	static const uint8_t golden[] = {0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
					 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
					 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11,
					 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0xbe, 0x34, 0x17,
					 0x64, 0x6f, 0x1c, 0xdc, 0x53, 0xa1, 0x04, 0x66, 0x79,
					 0x74, 0x16, 0x3f, 0xba, 0xe1, 0xa7, 0x6f, 0x54, 0x91};
	own(vault_free) struct vault *vault = new_vault();
	own(buf_free) struct buf plain = {0};
	struct vault_place place = a_place();

	(void)state;
	assert_int_equal(vault_open(vault, NULL, &place, golden, sizeof(golden), &plain), 0);
	assert_int_equal(plain.n, 5);
	assert_memory_equal(plain.data, "value", 5);
}

static void any_flipped_bit_is_refused_and_adds_nothing(void **state)
{
	own(vault_free) struct vault *vault = new_vault();
	own(buf_free) struct buf sealed = {0}, plain = {0};
	struct vault_place place = a_place();

	(void)state;
	seal(vault, "value", &sealed);
	buf_add(&plain, "kept", 4);
	for (size_t bit = 0; bit < 8 * sealed.n; bit++) {
		sealed.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_int_equal(vault_open(vault, NULL, &place, sealed.data, sealed.n, &plain),
				 -EBADMSG);
		assert_int_equal(plain.n, 4);
		sealed.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	assert_int_equal(vault_open(vault, NULL, &place, sealed.data, sealed.n, &plain), 0);
}

static void any_shorter_value_is_refused(void **state)
{
	own(vault_free) struct vault *vault = new_vault();
	own(buf_free) struct buf sealed = {0}, plain = {0};
	struct vault_place place = a_place();
	uint64_t key_id = 0;

	(void)state;
	seal(vault, "value", &sealed);
	for (size_t n = 0; n < sealed.n; n++)
		assert_int_equal(vault_open(vault, NULL, &place, sealed.data, n, &plain), -EBADMSG);
	assert_int_equal(vault_key_id(sealed.data, VAULT_OVERHEAD_BYTES - 1, &key_id), -EBADMSG);
}

static void a_value_moved_elsewhere_does_not_open(void **state)
{
	static const uint8_t other_store[VAULT_STORE_BYTES] = "another store id";
	struct vault_place places[] = {a_place(), a_place(), a_place(),
				       a_place(), a_place(), a_place()};
	own(vault_free) struct vault *vault = new_vault();
	own(buf_free) struct buf sealed = {0}, plain = {0};

	(void)state;
	seal(vault, "value", &sealed);
	places[0].store = other_store;
	places[1].table++;
	places[2].schema++;
	places[3].version++;
	places[4].key = "kez";
	places[5].key_n = 2;
	for (size_t i = 0; i < array_n(places); i++)
		assert_int_equal(vault_open(vault, NULL, &places[i], sealed.data, sealed.n, &plain),
				 -EBADMSG);
}

static void another_key_does_not_open(void **state)
{
	own(vault_free) struct vault *vault = new_vault(), *other = NULL;
	own(buf_free) struct buf sealed = {0}, plain = {0};
	struct vault_place place = a_place();

	(void)state;
	assert_int_equal(vault_new(index_key, key, &other), 0);
	seal(vault, "value", &sealed);
	assert_int_equal(vault_open(other, NULL, &place, sealed.data, sealed.n, &plain), -EBADMSG);
	assert_int_equal(vault_open(vault, person_key, &place, sealed.data, sealed.n, &plain),
			 -EBADMSG);
}

static void a_persons_value_opens_with_that_key_alone_and_names_it(void **state)
{
	own(vault_free) struct vault *vault = new_vault();
	own(buf_free) struct buf sealed = {0}, plain = {0};
	struct vault_place place = a_place();
	struct vault_key with = {person_key, 0x0102030405060708};
	uint64_t key_id = 0;

	(void)state;
	vault_seal(vault, &with, &place, "value", 5, &sealed);
	assert_int_equal(vault_key_id(sealed.data, sealed.n, &key_id), 0);
	assert_true(key_id == 0x0102030405060708);
	assert_int_equal(vault_open(vault, NULL, &place, sealed.data, sealed.n, &plain), -EBADMSG);
	assert_int_equal(vault_open(vault, person_key, &place, sealed.data, sealed.n, &plain), 0);
	assert_memory_equal(plain.data, "value", 5);
}

static void no_nonce_comes_twice_over_many_draws(void **state)
{
	static uint8_t nonces[2000][24];
	own(vault_free) struct vault *vault = new_vault();
	own(buf_free) struct buf sealed = {0};

	(void)state;
	for (size_t i = 0; i < array_n(nonces); i++) {
		buf_clear(&sealed);
		seal(vault, "", &sealed);
		memcpy(nonces[i], sealed.data + 9, 24);
	}
	for (size_t i = 0; i < array_n(nonces); i++) {
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(nonces[i], nonces[j], 24);
	}
}

static void a_forked_child_draws_nonces_of_its_own(void **state)
{
	own(vault_free) struct vault *vault = new_vault();
	own(buf_free) struct buf sealed = {0};
	uint8_t *shared =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t child;

	(void)state;
	assert_true(shared != MAP_FAILED);
	seal(vault, "", &sealed);
	buf_clear(&sealed);
	child = fork();
	assert_true(child >= 0);
	seal(vault, "", &sealed);
	if (child == 0) {
		memcpy(shared, sealed.data + 9, 24);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_memory_not_equal(shared, sealed.data + 9, 24);
	(void)munmap(shared, 4096);
}

static void look_ups_depend_on_key_domain_and_bytes_alone(void **state)
{
	own(vault_free) struct vault *vault = new_vault(), *other = NULL;
	uint8_t hash[VAULT_LOOKUP_BYTES], again[VAULT_LOOKUP_BYTES];

	(void)state;
	assert_int_equal(vault_new(key, person_key, &other), 0);
	vault_lookup(vault, "pnr", "191212121212", 12, hash);
	vault_lookup(vault, "pnr", "191212121212", 12, again);
	assert_memory_equal(hash, again, sizeof(hash));
	vault_lookup(vault, "pnr", "191212121213", 12, again);
	assert_memory_not_equal(hash, again, sizeof(hash));
	vault_lookup(vault, "pn", "r191212121212", 13, again);
	assert_memory_not_equal(hash, again, sizeof(hash));
	vault_lookup(other, "pnr", "191212121212", 12, again);
	assert_memory_not_equal(hash, again, sizeof(hash));
}

static void a_secret_is_zeroed_and_freeing_leaves_null(void **state)
{
	static const uint8_t zeros[100];
	uint8_t *secret = secret_new(sizeof(zeros));

	(void)state;
	assert_non_null(secret);
	assert_memory_equal(secret, zeros, sizeof(zeros));
	secret_free(&secret);
	assert_null(secret);
	secret_free(&secret);
}

/* The sanitizers replace mlock() by nothing. */
static bool can_lock_fail(void)
{
	struct rlimit none = {0, 0};
	static uint8_t page[4096];

	if (setrlimit(RLIMIT_MEMLOCK, &none) < 0 || (geteuid() == 0 && setuid(65534) < 0))
		return false;
	return mlock(page, sizeof(page)) != 0;
}

/* Root may lock without limit, so the child steps down first. */
static void memory_that_cannot_be_locked_is_refused(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		struct vault *vault = NULL;

		if (!can_lock_fail())
			_exit(77);
		errno = 0;
		if (secret_new(32) != NULL || errno != EPERM)
			_exit(3);
		_exit(vault_new(key, NULL, &vault) == -EPERM && vault == NULL ? 0 : 4);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(status, 0);
}

static void a_started_process_leaves_no_core(void **state)
{
	struct rlimit limit;

	(void)state;
	assert_int_equal(vault_start(), 0);
	assert_int_equal(vault_start(), 0);
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	assert_true(limit.rlim_cur == 0 && limit.rlim_max == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_started_process_leaves_no_core),
		cmocka_unit_test(a_sealed_value_opens_in_its_place),
		cmocka_unit_test(an_empty_value_can_be_sealed),
		cmocka_unit_test(the_sealed_form_is_golden),
		cmocka_unit_test(any_flipped_bit_is_refused_and_adds_nothing),
		cmocka_unit_test(any_shorter_value_is_refused),
		cmocka_unit_test(a_value_moved_elsewhere_does_not_open),
		cmocka_unit_test(another_key_does_not_open),
		cmocka_unit_test(a_persons_value_opens_with_that_key_alone_and_names_it),
		cmocka_unit_test(no_nonce_comes_twice_over_many_draws),
		cmocka_unit_test(a_forked_child_draws_nonces_of_its_own),
		cmocka_unit_test(look_ups_depend_on_key_domain_and_bytes_alone),
		cmocka_unit_test(a_secret_is_zeroed_and_freeing_leaves_null),
		cmocka_unit_test(memory_that_cannot_be_locked_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
