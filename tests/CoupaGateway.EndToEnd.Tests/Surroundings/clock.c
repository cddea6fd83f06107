/*
 * A machine's clock that is set while programs run: preloaded into a process, it moves CLOCK_REALTIME by the seconds that lie, as a 64-bit number, in the
 * file that CLOCK_OFFSET names. The monotonic clock goes on as it is, as it does on a machine. Needs no header: only the compiler has to be there.
 */
typedef long long int64;
typedef struct { int64 seconds; long nanoseconds; } instant;
typedef struct { int64 seconds; long microseconds; } coarse_instant;

extern long syscall(long number, ...);
extern char *getenv(const char *name);
extern int open(const char *path, int flags, ...);
extern void *mmap(void *at, unsigned long length, int protection, int flags, int file, long offset);

#if defined(__x86_64__)
enum { CLOCK_GETTIME = 228 };
#elif defined(__aarch64__)
enum { CLOCK_GETTIME = 113 };
#endif
enum { REALTIME = 0, REALTIME_COARSE = 5, READ_WRITE = 2, READ = 1, SHARED = 1 };

static volatile int64 *offset;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("CLOCK_OFFSET");
    int file = path ? open(path, READ_WRITE) : -1;
    void *at = file < 0 ? (void *)-1 : mmap(0, sizeof(int64), READ, SHARED, file, 0);
    if (at != (void *)-1)
        offset = at;
}

int clock_gettime(int clock, instant *now)
{
    int result = (int)syscall(CLOCK_GETTIME, (long)clock, now);
    if (result == 0 && offset && (clock == REALTIME || clock == REALTIME_COARSE))
        now->seconds += *offset;
    return result;
}

int gettimeofday(coarse_instant *now, void *zone)
{
    instant precise;
    (void)zone;
    int result = clock_gettime(REALTIME, &precise);
    now->seconds = precise.seconds;
    now->microseconds = precise.nanoseconds / 1000;
    return result;
}

int64 time(int64 *now)
{
    instant precise;
    clock_gettime(REALTIME, &precise);
    if (now)
        *now = precise.seconds;
    return precise.seconds;
}
