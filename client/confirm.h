/*
 * What cannot be undone is meant when its name is typed (5-cli): the case that is erased, the month
 * that is closed, the person of whom what is known is destroyed.
 */
#ifndef MIA_CLIENT_CONFIRM_H
#define MIA_CLIENT_CONFIRM_H

#include "client/paper.h"
#include "lib/fail.h"
#include "proto/answer.h"

#define CONFIRM_WORD_BYTES 1024

/* Asks for the word; keys is what is typed. -EBADMSG with fault X012 when it was not. */
int confirm_word(const struct paper *talk, FILE *keys, const char *place, const char *word,
		 struct fault *fault);
/* The same of what is heavy but can be taken back, and so does not claim the contrary. */
int confirm_meant(const struct paper *talk, FILE *keys, const char *place, const char *word,
		  struct fault *fault);

/* Whether what was tried ("mia.case/1" of a dry run) says that it cannot be undone: then its notes
 * are what is to be known before, and ret_word is the number of the case. */
bool confirm_is_needed(const struct answer *tried, char ret_word[static CONFIRM_WORD_BYTES]);
/* Whether what was tried ("mia.retention/1") has nothing to do: then nothing is asked. */
bool confirm_is_idle(const struct answer *tried);
/* The site that what was tried ("mia.reconcile/1") is about: its id is what is typed. */
bool confirm_site(const struct answer *tried, char ret_word[static CONFIRM_WORD_BYTES]);
/* Shows those notes, and asks for the word. */
int confirm_case(const struct answer *tried, const struct paper *talk, FILE *keys,
		 struct fault *fault);

#endif
