/*
 * The least that a server on one core can do: send(2) in a loop, to clients on the loopback that read.
 * Usage: send-loop CLIENTS BYTES SECONDS. Prints how many sends one second of CPU time is enough for.
 * As many CLIENTS, over TCP, in a process of their own; the next round begins when all have read the last.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int check(int result, const char *what) {
  if (result >= 0) return result;
  perror(what);
  exit(1);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

/* To the nth of the cores that this process may use, if there are as many. */
static void pin(int nth) {
  cpu_set_t allowed, one;
  check(sched_getaffinity(0, sizeof allowed, &allowed), "sched_getaffinity");
  CPU_ZERO(&one);
  for (int core = 0; core < CPU_SETSIZE; core++)
    if (CPU_ISSET(core, &allowed) && nth-- == 0) CPU_SET(core, &one);
  if (CPU_COUNT(&one) == 1) check(sched_setaffinity(0, sizeof one, &one), "sched_setaffinity");
}

/* Reads a round, of `clients` times `bytes`, and says so, until the server closes. */
static void read_rounds(struct sockaddr_in at, int clients, long bytes, int done) {
  static char buffer[1 << 16];
  struct epoll_event events[256];
  int queue = check(epoll_create1(0), "epoll_create1");
  for (int n = 0; n < clients; n++) {
    int fd = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
    check(connect(fd, (struct sockaddr *)&at, sizeof at), "connect");
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    check(epoll_ctl(queue, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
  }
  for (long got = 0;;) {
    int ready = check(epoll_wait(queue, events, 256, -1), "epoll_wait");
    for (int n = 0; n < ready; n++) {
      long size = read(events[n].data.fd, buffer, sizeof buffer);
      if (size <= 0) return;
      got += size;
    }
    for (; got >= clients * bytes; got -= clients * bytes) check(write(done, "", 1), "write");
  }
}

int main(int count, char **given) {
  if (count != 4) return fputs("usage: send-loop CLIENTS BYTES SECONDS\n", stderr), 2;
  int clients = atoi(given[1]), done[2], yes = 1;
  long bytes = atol(given[2]), sends = 0;
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof at;
  int server = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
  check(bind(server, (struct sockaddr *)&at, size), "bind");
  check(listen(server, clients), "listen");
  check(getsockname(server, (struct sockaddr *)&at, &size), "getsockname");
  check(pipe(done), "pipe");
  pid_t child = check(fork(), "fork");
  if (child == 0) {
    close(done[0]);
    pin(1);
    read_rounds(at, clients, bytes, done[1]);
    _exit(0);
  }
  close(done[1]);
  pin(0);
  int *fds = calloc(clients, sizeof *fds);
  char *message = calloc(1, bytes), byte;
  for (int n = 0; n < clients; n++) {
    fds[n] = check(accept(server, NULL, NULL), "accept");
    setsockopt(fds[n], IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }
  struct rusage usage;
  for (double end = seconds() + atof(given[3]); seconds() < end;) {
    for (int n = 0; n < clients; n++, sends++)
      if (send(fds[n], message, bytes, MSG_NOSIGNAL) != bytes) return perror("send"), 1;
    if (read(done[0], &byte, 1) != 1) return fputs("the clients have ended\n", stderr), 1;
  }
  getrusage(RUSAGE_SELF, &usage);
  double cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec;
  cpu += (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  printf("%.0f\n", sends / cpu);
  for (int n = 0; n < clients; n++) close(fds[n]);
  waitpid(child, NULL, 0);
}
