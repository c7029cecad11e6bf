/*
 * Which events of the audit are alarms: who sent what is not what it should be, so keys are in
 * other hands, or there are two copies of one site.
 */
#ifndef MIA_HUB_ALARM_H
#define MIA_HUB_ALARM_H

/* The priority an event is logged with: of <syslog.h>. */
int alarm_priority(const char *text);

#endif
