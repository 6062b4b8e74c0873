/* A disk that fails, laid under a program with LD_PRELOAD.
 *
 * What is written and not yet synced is remembered, so that it can be taken back as a power cut takes it back. Only
 * what fsync or fdatasync said yes to stays.
 *
 *   DISK_FAILS_AT=n   the n-th sync of the process, from 1, answers EIO, and what it should have kept is gone: the
 *                     kernel drops such pages and tells of it once
 *   DISK_FAILS_ON=1   and so does every later one
 *   DISK_CUT_AT=n     at the n-th sync the power is cut: all that is not synced is gone, and so is the process
 *   DISK_COUNT=file   the number of syncs is written there when the program ends
 *
 * When the program ends, the power is cut too: whatever it said it had done must have been synced before.
 *
 * Not modelled: names. A file that was renamed or removed stays so, as on a file system that orders these. Shared
 * memory (-shm) is not the disk's.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct undo {
    struct undo *next;
    dev_t device;
    ino_t file;
    int descriptor; /* Opened anew, never closed: closing would drop the program's locks on the file. */
    off_t offset, size;
    size_t length;
    unsigned char bytes[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct undo *newest;
static long syncs;

static long wanted(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)

static ssize_t put(int fd, const void *bytes, size_t count, off_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
    return real(fd, bytes, count, offset);
}

static int cut(int fd, off_t size) {
    REAL(int, "ftruncate64", int, off_t);
    return real(fd, size);
}

/* Whether a descriptor is a file on the disk. The three standard streams are the test's. */
static int on_disk(int fd, struct stat *file) {
    char link[64], path[4096];
    if (fstat(fd, file) != 0) {
        file->st_mode = 0;
        return 0;
    }
    if (fd <= 2 || !S_ISREG(file->st_mode)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 4) return 0;
    path[length] = 0;
    return strncmp(path, "/proc/", 6) != 0 && strcmp(path + length - 4, "-shm") != 0;
}

/* Remembers what stands where something is about to be written. */
static void remember(int fd, off_t offset, size_t count) {
    struct stat file;
    if (!on_disk(fd, &file)) return;
    size_t held = offset >= file.st_size ? 0 : (size_t)(file.st_size - offset);
    if (held > count) held = count;
    struct undo *undo = malloc(sizeof *undo + held);
    if (!undo) abort();
    *undo = (struct undo){.device = file.st_dev, .file = file.st_ino, .descriptor = -1, .offset = offset,
                          .size = file.st_size};
    for (struct undo *known = newest; known; known = known->next)
        if (known->device == undo->device && known->file == undo->file) {
            undo->descriptor = known->descriptor;
            break;
        }
    if (undo->descriptor < 0) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        undo->descriptor = open(link, O_RDWR | O_CLOEXEC);
    }
    ssize_t got = undo->descriptor < 0 ? -1 : pread(undo->descriptor, undo->bytes, held, offset);
    if (got < 0) {
        free(undo);
        return;
    }
    undo->length = (size_t)got;
    undo->next = newest;
    newest = undo;
}

/* Lets go of what is remembered of one file, or of all; takes it back first if it was lost. */
static void settle(const struct stat *only, int lost) {
    struct undo **place = &newest;
    while (*place) {
        struct undo *undo = *place;
        if (only && (undo->device != only->st_dev || undo->file != only->st_ino)) {
            place = &undo->next;
            continue;
        }
        if (lost) {
            if (undo->length && put(undo->descriptor, undo->bytes, undo->length, undo->offset) < 0) abort();
            if (cut(undo->descriptor, undo->size) != 0) abort();
        }
        *place = undo->next;
        free(undo);
    }
}

static int synced(int fd, int (*real)(int)) {
    struct stat file;
    /* A folder is synced for its names, of which nothing is taken back; its sync can fail all the same. */
    if (!on_disk(fd, &file) && !S_ISDIR(file.st_mode)) return real(fd);
    pthread_mutex_lock(&lock);
    long at = ++syncs, fails = wanted("DISK_FAILS_AT"), ends = wanted("DISK_CUT_AT");
    int result = 0;
    if (ends && at == ends) {
        settle(NULL, 1);
        kill(getpid(), SIGKILL);
    } else if (fails && (at == fails || (at > fails && wanted("DISK_FAILS_ON")))) {
        settle(&file, 1);
        errno = EIO;
        result = -1;
    } else {
        result = real(fd);
        if (result == 0) settle(&file, 0);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int fsync(int fd) {
    REAL(int, "fsync", int);
    return synced(fd, real);
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    return synced(fd, real);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t offset) {
    pthread_mutex_lock(&lock);
    remember(fd, offset, count);
    ssize_t result = put(fd, bytes, count, offset);
    pthread_mutex_unlock(&lock);
    return result;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    return pwrite64(fd, bytes, count, offset);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    REAL(ssize_t, "write", int, const void *, size_t);
    struct stat file;
    if (!on_disk(fd, &file)) return real(fd, bytes, count);
    pthread_mutex_lock(&lock);
    int flags = fcntl(fd, F_GETFL);
    remember(fd, flags & O_APPEND ? file.st_size : lseek(fd, 0, SEEK_CUR), count);
    ssize_t result = real(fd, bytes, count);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate64(int fd, off_t size) {
    struct stat file;
    pthread_mutex_lock(&lock);
    if (on_disk(fd, &file) && size < file.st_size) remember(fd, size, (size_t)(file.st_size - size));
    else remember(fd, size, 0);
    int result = cut(fd, size);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("DISK_COUNT");
    pthread_mutex_lock(&lock);
    settle(NULL, 1);
    pthread_mutex_unlock(&lock);
    if (!path) return;
    FILE *out = fopen(path, "w");
    if (!out) return;
    fprintf(out, "%ld\n", syncs);
    fclose(out);
}
