#include "daemon/approve.h"

#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/programme_read.h"
#include "proto/signature.h"

int approve_begin(const struct request *request, struct fault *fault)
{
	uint8_t signature[SIGN_BYTES];
	const char *hex = request_option(request, "signature");

	if (request->stream_bytes == 0 || request->stream_bytes > VERSION_TEXT_MAX)
		return fault_set(fault, "X009", request->arguments[0],
				 "Give the programme file itself.",
				 "it has no bytes, or more than %zu", VERSION_TEXT_MAX);
	if (hex == NULL || text_unhex(hex, signature, sizeof(signature)) != 0)
		return fault_set(fault, "X002", "--signature", "Use a mia of the daemon's version.",
				 "the signature did not come as 128 hex digits");
	return 0;
}

int approve_feed(struct seat *seat, const struct frame *frame)
{
	buf_add(&seat->file, frame->bytes, frame->bytes_n);
	return seat->file.error;
}

static int check_signature(const struct config *config, const struct request *request,
			   const struct programme *programme, struct fault *fault)
{
	uint8_t key[SIGN_PUBLIC_BYTES], signature[SIGN_BYTES];
	char fingerprint[SIGN_FINGERPRINT_BYTES];
	int status = config_key(config, CONFIG_programme_key, key);

	if (status == 0)
		status = text_unhex(request_option(request, "signature"), signature,
				    sizeof(signature));
	if (status != 0)
		return status;
	if (sign_check(key, SIGNATURE_PROGRAMME, programme->hash, sizeof(programme->hash),
		       signature))
		return 0;
	sign_fingerprint(key, fingerprint);
	return fault_set(fault, "R022", request->arguments[0],
			 "Ask for the file again from whoever signs the programme.",
			 "it is not signed by the programme key this daemon pins, %s", fingerprint);
}

static int read_day(const struct request *request, int64_t at_now, int32_t *ret_day,
		    struct fault *fault)
{
	const char *on = request_option(request, "on");

	*ret_day = date_of_moment(at_now);
	if (on == NULL || date_parse_iso(on, ret_day) == 0)
		return 0;
	return fault_set(fault, "X002", "--on", "Write it as 2018-07-01.", "\"%s\" is not a date",
			 on);
}

int approve_read(const struct config *config, const struct seat *seat, int64_t at_now,
		 struct programme **ret_programme, struct approval_offer *ret_offer,
		 struct fault *fault)
{
	const struct request *request = &seat->request;
	own(programme_free) struct programme *programme = NULL;
	int32_t on = 0;
	int status = read_day(request, at_now, &on, fault);

	if (status == 0)
		status = programme_read(request->arguments[0], seat->file.data, seat->file.n,
					&programme, fault);
	if (status == 0)
		status = check_signature(config, request, programme, fault);
	if (status != 0)
		return status;
	*ret_offer = (struct approval_offer){
		.programme = programme,
		.text = seat->file.data,
		.n = seat->file.n,
		.on = on,
		.is_former = request_option(request, "former") != NULL,
		.is_dry_run = request_option(request, "dry-run") != NULL,
	};
	*ret_programme = take(programme);
	return 0;
}
