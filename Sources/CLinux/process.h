#pragma once
#include <signal.h>
#include <spawn.h>
#include <sys/types.h>

// Starting and watching processes. The C library (2.36) declares these for _GNU_SOURCE only, without which the
// Glibc module is imported.
extern int pidfd_open(pid_t process, unsigned int flags);
extern int pidfd_send_signal(int descriptor, int signal, siginfo_t *info, unsigned int flags);
extern int pipe2(int descriptors[2], int flags);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
#ifndef POSIX_SPAWN_SETSID
#define POSIX_SPAWN_SETSID 0x80
#endif
