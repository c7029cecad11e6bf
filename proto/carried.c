#include "proto/carried.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LINE_END ';'
#define FIELD "text.%zu"
#define PIECE (REQUEST_FIELD_BYTES - 1)

int carried_add(struct request *request, const struct buf *text)
{
	size_t pieces_n = (text->n + PIECE - 1) / PIECE;

	if (pieces_n > REQUEST_FIELDS_MAX - request->fields_n)
		return fail(-EMSGSIZE);
	if (text->n > 0 && memchr(text->data, LINE_END, text->n) != NULL)
		return fail(-EINVAL);
	for (size_t i = 0; i < pieces_n; i++) {
		size_t rest = text->n - i * PIECE, n = rest < PIECE ? rest : PIECE;
		char *to = request->fields[request->fields_n].text;

		(void)snprintf(request->fields[request->fields_n++].id,
			       sizeof(request->fields[0].id), FIELD, i);
		memcpy(to, text->data + i * PIECE, n);
		to[n] = '\0';
		for (char *end = to; (end = strchr(end, '\n')) != NULL;)
			*end = LINE_END;
	}
	return 0;
}

void carried_take(const struct request *request, struct buf *ret_text)
{
	for (size_t i = 0; i < REQUEST_FIELDS_MAX; i++) {
		char id[PROGRAMME_ID_BYTES];
		const char *piece;

		(void)snprintf(id, sizeof(id), FIELD, i);
		piece = request_field(request, id);
		if (piece == NULL)
			return;
		for (; *piece != '\0'; piece++)
			buf_add_byte(ret_text, *piece == LINE_END ? '\n' : (uint8_t)*piece);
	}
}
