#include "client/form_json.h"

#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define PIECE_BYTES 4096

static void json_free(json_t **json)
{
	json_decref(*json);
	*json = NULL;
}

/* A pipe is as good as a file: what it says need not lie anywhere. */
static int read_all(int fd, struct buf *ret_text)
{
	while (ret_text->n <= FORM_JSON_BYTES_MAX) {
		uint8_t *room = buf_extend(ret_text, PIECE_BYTES);
		ssize_t got;

		if (room == NULL)
			return ret_text->error;
		do
			got = read(fd, room, PIECE_BYTES);
		while (got < 0 && errno == EINTR);
		ret_text->n -= PIECE_BYTES - (got > 0 ? (size_t)got : 0);
		if (got < 0)
			return fail(-errno);
		if (got == 0)
			return 0;
	}
	return fail(-EFBIG);
}

static int read_file(const char *path, struct buf *ret_text)
{
	own(fd_close) int fd = -1;

	if (strcmp(path, "-") == 0)
		return read_all(STDIN_FILENO, ret_text);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? fail(-errno) : read_all(fd, ret_text);
}

static int refuse(const char *path, const char *remedy, const char *reason, struct fault *fault)
{
	return fault_set(fault, "X014", path, remedy, "%s", reason);
}

/* ---- one value ---- */

static bool put(struct buf *text, const json_t *value)
{
	if (json_is_string(value))
		buf_add_text(text, json_string_value(value));
	else if (json_is_integer(value))
		buf_printf(text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_boolean(value))
		buf_add_text(text, json_is_true(value) ? "yes" : "no");
	else
		return json_is_null(value);
	return true;
}

static bool put_set(struct buf *text, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(value); i++) {
		const json_t *item = json_array_get(value, i);

		if (i > 0)
			buf_add_byte(text, '|');
		if (!json_is_string(item) && !json_is_integer(item))
			return false;
		(void)put(text, item);
	}
	return true;
}

static int put_field(const char *path, const char *id, const json_t *value, struct request *request,
		     struct fault *fault)
{
	own(buf_wipe) struct buf text = {0};
	size_t at = request->fields_n;
	bool is_read = json_is_array(value) ? put_set(&text, value) : put(&text, value);

	if (id[0] == '\0' || strlen(id) >= PROGRAMME_ID_BYTES)
		return refuse(path, N_("List them with --form."),
			      N_("one of its names is no field's"), fault);
	if (!is_read)
		return refuse(
			path,
			N_("Write a text, a whole number, true, false, null or a list of codes."),
			N_("one of its values is of another kind"), fault);
	if (text.error != 0 || (text.n > 0 && buf_text(&text) == NULL))
		return text.error;
	if (text.n >= REQUEST_FIELD_BYTES)
		return refuse(path, N_("Write it shorter."), N_("one of its values is too long"),
			      fault);
	if (at == REQUEST_FIELDS_MAX)
		return refuse(path, N_("Leave out what is not to be changed."),
			      N_("it has too many fields"), fault);
	text_copy(request->fields[at].id, PROGRAMME_ID_BYTES, id);
	text_copy(request->fields[at].text, REQUEST_FIELD_BYTES, text.n > 0 ? buf_text(&text) : "");
	request->fields_n++;
	return 0;
}

/* ---- the file ---- */

/* jansson's own complaint repeats the text near by: a line number is all that is told. */
static int parse(const char *path, const struct buf *text, json_t **ret_object, struct fault *fault)
{
	json_error_t where;
	own(json_free) json_t *object =
		json_loadb((const char *)text->data, text->n, JSON_REJECT_DUPLICATES, &where);

	if (object == NULL)
		return fault_set(fault, "X014", path,
				 N_("Write {\"field\": \"value\", ...}, each field once."),
				 N_("line %d is not JSON"), where.line);
	if (!json_is_object(object))
		return refuse(path, N_("Write {\"field\": \"value\", ...}, each field once."),
			      N_("it is not one object"), fault);
	*ret_object = take(object);
	return 0;
}

int form_json_take(const char *place, const struct buf *text, struct request *request,
		   struct fault *fault)
{
	own(json_free) json_t *object = NULL;
	const char *id;
	json_t *value;
	int status = parse(place, text, &object, fault);

	if (status != 0)
		return status;
	json_object_foreach(object, id, value)
	{
		status = put_field(place, id, value, request, fault);
		if (status != 0)
			return status;
	}
	return 0;
}

int form_json_read(const char *path, struct request *request, struct fault *fault)
{
	own(buf_wipe) struct buf text = {0};
	int status = read_file(path, &text);

	if (status != 0)
		return fault_set(fault, "X009", path, N_("Check the path."), "%s",
				 fail_text(status));
	return form_json_take(path, &text, request, fault);
}

/* A name that could not be a field's may be anything, a number of somebody too. */
static bool may_be_told(const char *id)
{
	return islower((unsigned char)id[0]) &&
	       strspn(id, "abcdefghijklmnopqrstuvwxyz_0123456789-") == strlen(id);
}

static int complain(const char *id, const struct form *form, struct fault *fault)
{
	const char *names[REQUEST_FIELDS_MAX];
	char remedy[sizeof(fault->remedy)];
	int nearest;

	for (size_t i = 0; i < form->fields_n; i++)
		names[i] = form->fields[i].id;
	if (!may_be_told(id))
		return refuse("--from", N_("List them with --form."),
			      N_("one of its names is no field's"), fault);
	nearest = text_nearest(id, names, form->fields_n);
	if (nearest < 0)
		return fault_set(fault, "X014", "--from", N_("List them with --form."),
				 N_("\"%s\" is not asked for here"), id);
	(void)snprintf(remedy, sizeof(remedy), N_("Did you mean \"%s\"?"), names[nearest]);
	return fault_set(fault, "X014", "--from", remedy, N_("\"%s\" is not asked for here"), id);
}

int form_json_check(const struct request *request, const struct form *form, struct fault *fault)
{
	for (size_t i = 0; i < request->fields_n; i++) {
		bool is_asked = false;

		for (size_t f = 0; f < form->fields_n && !is_asked; f++)
			is_asked = strcmp(form->fields[f].id, request->fields[i].id) == 0;
		if (!is_asked)
			return complain(request->fields[i].id, form, fault);
	}
	return 0;
}
