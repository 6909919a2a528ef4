// Cuts the power of a file system: nothing that is still in memory gets to the disk any more, and every call fails from now on.
// Arguments: MOUNT MODE (0: all is written first; 1: the journal is, data are not; 2: nothing is). Ends with 1 where the kernel will not.
// EXT4_IOC_SHUTDOWN (fs/ext4/ext4.h); XFS and F2FS have the same number.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  uint32_t mode = (uint32_t)atoi(argv[2]);
  int fd = open(argv[1], O_RDONLY | O_DIRECTORY);
  if (fd < 0 || ioctl(fd, _IOR('X', 125, uint32_t), &mode) != 0) {
    perror("shutdown");
    return 1;
  }
  return 0;
}
