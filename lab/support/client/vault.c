// The client of the lab: it is its own detector. It claims a witness file (O_EXCL) and a lock of its own, looks at both every tick,
// and writes to its stdout all the time, as vaults do, so that what is proved is the supervisor's lock and not a broken pipe.
// It carries the real vaults' guard too: a pid file, believed when a process of the same name has that pid.
//
// Arguments: --witness FOLDER (where all its files are), --tick MS (1), anything after `--` is ignored; an unknown flag ends it with 2.
// How it behaves is in the last line of its own file: `LAB release=<n> manner=<manner>`; FOLDER/manner, where it exists, says otherwise
// from then on (looked at every ten ticks), and FOLDER/manner.<n> does so for this release.
//
// Manners: steady | crash (ends with 1 after 30 ms) | broken (does so, and never says that it serves) | mute (never says that it serves)
//          | dies (ends with 1 at a random moment within 400 ms) | deaf (ignores SIGINT) | slow (leaves 150 ms after SIGINT)
//          | flood (says as much as the disk takes) | hungry (takes ever more memory, to 1 GiB) | fork-lock, fork-mark, fork-none (leaves a process in a session of its own behind: one
//          that keeps the lock, one that closed it and keeps the mark in its environment, one with neither)
//
// FOLDER/journal gets: <ns> <pid> start <release> <fnv of its own file, 0: unreadable> | serve | stop <why> | overlap <how> <pid> | refused <pid>
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char witness[4096], second[4096], journal[4096], control[4096], control_of_release[4200], guard[4096], me[64];
static char release_name[64] = "?", manner[64] = "steady";
static uint64_t print;
static int second_fd = -1, journal_fd = -1;

static long long now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000000000LL + at.tv_nsec;
}

static void tell(const char *what, const char *detail) {
  char text[512];
  int length = snprintf(text, sizeof text, "%lld %d %s%s%s\n", now(), getpid(), what, *detail ? " " : "", detail);
  if (write(journal_fd, text, length) < 0) return;
}

static int read_file(const char *path, char *into, int size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  int got = read(fd, into, size - 1);
  close(fd);
  into[got < 0 ? 0 : got] = 0;
  return got;
}

// The start of a living process, 0 for none: a zombie has left.
static unsigned long long start_of(int pid, char *name) {
  char path[64], text[1024], state;
  unsigned long long start = 0;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  if (read_file(path, text, sizeof text) <= 0) return 0;
  char *open = strchr(text, '('), *close = strrchr(text, ')');
  if (!open || !close) return 0;
  if (name) snprintf(name, 64, "%.*s", (int)(close - open - 1), open + 1);
  if (sscanf(close + 2, "%c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &state, &start) != 2) return 0;
  return state == 'Z' || state == 'X' ? 0 : start;
}

static int is_alive(const char *who) {
  int pid;
  unsigned long long start;
  return sscanf(who, "%d %llu", &pid, &start) == 2 && start_of(pid, NULL) == start;
}

static void met(const char *how, const char *who) {
  char text[160];
  snprintf(text, sizeof text, "%s %.100s", how, who);
  tell("overlap", text);
}

static void claim(void) {
  for (int tries = 0; tries < 100; tries++) {
    int fd = open(witness, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) {
      if (write(fd, me, strlen(me)) < 0) tell("stop", "the witness could not be written");
      close(fd);
      return;
    }
    if (errno != EEXIST) return;
    char who[64];
    if (read_file(witness, who, sizeof who) > 0 && strcmp(who, me) != 0 && is_alive(who)) met("witness", who);
    unlink(witness);
  }
}

static void look(void) {
  char who[64];
  if (read_file(witness, who, sizeof who) > 0 && strcmp(who, me) != 0 && is_alive(who)) met("witness", who);
}

// interbtc's and spacewalk's own: refuses when the pid in the file is alive under our name.
static int is_refused(void) {
  char text[64], name[64], own[64];
  int pid = read_file(guard, text, sizeof text) > 0 ? atoi(text) : 0;
  start_of(getpid(), own);
  if (pid > 0 && pid != getpid() && start_of(pid, name) && strcmp(name, own) == 0) {
    tell("refused", text);
    fprintf(stderr, "Error: vault is already running with process id %d\n", pid);
    return 1;
  }
  int fd = open(guard, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd >= 0) {
    dprintf(fd, "%d", getpid());
    close(fd);
  }
  return 0;
}

static void read_manner(void) {
  char text[160];
  if (read_file(control, text, sizeof text) > 0 || read_file(control_of_release, text, sizeof text) > 0) sscanf(text, "%63s", manner);
}

static void leave(const char *why, int status) {
  char who[64];
  if (read_file(witness, who, sizeof who) > 0 && strcmp(who, me) == 0) unlink(witness);
  tell("stop", why);
  _exit(status);
}

static void read_own_file(void) {
  FILE *file = fopen("/proc/self/exe", "rb");
  char tail[256] = "";
  int byte, length = 0;
  if (!file) return; // the disk has gone meanwhile: what runs cannot be said
  print = 0xcbf29ce484222325ULL;
  while ((byte = getc(file)) != EOF) {
    print = (print ^ (uint64_t)byte) * 0x100000001b3ULL;
    if (length == 255) memmove(tail, tail + 1, --length);
    tail[length++] = (char)byte;
  }
  if (ferror(file)) print = 0; // or while it was read
  fclose(file);
  for (int at = length - 4; at >= 0; at--)
    if (memcmp(tail + at, "LAB ", 4) == 0) {
      sscanf(tail + at, "LAB release=%63s manner=%63s", release_name, manner);
      return;
    }
}

static void eat(void) {
  static int bites = 0;
  volatile char *bite = bites < 128 ? malloc(8 << 20) : NULL; // volatile: what nobody reads is never written
  if (bite == NULL) return;
  bites++;
  for (size_t at = 0; at < 8 << 20; at += 4096) bite[at] = 1;
}

// A mebibyte at a time, as a client does that logs each of its millions of retries.
static void flood(void) {
  static char lines[1 << 20];
  if (!lines[0])
    for (unsigned at = 0; at < sizeof lines; at++) lines[at] = at % 64 == 63 ? '\n' : 'x';
  if (write(1, lines, sizeof lines) < 0) return;
}

static void leave_behind(int keeps_lock, int keeps_mark) {
  if (fork() != 0) return;
  setsid();
  if (fork() != 0) _exit(0);
  if (!keeps_lock)
    for (int fd = 3; fd < 64; fd++)
      if (fd != second_fd) close(fd);
  if (!keeps_mark) {
    // the environment lies in our own stack: what /proc shows is what is there now
    extern char **environ;
    close(second_fd);
    for (char **one = environ; *one; one++) memset(*one, 0, strlen(*one));
  }
  signal(SIGINT, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (;;) pause();
}

int main(int argc, char **argv) {
  const char *folder = NULL;
  long tick = 1;
  for (int at = 1; at < argc; at++) {
    if (strcmp(argv[at], "--") == 0) break;
    else if (strcmp(argv[at], "--witness") == 0 && at + 1 < argc) folder = argv[++at];
    else if (strcmp(argv[at], "--tick") == 0 && at + 1 < argc) tick = atol(argv[++at]);
    else if (argv[at][0] == '-') {
      fprintf(stderr, "error: unexpected argument %s\n", argv[at]);
      return 2;
    }
  }
  if (!folder) {
    fprintf(stderr, "error: --witness is missing\n");
    return 2;
  }
  snprintf(witness, sizeof witness, "%s/witness", folder);
  snprintf(second, sizeof second, "%s/second.lock", folder);
  snprintf(journal, sizeof journal, "%s/journal", folder);
  snprintf(control, sizeof control, "%s/manner", folder);
  snprintf(guard, sizeof guard, "%s/lab_account.pid", folder);
  snprintf(me, sizeof me, "%d %llu", getpid(), start_of(getpid(), NULL));
  journal_fd = open(journal, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  read_own_file();
  snprintf(control_of_release, sizeof control_of_release, "%s.%s", control, release_name);

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, NULL);

  char detail[160];
  snprintf(detail, sizeof detail, "%s %016llx", release_name, (unsigned long long)print);
  tell("start", detail);
  claim();
  second_fd = open(second, O_RDWR | O_CREAT, 0666);
  if (flock(second_fd, LOCK_EX | LOCK_NB) != 0) met("lock", "?");
  if (is_refused()) leave("already running", 1);
  read_manner();
  if (strncmp(manner, "fork-", 5) == 0) leave_behind(strcmp(manner, "fork-lock") == 0, strcmp(manner, "fork-none") != 0);
  srand((unsigned)(now() ^ getpid()));
  long long born = now(), dies_at = born + (rand() % 400) * 1000000LL;
  if (strcmp(manner, "mute") != 0 && strcmp(manner, "broken") != 0) {
    tell("serve", "");
    printf("vault %s: Starting all services...\n", release_name);
    fflush(stdout);
  }
  struct timespec wait = {tick / 1000, (tick % 1000) * 1000000L};
  for (unsigned long round = 0;; round++) {
    if (sigtimedwait(&signals, NULL, &wait) == SIGINT && strcmp(manner, "deaf") != 0) {
      if (strcmp(manner, "slow") == 0) usleep(150000);
      leave("asked", 0);
    }
    look();
    dprintf(1, "vault %s serves %lu\n", release_name, round);
    if (round % 10 == 0) read_manner();
    if ((strcmp(manner, "crash") == 0 || strcmp(manner, "broken") == 0) && now() - born > 30000000LL) {
      fprintf(stderr, "thread 'main' panicked: config schema mismatch\n");
      leave("crashed", 1);
    }
    if (strcmp(manner, "dies") == 0 && now() > dies_at) leave("died", 1);
    if (strcmp(manner, "hungry") == 0) eat();
    if (strcmp(manner, "flood") == 0) flood();
  }
}
