#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_guard_memory(void) {
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return errno;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return errno;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ? errno : 0;
}

void clinux_bound_capabilities(uint64_t kept) {
    for (int number = 0; number < 64; number++) {
        if (kept >> number & 1) continue;
        if (prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0 && errno == EINVAL) break;
    }
}

int clinux_limit_capabilities(uint64_t kept) {
    clinux_bound_capabilities(kept);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) != 0) return errno;
    for (int half = 0; half < 2; half++) {
        uint32_t mask = (uint32_t)(kept >> (32 * half));
        data[half].permitted &= mask;
        data[half].effective &= mask;
        data[half].inheritable = 0;
    }
    return syscall(SYS_capset, &header, data) != 0 ? errno : 0;
}

// What Debian 12's headers do not have yet.
#define ACCESS_TRUNCATE (1ULL << 14)

static const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t changing =
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
    LANDLOCK_ACCESS_FS_REFER | ACCESS_TRUNCATE;
static const uint64_t making =
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
    LANDLOCK_ACCESS_FS_MAKE_SYM;
// What may be asked of a file that is no folder.
static const uint64_t of_files =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | ACCESS_TRUNCATE;

int clinux_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? 0 : (int)version;
}

static uint64_t known_to(int version) {
    uint64_t all = reading | changing | making | LANDLOCK_ACCESS_FS_EXECUTE;
    if (version < 2) all &= ~LANDLOCK_ACCESS_FS_REFER;
    if (version < 3) all &= ~ACCESS_TRUNCATE;
    return all;
}

int clinux_landlock_restrict(const struct clinux_landlock_rule *rules, size_t count) {
    uint64_t known = known_to(clinux_landlock_version());
    struct landlock_ruleset_attr attributes = {.handled_access_fs = known};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (ruleset < 0) return errno;
    int outcome = 0;
    for (size_t i = 0; i < count && outcome == 0; i++) {
        int place = open(rules[i].path, O_PATH | O_CLOEXEC);
        if (place < 0) continue;
        struct stat facts;
        uint64_t access = 0;
        if (rules[i].uses & CLINUX_READ) access |= reading;
        if (rules[i].uses & CLINUX_EXECUTE) access |= LANDLOCK_ACCESS_FS_EXECUTE | reading;
        if (rules[i].uses & CLINUX_CHANGE) access |= changing;
        if (rules[i].uses & CLINUX_SOCKETS) access |= LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REMOVE_FILE;
        if (fstat(place, &facts) == 0 && !S_ISDIR(facts.st_mode)) access &= of_files;
        struct landlock_path_beneath_attr rule = {.allowed_access = access & known, .parent_fd = place};
        if (rule.allowed_access != 0 &&
            syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
            outcome = errno;
        close(place);
    }
    if (outcome == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) outcome = errno;
    close(ruleset);
    return outcome;
}

// By name rather than by what is needed: a C library or an OpenSSL of tomorrow may need another harmless call, and a gateway
// that dies of it helps nobody. These reach into other processes, the kernel, or the system.
static const int refused[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_pidfd_getfd,
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
    SYS_kexec_load, SYS_kexec_file_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot,
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_move_mount, SYS_open_tree, SYS_fsopen, SYS_fsconfig,
    SYS_fsmount, SYS_fspick, SYS_mount_setattr, SYS_swapon, SYS_swapoff, SYS_quotactl,
    SYS_unshare, SYS_setns, SYS_sethostname, SYS_setdomainname,
    SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime,
    SYS_keyctl, SYS_add_key, SYS_request_key, SYS_acct, SYS_syslog, SYS_vhangup,
    SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_lookup_dcookie, SYS_personality, SYS_mbind, SYS_move_pages,
    SYS_migrate_pages, SYS_fanotify_init,
    SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setgroups, SYS_setfsuid,
    SYS_setfsgid,
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm,
#endif
#ifdef SYS_modify_ldt
    SYS_modify_ldt,
#endif
};

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

int clinux_refuse_system_calls(void) {
#ifdef THIS_ARCHITECTURE
    enum { count = sizeof refused / sizeof refused[0] };
    struct sock_filter filter[count + 8];
    unsigned short next = 0;
    // A 32-bit call has other numbers: none is ours.
    filter[next++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    filter[next++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0);
    filter[next++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    filter[next++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    // The x32 calls: the same table under other numbers.
    filter[next++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, count + 1, 0);
#endif
    for (int i = 0; i < count; i++)
        filter[next++] =
            (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)refused[i], (unsigned char)(count - i), 0);
    filter[next++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[next++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    struct sock_fprog program = {.len = next, .filter = filter};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0 ? errno : 0;
#else
    return ENOSYS;
#endif
}
