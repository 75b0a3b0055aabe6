/* Preloaded into the writer, this makes the syncs of one copy, or of both, do nothing:
 * EZU_NOSYNC=journal | second | both. The power-cut trial must then fail (both) or pass by repair.
 * cc -shared -fPIC -O2 -o nosync.so nosync.c -ldl */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int muted(int fd) {
    const char *which = getenv("EZU_NOSYNC");
    char link[64], path[4096];
    if (!which) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    int second = strstr(path, "/second-") != NULL;
    if (!strcmp(which, "both")) return 1;
    return !strcmp(which, "second") ? second : !second;
}

#define MUTE(name)                                                   \
    int name(int fd) {                                               \
        static int (*real)(int);                                     \
        if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, #name);     \
        return muted(fd) ? 0 : real(fd);                             \
    }
MUTE(fsync)
MUTE(fdatasync)

int sync_file_range(int fd, off64_t offset, off64_t count, unsigned int flags) {
    static int (*real)(int, off64_t, off64_t, unsigned int);
    if (!real) real = (int (*)(int, off64_t, off64_t, unsigned int))dlsym(RTLD_NEXT, "sync_file_range");
    return muted(fd) ? 0 : real(fd, offset, count, flags);
}
