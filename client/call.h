/*
 * One call of mia: what was asked for and how it is to be shown. Every command is a function of
 * this shape: it fills the answer, which main shows, or prints by itself what is no sheet.
 */
#ifndef MIA_CLIENT_CALL_H
#define MIA_CLIENT_CALL_H

#include "client/options.h"
#include "client/paper.h"
#include "client/render.h"

struct call {
	const struct options *options;
	enum programme_language language;
	enum render_format format;
	struct paper out, talk; /* stdout and stderr */
};

/* 0 with the answer filled; -EBADMSG with fault; -errno. */
typedef int call_fn(const struct call *call, struct answer *ret_answer, struct fault *fault);

#endif
