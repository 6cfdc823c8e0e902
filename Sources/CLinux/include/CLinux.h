#ifndef POTERNE_CLINUX_H
#define POTERNE_CLINUX_H

// What the Glibc module of Swift does not show, because it needs _GNU_SOURCE.

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/// accept4(2) with SOCK_NONBLOCK and SOCK_CLOEXEC.
int clinux_accept(int listener, struct sockaddr *address, socklen_t *length);

/// eventfd(2), non-blocking and close-on-exec.
int clinux_eventfd(void);

/// signalfd(2), non-blocking and close-on-exec.
int clinux_signalfd(const sigset_t *signals);

/// Reads one signal from a signalfd: 1 when there was one, 0 when there was none.
int clinux_read_signal(int descriptor, int *signal, int *sender);

/// pthread_create(3) of a thread in which all signals are blocked but those of its own faults; 0 or an errno.
int clinux_spawn_thread(pthread_t *thread, void *(*body)(void *), void *argument);

/// Names the calling thread: pthread_setname_np(3), cut to the 15 bytes the kernel keeps.
void clinux_name_thread(const char *name);

/// Fills a buffer with getrandom(2), as often as it takes.
void clinux_random(void *buffer, size_t count);

#endif
