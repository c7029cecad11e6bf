#include "daemon/site/act.h"

#include "daemon/site/change.h"
#include "lib/text.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

void store_person_clear(struct store_person *person)
{
	/* The contributions and items that it has not need no clearing: most have few. */
	memset(person, 0, offsetof(struct store_person, record));
	record_clear(&person->record);
	person->contributions_n = 0;
}

void store_person_wipe(struct store_person *person)
{
	record_wipe(&person->record);
	store_person_clear(person);
}

static const struct tally_entry *entry_of(const struct tally *tally, uint16_t measure)
{
	for (size_t i = 0; i < tally->n; i++) {
		if (tally->entries[i].measure == measure)
			return &tally->entries[i];
	}
	return NULL;
}

static struct book_event *event_of(struct store_person *person, uint16_t measure)
{
	for (size_t i = 0; i < person->contributions_n; i++) {
		if (person->contributions[i].entry.measure == measure)
			return &person->contributions[i];
	}
	return NULL;
}

static bool is_same_entry(const struct tally_entry *a, const struct tally_entry *b)
{
	return a->measure == b->measure && a->cell == b->cell && a->period == b->period;
}

/* First what changes or goes, then what is new. */
void act_compare(const struct programme *programme, const struct store_person *person,
		 const struct tally *after, struct act_steps *ret_steps)
{
	bool is_old[PROGRAMME_MEASURES_MAX] = {false};

	ret_steps->programme = programme;
	ret_steps->n = 0;
	ret_steps->other = 0;
	for (size_t i = 0; i < person->contributions_n; i++) {
		const struct book_event *event = &person->contributions[i];
		const struct tally_entry *entry = entry_of(after, event->entry.measure);
		struct act_step step = {.has_before = true, .before = *event};

		is_old[event->entry.measure] = true;
		if (entry != NULL && is_same_entry(entry, &event->entry))
			continue;
		step.has_after = entry != NULL;
		if (entry != NULL)
			step.after = *entry;
		ret_steps->steps[ret_steps->n++] = step;
	}
	for (size_t i = 0; i < after->n; i++) {
		if (!is_old[after->entries[i].measure])
			ret_steps->steps[ret_steps->n++] =
				(struct act_step){.has_after = true, .after = after->entries[i]};
	}
}

void act_retell(const struct programme *programme, const struct store_person *person,
		const struct tally *after, struct act_steps *ret_steps)
{
	act_compare(programme, person, after, ret_steps);
	for (size_t i = 0; i < person->contributions_n; i++) {
		const struct book_event *event = &person->contributions[i];
		const struct tally_entry *entry = entry_of(after, event->entry.measure);

		if (entry != NULL && is_same_entry(entry, &event->entry))
			ret_steps->steps[ret_steps->n++] = (struct act_step){.has_before = true,
									     .has_after = true,
									     .before = *event,
									     .after = *entry};
	}
}

void act_counted(const struct store_person *person, struct tally *ret_tally)
{
	ret_tally->n = 0;
	for (size_t i = 0; i < person->contributions_n; i++)
		ret_tally->entries[ret_tally->n++] = person->contributions[i].entry;
}

static void pack_told(const struct act_steps *steps, struct buf *bytes)
{
	pack_array(bytes, (uint32_t)steps->n);
	for (size_t i = 0; i < steps->n; i++) {
		const struct act_step *step = &steps->steps[i];
		uint16_t measure =
			step->has_after ? step->after.measure : step->before.entry.measure;

		pack_array(bytes, step->has_after ? 3 : 1);
		pack_u64(bytes, steps->programme->measures[measure].number);
		if (!step->has_after)
			continue;
		pack_u64(bytes, step->after.cell);
		pack_u64(bytes, step->after.period);
	}
}

void act_pack(const struct store_origin *origin, enum store_act kind,
	      const struct store_person *person, const struct record *after,
	      const struct act_steps *steps, struct buf *ret_bytes)
{
	char operator_name[ACT_OPERATOR_BYTES];

	text_copy(operator_name, sizeof(operator_name), origin->operator_name);
	pack_array(ret_bytes, steps->other != 0 ? 9 : 8);
	pack_u64(ret_bytes, person->id);
	pack_i64(ret_bytes, origin->at);
	pack_str(ret_bytes, operator_name);
	pack_u64(ret_bytes, origin->batch);
	pack_u64(ret_bytes, person->last_seq);
	pack_u64(ret_bytes, kind);
	if (steps->other != 0)
		pack_u64(ret_bytes, steps->other);
	change_pack(&person->record, after, ret_bytes);
	pack_told(steps, ret_bytes);
}

static void read_head(struct unpack *in, struct act *ret_act)
{
	uint32_t parts = unpack_array(in, 9);

	if (in->error == 0 && parts < 8)
		in->error = fail(-EBADMSG);
	ret_act->person = unpack_u64(in, UINT64_MAX);
	ret_act->at = unpack_i64(in, INT64_MIN, INT64_MAX);
	unpack_str(in, ret_act->operator_name, sizeof(ret_act->operator_name));
	ret_act->batch = unpack_u64(in, UINT64_MAX);
	ret_act->prev = unpack_u64(in, UINT64_MAX);
	ret_act->kind = (enum store_act)unpack_u64(in, ACT_MERGED);
	if (in->error == 0 && ret_act->kind < ACT_REGISTERED)
		in->error = fail(-EBADMSG);
	ret_act->other = parts == 9 ? unpack_u64(in, UINT64_MAX) : 0;
	if (in->error == 0 && parts == 9 && ret_act->other == 0)
		in->error = fail(-EBADMSG); /* one way to write it */
}

int act_read(const void *bytes, size_t n, struct act *ret_act)
{
	struct unpack in = unpack_start(bytes, n);
	struct act act;

	read_head(&in, &act);
	if (in.error < 0)
		return fail(-EBADMSG);
	*ret_act = act;
	return 0;
}

static void fold_gone(struct store_person *person, uint16_t measure)
{
	struct book_event *event = event_of(person, measure);

	if (event != NULL)
		*event = person->contributions[--person->contributions_n];
}

static void fold_entry(struct store_person *person, const struct tally_entry *entry, uint64_t seq)
{
	struct book_event *event = event_of(person, entry->measure);

	if (event == NULL)
		event = &person->contributions[person->contributions_n++];
	*event = (struct book_event){.entry = *entry, .seq = seq};
}

/* One element of told. */
static void fold_told(const struct programme *programme, uint64_t seq, struct unpack *in,
		      struct store_person *person)
{
	uint32_t parts = unpack_array(in, 3);
	int index = programme_measure_by_number(programme, (uint16_t)unpack_u64(in, UINT16_MAX));
	struct tally_entry entry = {0};

	if (parts == 3) {
		entry.cell = (uint8_t)unpack_u64(in, PROGRAMME_CELLS_MAX - 1);
		entry.period = (uint32_t)unpack_u64(in, UINT32_MAX);
	}
	unpack_leave(in);
	if (in->error == 0 &&
	    (index < 0 || parts == 2 || entry.cell >= programme->measures[index].cells_n))
		in->error = fail(-EBADMSG);
	if (in->error < 0)
		return;
	entry.measure = (uint16_t)index;
	if (parts == 3)
		fold_entry(person, &entry, seq);
	else
		fold_gone(person, entry.measure);
}

int act_fold(const struct programme *programme, uint64_t seq, const void *bytes, size_t n,
	     struct store_person *person)
{
	struct unpack in = unpack_start(bytes, n);
	struct act act;
	uint32_t told;

	read_head(&in, &act);
	if (in.error == 0 && (act.person != person->id || act.prev != person->last_seq))
		in.error = fail(-EBADMSG);
	if (in.error < 0)
		return fail(-EBADMSG);
	change_apply(&in, &person->record);
	told = unpack_array(&in, PROGRAMME_MEASURES_MAX);
	for (uint32_t i = 0; i < told && in.error == 0; i++)
		fold_told(programme, seq, &in, person);
	unpack_leave(&in);
	unpack_leave(&in);
	if (unpack_end(&in) < 0)
		return fail(-EBADMSG);
	person->last_seq = seq;
	person->is_answer = person->is_answer || act.kind == ACT_ANSWERED;
	person->is_misregistered = act.kind == ACT_MISREGISTERED;
	person->is_condensed = act.kind == ACT_CONDENSED ||
			       (person->is_condensed && !change_keeps_identity(&person->record));
	return 0;
}
