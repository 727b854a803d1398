// To be preloaded (LD_PRELOAD): the process's clock is as many seconds off as the number in the file that CLOCK_FILE names says, at
// any moment. Its monotonic clock is as it is, and so is how long it waits. Debian's libfaketime does that, too, and makes a JVM ten
// times slower.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { LENGTH = 8 };

static const volatile char *offset;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void map_file(void) {
    const char *name = getenv("CLOCK_FILE");
    int file = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        void *mapped = mmap(NULL, LENGTH, PROT_READ, MAP_SHARED, file, 0);
        close(file);
        if (mapped != MAP_FAILED) {
            offset = mapped;
        }
    }
}

// The file has a sign and seven digits.
static long seconds_off(void) {
    long seconds = 0;
    if (offset == NULL) {
        return 0;
    }
    for (int i = 1; i < LENGTH; i++) {
        seconds = 10 * seconds + (offset[i] - '0');
    }
    return offset[0] == '-' ? -seconds : seconds;
}

int clock_gettime(clockid_t id, struct timespec *time) {
    if (real == NULL) {
        real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    }
    int status = real(id, time);
    if (status == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) {
        time->tv_sec += seconds_off();
    }
    return status;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec time;
    int status = clock_gettime(CLOCK_REALTIME, &time);
    now->tv_sec = time.tv_sec;
    now->tv_usec = time.tv_nsec / 1000;
    return status;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result != NULL) {
        *result = now.tv_sec;
    }
    return now.tv_sec;
}
