#pragma once
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "process.h"

// The Glibc module is imported without _GNU_SOURCE, which hides open-file-description locks.
#ifndef F_OFD_SETLK
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#define F_OFD_SETLKW 38
#endif

// fcntl is variadic in C.
static inline int clinux_set_ofd_lock(int descriptor, struct flock *lock) {
    return fcntl(descriptor, F_OFD_SETLK, lock);
}

// Likewise.
static inline int clinux_get_ofd_lock(int descriptor, struct flock *lock) {
    return fcntl(descriptor, F_OFD_GETLK, lock);
}

// prctl is variadic in C.
static inline int clinux_set_dumpable(unsigned long dumpable) {
    return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0);
}

// getrandom is declared in <sys/random.h>, which the Glibc module leaves out.
extern ssize_t getrandom(void *buffer, size_t length, unsigned int flags);

// pthread_setname_np is a GNU extension too.
extern int pthread_setname_np(pthread_t thread, const char *name);
