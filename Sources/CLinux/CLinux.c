#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

int clinux_accept(int listener, struct sockaddr *address, socklen_t *length) {
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int clinux_eventfd(void) {
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

int clinux_signalfd(const sigset_t *signals) {
    return signalfd(-1, signals, SFD_NONBLOCK | SFD_CLOEXEC);
}

int clinux_read_signal(int descriptor, int *signal, int *sender) {
    struct signalfd_siginfo info;
    if (read(descriptor, &info, sizeof info) != sizeof info) return 0;
    *signal = (int)info.ssi_signo;
    *sender = (int)info.ssi_pid;
    return 1;
}

int clinux_spawn_thread(pthread_t *thread, void *(*body)(void *), void *argument) {
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS, SIGPROF};
    sigset_t blocked, previous;
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) sigdelset(&blocked, faults[i]);
    // The new thread inherits the mask: set before, so that not one instruction of it runs unmasked.
    int outcome = pthread_sigmask(SIG_SETMASK, &blocked, &previous);
    if (outcome != 0) return outcome;
    outcome = pthread_create(thread, NULL, body, argument);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    return outcome;
}

void clinux_name_thread(const char *name) {
    char kept[16] = {0};
    strncpy(kept, name, sizeof kept - 1);
    pthread_setname_np(pthread_self(), kept);
}

void clinux_trim_heap(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void clinux_random(void *buffer, size_t count) {
    unsigned char *next = buffer;
    while (count > 0) {
        ssize_t got = getrandom(next, count, 0);
        if (got < 0) {
            if (errno == EINTR) continue;
            // Only a filter that forbids the call: nothing that follows could be trusted.
            abort();
        }
        next += got;
        count -= (size_t)got;
    }
}

int clinux_send_datagram(const char *socket_name, const void *message, size_t count) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(socket_name);
    if (length == 0 || length >= sizeof address.sun_path) return EINVAL;
    memcpy(address.sun_path, socket_name, length);
    if (address.sun_path[0] == '@') address.sun_path[0] = 0;
    int number = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (number < 0) return errno;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (socket_name[0] == '/'));
    ssize_t sent = sendto(number, message, count, MSG_NOSIGNAL, (struct sockaddr *)&address, size);
    int outcome = sent < 0 ? errno : 0;
    close(number);
    return outcome;
}

// Between fork and exec of a process with threads only what is safe in a signal handler may be called.
static void become(
    const char *path, char *const arguments[], char *const environment[], const int *descriptors, int count,
    char *pid_digits, int report) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    // Above the places that they are to have, so that none is overwritten before it has moved.
    int moved[count > 0 ? count : 1];
    int failed = 0;
    report = fcntl(report, F_DUPFD_CLOEXEC, 3 + count);
    if (report < 0) _exit(127);
    for (int i = 0; i < count && !failed; i++) {
        moved[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, 3 + count);
        failed = moved[i] < 0;
    }
    for (int i = 0; i < count && !failed; i++) failed = dup2(moved[i], 3 + i) < 0;
    if (!failed) {
        // Descriptors of ours are close-on-exec anyway; a library's may not be.
        close_range((unsigned)(3 + count), ~0U, CLOSE_RANGE_CLOEXEC);
        pid_t self = getpid();
        for (int i = 9; i >= 0; i--, self /= 10) pid_digits[i] = (char)('0' + self % 10);
        execve(path, arguments, environment);
    }
    int number = errno;
    ssize_t ignored = write(report, &number, sizeof number);
    (void)ignored;
    _exit(127);
}

int clinux_start_program(
    const char *path, char *const arguments[], char *const environment[], const int *descriptors, int count,
    char *pid_digits, pid_t *pid) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return errno;
    *pid = fork();
    if (*pid == 0) become(path, arguments, environment, descriptors, count, pid_digits, report[1]);
    int outcome = *pid < 0 ? errno : 0;
    close(report[1]);
    if (outcome == 0) {
        // The end of the pipe without a word is what a successful exec leaves.
        int number = 0;
        ssize_t got;
        do got = read(report[0], &number, sizeof number); while (got < 0 && errno == EINTR);
        if (got == sizeof number) {
            outcome = number;
            waitpid(*pid, NULL, 0);
        }
    }
    close(report[0]);
    return outcome;
}
