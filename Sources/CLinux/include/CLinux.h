#ifndef POTERNE_CLINUX_H
#define POTERNE_CLINUX_H

// What the Glibc module of Swift does not show, because it needs _GNU_SOURCE.

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/// accept4(2) with SOCK_NONBLOCK and SOCK_CLOEXEC.
int clinux_accept(int listener, struct sockaddr *address, socklen_t *length);

/// eventfd(2), non-blocking and close-on-exec.
int clinux_eventfd(void);

#endif
