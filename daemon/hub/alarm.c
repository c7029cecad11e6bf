#include "daemon/hub/alarm.h"

#include "lib/own.h"

#include <string.h>
#include <syslog.h>

int alarm_priority(const char *text)
{
	static const char *const alarms[] = {"code=W001",      "code=W002", "code=W004",
					     "code=W007",      "code=H001", "reason=clone",
					     "key_used_twice "};

	for (size_t i = 0; i < array_n(alarms); i++)
		if (strstr(text, alarms[i]) != NULL)
			return LOG_ALERT;
	return strstr(text, "code=") != NULL ? LOG_WARNING : LOG_INFO;
}
