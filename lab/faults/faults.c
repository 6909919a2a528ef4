/*
 * Faults at counted calls: preloaded into the daemon, it counts every call by which the process changes the world, over all threads
 * and over its forked children until they execute something else, and kills the daemon at the n-th, or lets the n-th fail.
 *
 * A shared page (the file named by LAB_FAULTS) holds the plan and the count; whoever drives the experiment reads and writes it while
 * the daemon runs. Every counted call is a line in `<that file>.log`: number, class, call, error that was given (0: none), errors that it
 * could have been given, path.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <linux/fs.h>
#include <unistd.h>

/* The page: lab/faults/plan.ts writes the same fields in the same order. */
struct page {
  _Atomic int armed;      /* 0: nothing is counted */
  _Atomic int mode;       /* see below */
  _Atomic int nth;        /* from 1 */
  _Atomic int error;      /* the errno that is given */
  _Atomic int classes;    /* which classes are counted */
  _Atomic int supervisor; /* the pid that is ruled: the first process that loaded us */
  _Atomic int count;
  _Atomic int fired;      /* how many calls were killed at, or failed */
  _Atomic int strangers;  /* other processes that loaded us: the product let LD_PRELOAD through */
};
enum mode { COUNT, KILL_BEFORE, KILL_AFTER, FAIL_ONCE, FAIL_FROM };
enum class { CHANGE = 1, OUTPUT = 2, READ = 4, RESOURCE = 8 };

static struct page *page;
static int lines = -1;
static const char *folder = "";
static size_t folder_length;

#define ABOVE_THE_DAEMONS 300
#define REAL(name) real_##name
#define FIND(name) (*(void **)&REAL(name) = dlsym(RTLD_NEXT, #name))

static int (*real_open64)(const char *, int, ...);
static int (*real_openat64)(int, const char *, int, ...);
static FILE *(*real_fopen64)(const char *, const char *);
static DIR *(*real_opendir)(const char *);
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_pread64)(int, void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwritev64)(int, const struct iovec *, int, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_rename)(const char *, const char *);
static int (*real_link)(const char *, const char *);
static int (*real_symlink)(const char *, const char *);
static int (*real_unlink)(const char *);
static int (*real_unlinkat)(int, const char *, int);
static int (*real_rmdir)(const char *);
static int (*real_mkdir)(const char *, mode_t);
static char *(*real_mkdtemp)(char *);
static int (*real_mkstemp64)(char *);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_chmod)(const char *, mode_t);
static int (*real_fchmod)(int, mode_t);
static int (*real_chown)(const char *, uid_t, gid_t);
static int (*real_fchown)(int, uid_t, gid_t);
static int (*real_lchown)(const char *, uid_t, gid_t);
static int (*real_utimensat)(int, const char *, const struct timespec *, int);
static int (*real_futimens)(int, const struct timespec *);
static ssize_t (*real_sendfile64)(int, int, off64_t *, size_t);
static int (*real_ioctl)(int, unsigned long, ...);
static pid_t (*real_fork)(void);
static int (*real_execvp)(const char *, char *const[]);
static int (*real_kill)(pid_t, int);
static int (*real_bind)(int, const struct sockaddr *, socklen_t);
static int (*real_pipe2)(int[2], int);
static int (*real_inotify_init1)(int);
static int (*real_inotify_add_watch)(int, const char *, uint32_t);
static long (*real_syscall)(long, ...);

static void find_all(void) {
  FIND(open64); FIND(openat64); FIND(fopen64); FIND(opendir); FIND(read); FIND(pread64);
  FIND(write); FIND(pwrite64); FIND(writev); FIND(pwritev64); FIND(fsync); FIND(fdatasync);
  FIND(rename); FIND(link); FIND(symlink); FIND(unlink); FIND(unlinkat); FIND(rmdir);
  FIND(mkdir); FIND(mkdtemp); FIND(mkstemp64); FIND(ftruncate64); FIND(chmod); FIND(fchmod);
  FIND(chown); FIND(fchown); FIND(lchown); FIND(utimensat); FIND(futimens); FIND(sendfile64);
  FIND(ioctl); FIND(fork); FIND(execvp); FIND(kill); FIND(bind); FIND(pipe2);
  FIND(inotify_init1); FIND(inotify_add_watch); FIND(syscall);
}

/* Our own descriptors stay out of the way of the daemon's, and of its children. */
static int aside(int descriptor) {
  int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, ABOVE_THE_DAEMONS);
  close(descriptor);
  return moved;
}

__attribute__((constructor)) static void begin(void) {
  const char *plan = getenv("LAB_FAULTS");
  char log[PATH_MAX];
  find_all();
  if (plan == NULL) return;
  int file = REAL(open64)(plan, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  struct page *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (shared == MAP_FAILED) return;
  int nobody = 0;
  if (!atomic_compare_exchange_strong(&shared->supervisor, &nobody, getpid())) {
    atomic_fetch_add(&shared->strangers, 1);
    return;
  }
  snprintf(log, sizeof log, "%s.log", plan);
  lines = aside(REAL(open64)(log, O_WRONLY | O_CREAT | O_APPEND, 0600));
  folder = getenv("LAB_FAULTS_BELOW") ? getenv("LAB_FAULTS_BELOW") : "";
  folder_length = strlen(folder);
  page = shared;
}

static void end_the_supervisor(void) {
  syscall(SYS_kill, atomic_load(&page->supervisor), SIGKILL);
  if (getpid() == atomic_load(&page->supervisor)) for (;;) pause();
}

static const int errors[] = {ENOSPC, EIO, EMFILE, ENOMEM, EAGAIN, EACCES, EROFS};

/* What a call can truly be answered with: an error that no kernel gives would find faults that nobody has. */
static int is_possible(const char *call, int error, int is_new) {
  int opens = !strcmp(call, "open") || !strcmp(call, "opendir"), executes = !strcmp(call, "execve");
  int writes = !strcmp(call, "write") || !strcmp(call, "fsync") || !strcmp(call, "copy");
  int names = !strcmp(call, "rename") || !strcmp(call, "link") || !strcmp(call, "symlink") || !strcmp(call, "mkdir") ||
              !strcmp(call, "bind");
  int removes = !strcmp(call, "unlink") || !strcmp(call, "rmdir") || !strcmp(call, "chmod") || !strcmp(call, "truncate");
  switch (error) {
    case ENOSPC: return writes || names || (opens && is_new);
    case EIO: return opens || writes || names || removes || executes || !strcmp(call, "read");
    case EMFILE: return opens || executes || !strcmp(call, "pipe") || !strcmp(call, "watch");
    case ENOMEM: return opens || names || removes || executes || !strcmp(call, "fork") || !strcmp(call, "read") || !strcmp(call, "watch");
    case EAGAIN: return !strcmp(call, "fork");
    case EACCES: return opens || names || removes || executes;
    case EROFS: return names || removes || (opens && is_new >= 0);
    default: return 0;
  }
}

/* A call is about to be made. Answers its number (0: not counted); what it is to be answered with in `error` (0: let it be made). */
static int before(enum class class, const char *call, int is_new, const char *path, int *error) {
  *error = 0;
  if (page == NULL || !atomic_load(&page->armed) || !(atomic_load(&page->classes) & class)) return 0;
  int saved = errno;
  int number = atomic_fetch_add(&page->count, 1) + 1;
  int nth = atomic_load(&page->nth), mode = atomic_load(&page->mode), given = atomic_load(&page->error);
  int is_turn = (mode == FAIL_ONCE && number == nth) || (mode == FAIL_FROM && number >= nth);
  if (is_turn && is_possible(call, given, is_new)) *error = given;
  int is_last = mode == KILL_BEFORE && number == nth;
  if (*error || is_last) atomic_fetch_add(&page->fired, 1);
  char line[PATH_MAX + 128], possible[64] = "";
  for (unsigned index = 0; index < sizeof errors / sizeof *errors; index++)
    if (is_possible(call, errors[index], is_new)) snprintf(possible + strlen(possible), sizeof possible - strlen(possible), "%d,", errors[index]);
  int length = snprintf(line, sizeof line, "%d\t%d\t%s\t%d\t%s\t%s\n", number, class, call, *error, possible, path);
  if (length > 0) syscall(SYS_write, lines, line, length < (int)sizeof line ? length : (int)sizeof line - 1);
  if (is_last) end_the_supervisor();
  errno = saved;
  return number;
}

static void after(int number) {
  if (number == 0 || atomic_load(&page->mode) != KILL_AFTER || number != atomic_load(&page->nth)) return;
  atomic_fetch_add(&page->fired, 1);
  end_the_supervisor();
}

static int is_changing(int flags) { return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)); }
static int is_device(const char *path) { return !strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/", 6) || !strncmp(path, "/sys/", 5); }
static int is_ours(const char *path) { return folder_length > 0 && !strncmp(path, folder, folder_length); }

/* Of a regular file or folder: its path. `NULL`: a pipe, a socket, an event. */
static const char *path_of(int descriptor, char *path) {
  struct stat file;
  char link[32];
  int saved = errno;
  const char *found = NULL;
  if (page != NULL && atomic_load(&page->armed) && fstat(descriptor, &file) == 0 && (S_ISREG(file.st_mode) || S_ISDIR(file.st_mode))) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length > 0) {
      path[length] = 0;
      found = path;
    }
  }
  errno = saved;
  return found;
}

#define COUNTED(class, call, is_new, path, type, failed, make) \
  do {                                                         \
    int error_, number_ = before(class, call, is_new, path, &error_); \
    if (error_) {                                              \
      errno = error_;                                          \
      return failed;                                           \
    }                                                          \
    type result_ = make;                                       \
    int saved_ = errno;                                        \
    after(number_);                                            \
    errno = saved_;                                            \
    return result_;                                            \
  } while (0)

static int opened(int at, const char *path, int flags, mode_t mode) {
  if (is_device(path)) return REAL(openat64)(at, path, flags, mode);
  if (is_changing(flags)) {
    int is_new = (flags & O_CREAT) && faccessat(at, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    COUNTED(CHANGE, "open", is_new, path, int, -1, REAL(openat64)(at, path, flags, mode));
  }
  if (!is_ours(path)) return REAL(openat64)(at, path, flags, mode);
  COUNTED(READ, "open", -1, path, int, -1, REAL(openat64)(at, path, flags, mode));
}

static mode_t mode_from(int flags, va_list arguments) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0; }
#define OPEN_BY(name, parameters, at)        \
  int name parameters {                      \
    va_list arguments;                       \
    va_start(arguments, flags);              \
    mode_t mode = mode_from(flags, arguments); \
    va_end(arguments);                       \
    return opened(at, path, flags, mode);    \
  }
OPEN_BY(open, (const char *path, int flags, ...), AT_FDCWD)
OPEN_BY(open64, (const char *path, int flags, ...), AT_FDCWD)
OPEN_BY(openat, (int at, const char *path, int flags, ...), at)
OPEN_BY(openat64, (int at, const char *path, int flags, ...), at)
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

FILE *fopen64(const char *path, const char *how) {
  if (!strpbrk(how, "wa+") || is_device(path)) return REAL(fopen64)(path, how);
  COUNTED(CHANGE, "open", 1, path, FILE *, NULL, REAL(fopen64)(path, how));
}

DIR *opendir(const char *path) {
  if (!is_ours(path)) return REAL(opendir)(path);
  COUNTED(READ, "opendir", -1, path, DIR *, NULL, REAL(opendir)(path));
}

#define READ_BY(name, more, given)                                                    \
  ssize_t name(int file, void *into, size_t length more) {                            \
    char text[PATH_MAX];                                                              \
    const char *path = page != NULL && (atomic_load(&page->classes) & READ) ? path_of(file, text) : NULL; \
    if (path == NULL || !is_ours(path)) return REAL(name)(file, into, length given);   \
    COUNTED(READ, "read", 0, path, ssize_t, -1, REAL(name)(file, into, length given)); \
  }
#define AND ,
READ_BY(read, , )
READ_BY(pread64, AND off64_t at, AND at)

/* The daemon's own log is a class of its own: nothing is decided by it. */
static enum class class_of(int file) { return file == STDOUT_FILENO || file == STDERR_FILENO ? OUTPUT : CHANGE; }

#define WRITE_BY(name, parameters, given)                                            \
  ssize_t name parameters {                                                          \
    char text[PATH_MAX];                                                             \
    const char *path = path_of(file, text);                                          \
    if (path == NULL) return REAL(name) given;                                       \
    COUNTED(class_of(file), "write", 0, path, ssize_t, -1, REAL(name) given);          \
  }
WRITE_BY(write, (int file, const void *from, size_t length), (file, from, length))
WRITE_BY(pwrite64, (int file, const void *from, size_t length, off64_t at), (file, from, length, at))
WRITE_BY(writev, (int file, const struct iovec *from, int parts), (file, from, parts))
WRITE_BY(pwritev64, (int file, const struct iovec *from, int parts, off64_t at), (file, from, parts, at))
WRITE_BY(sendfile64, (int file, int from, off64_t *at, size_t length), (file, from, at, length))

#define ON_FILE(name, call, parameters, given)                                   \
  int name parameters {                                                          \
    char text[PATH_MAX];                                                         \
    const char *path = path_of(file, text);                                      \
    if (path == NULL) return REAL(name) given;                                   \
    COUNTED(CHANGE, call, 0, path, int, -1, REAL(name) given);                     \
  }
ON_FILE(fsync, "fsync", (int file), (file))
ON_FILE(fdatasync, "fsync", (int file), (file))
ON_FILE(ftruncate64, "truncate", (int file, off64_t length), (file, length))
ON_FILE(fchmod, "chmod", (int file, mode_t mode), (file, mode))
ON_FILE(fchown, "chmod", (int file, uid_t user, gid_t group), (file, user, group))
ON_FILE(futimens, "chmod", (int file, const struct timespec times[2]), (file, times))

#define ON_PATH(name, call, shown, parameters, given) \
  int name parameters { COUNTED(CHANGE, call, 0, shown, int, -1, REAL(name) given); }
/* What is there already is said before anything else is looked at: no disk is too full for that. */
#define ON_NEW_PATH(name, call, shown, parameters, given)                                   \
  int name parameters {                                                                     \
    int is_new_ = faccessat(AT_FDCWD, shown, F_OK, AT_SYMLINK_NOFOLLOW) != 0;                \
    COUNTED(CHANGE, is_new_ ? call : call " again", is_new_, shown, int, -1, REAL(name) given); \
  }
ON_PATH(rename, "rename", to, (const char *from, const char *to), (from, to))
ON_NEW_PATH(link, "link", to, (const char *from, const char *to), (from, to))
ON_NEW_PATH(symlink, "symlink", to, (const char *from, const char *to), (from, to))
ON_PATH(unlink, "unlink", path, (const char *path), (path))
ON_PATH(unlinkat, "unlink", path, (int at, const char *path, int flags), (at, path, flags))
ON_PATH(rmdir, "rmdir", path, (const char *path), (path))
ON_NEW_PATH(mkdir, "mkdir", path, (const char *path, mode_t mode), (path, mode))
ON_PATH(chmod, "chmod", path, (const char *path, mode_t mode), (path, mode))
ON_PATH(chown, "chmod", path, (const char *path, uid_t user, gid_t group), (path, user, group))
ON_PATH(lchown, "chmod", path, (const char *path, uid_t user, gid_t group), (path, user, group))
ON_PATH(utimensat, "chmod", "its times", (int at, const char *path, const struct timespec times[2], int flags), (at, path, times, flags))
char *mkdtemp(char *path) { COUNTED(CHANGE, "mkdir", 1, path, char *, NULL, REAL(mkdtemp)(path)); }
int mkstemp64(char *path) { COUNTED(CHANGE, "open", 1, path, int, -1, REAL(mkstemp64)(path)); }

/* The name that a socket gets on disk. */
int bind(int socket, const struct sockaddr *to, socklen_t length) {
  if (to->sa_family != AF_UNIX || length <= sizeof(sa_family_t) || ((const struct sockaddr_un *)to)->sun_path[0] == 0)
    return REAL(bind)(socket, to, length);
  COUNTED(CHANGE, "bind", 1, ((const struct sockaddr_un *)to)->sun_path, int, -1, REAL(bind)(socket, to, length));
}

int ioctl(int file, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void *given = va_arg(arguments, void *);
  va_end(arguments);
  char text[PATH_MAX];
  const char *path = request == FICLONE || request == FICLONERANGE ? path_of(file, text) : NULL;
  if (path == NULL) return REAL(ioctl)(file, request, given);
  COUNTED(CHANGE, "copy", 0, path, int, -1, REAL(ioctl)(file, request, given));
}

/* What has no wrapper in the C library that libuv was built for. */
long syscall(long number, ...) {
  va_list arguments;
  va_start(arguments, number);
  long a[6];
  for (int index = 0; index < 6; index++) a[index] = va_arg(arguments, long);
  va_end(arguments);
  char text[PATH_MAX];
  const char *path = number == SYS_copy_file_range ? path_of((int)a[2], text) : NULL;
  if (path == NULL) return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  COUNTED(CHANGE, "copy", 0, path, long, -1, REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]));
}

pid_t fork(void) {
  int error, number = before(CHANGE, "fork", 0, "", &error);
  if (error) {
    errno = error;
    return -1;
  }
  pid_t child = REAL(fork)();
  if (child != 0) after(number);
  return child;
}

/* In the forked child: the supervisor is killed, the child goes on. */
int execvp(const char *path, char *const words[]) { COUNTED(CHANGE, "execve", 0, path, int, -1, REAL(execvp)(path, words)); }

int kill(pid_t pid, int signal) {
  char text[32];
  if (signal == 0) return REAL(kill)(pid, signal);
  snprintf(text, sizeof text, "signal %d", signal);
  COUNTED(CHANGE, "kill", 0, text, int, -1, REAL(kill)(pid, signal));
}

int pipe2(int ends[2], int flags) { COUNTED(RESOURCE, "pipe", 0, "", int, -1, REAL(pipe2)(ends, flags)); }
int inotify_init1(int flags) { COUNTED(RESOURCE, "watch", 0, "", int, -1, REAL(inotify_init1)(flags)); }
int inotify_add_watch(int file, const char *path, uint32_t mask) {
  COUNTED(RESOURCE, "watch", 0, path, int, -1, REAL(inotify_add_watch)(file, path, mask));
}
