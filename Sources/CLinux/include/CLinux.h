#ifndef POTERNE_CLINUX_H
#define POTERNE_CLINUX_H

// What the Glibc module of Swift does not show, because it needs _GNU_SOURCE.

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

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

/// Gives the free pages within the heap back to the kernel: malloc_trim(3), where there is one.
void clinux_trim_heap(void);

/// Fills a buffer with getrandom(2), as often as it takes.
void clinux_random(void *buffer, size_t count);

/// Sends one datagram to a Unix socket, `@name` being an abstract one; 0 or an errno.
int clinux_send_datagram(const char *socket_name, const void *message, size_t count);

/// Starts a program with these descriptors as 3, 4, 5…, and no other but the standard three; 0 or an errno.
///
/// `pid_digits` points into an entry of `environment`: the program's own process id is written there, ten digits.
int clinux_start_program(
    const char *path, char *const arguments[], char *const environment[], const int *descriptors, int count,
    char *pid_digits, pid_t *pid);

/// Keeps keys out of core dumps and away from other processes of the same user: no dump, no ptrace, no new privileges by
/// exec. For good; 0 or an errno.
int clinux_guard_memory(void);

/// Has programs that are started later never get other capabilities than those of the mask; where that is not permitted,
/// does nothing.
void clinux_bound_capabilities(uint64_t kept);

/// Gives up every capability but those of the mask (bit N being capability N), in every set; 0 or an errno.
int clinux_limit_capabilities(uint64_t kept);

/// The version of Landlock that the kernel has; 0 for none.
int clinux_landlock_version(void);

/// What may be done below a folder.
enum clinux_landlock_use { CLINUX_READ = 1, CLINUX_EXECUTE = 2, CLINUX_CHANGE = 4, CLINUX_SOCKETS = 8 };

/// One folder, or file, and what may be done there.
struct clinux_landlock_rule {
    const char *path;
    uint32_t uses;
};

/// Forbids the calling thread, and those that it starts, every file but these; what is not there is passed over.
///
/// 0 or an errno.
int clinux_landlock_restrict(const struct clinux_landlock_rule *rules, size_t count);

/// Has system calls that a gateway has no use for fail with EPERM, in the calling thread and those that it starts; 0 or an
/// errno.
int clinux_refuse_system_calls(void);

#endif
