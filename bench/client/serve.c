// The smallest client there is: it writes when its first instruction ran and when it was told to leave, and otherwise waits.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static struct timespec now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at;
}

static void tell(int journal, const char *what, struct timespec at) {
  dprintf(journal, "%s %d %lld\n", what, getpid(), at.tv_sec * 1000000000LL + at.tv_nsec);
}

int main(void) {
  struct timespec began = now();
  sigset_t leave;
  int signal;
  sigemptyset(&leave);
  sigaddset(&leave, SIGINT);
  sigprocmask(SIG_BLOCK, &leave, NULL);
  int journal = open("journal", O_WRONLY | O_CREAT | O_APPEND, 0600);
  tell(journal, "start", began);
  sigwait(&leave, &signal);
  tell(journal, "stop", now());
  return 0;
}
