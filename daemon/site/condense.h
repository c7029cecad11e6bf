/*
 * Who becomes anonymous (2-domain, Record: sex and entry year only): when a change makes it so, and
 * what of a record may then be kept. Pure: the store does the forgetting (store_forget.h).
 */
#ifndef MIA_SITE_CONDENSE_H
#define MIA_SITE_CONDENSE_H

#include "daemon/site/act.h"

enum condense {
	CONDENSE_NOT, /* the record is kept as it is */
	CONDENSE_NOW, /* counted as it is, kept condensed: an act ACT_CONDENSED, which begins the
			 person anew, under a new key if they were known */
	CONDENSE_STILL, /* was condensed before and stays so: kept condensed, counted as before */
};

/*
 * How a record is to be stored of a person (last_seq 0: nobody yet). Who was known by more than an
 * anonymous record is condensed when after no longer says who it is about, and so is whoever takes
 * consent back; someone who refused from the start is anonymous already and changes as others do.
 * Answers and misregistrations are not asked about.
 */
enum condense condense_how(const struct store_person *person, const struct record *after);

/*
 * What may be kept of after: identity type anonymous and no text, sex, consent with its days,
 * protected, the entry as the first day of its year within the operation; and of who took consent
 * back the exit, which that may have been (rule V004). What after does not tell of somebody who was
 * condensed before is as it was.
 */
void condense_record(const struct programme *programme, const struct store_person *person,
		     const struct record *after, struct record *ret_kept);

#endif
