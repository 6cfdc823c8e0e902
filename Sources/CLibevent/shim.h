#ifndef POTERNE_CLIBEVENT_SHIM_H
#define POTERNE_CLIBEVENT_SHIM_H

// Debian's event2/event-config.h defines _GNU_SOURCE; <features.h> must be read before it, or fd_set
// differs between this module and the others and debug builds fail.
#include <features.h>

#include <event2/event.h>
#include <event2/event_struct.h>

#endif
