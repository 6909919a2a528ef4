import { existsSync } from 'node:fs';

/** Where Debian, Ubuntu and others put it; `undefined`: there is none on this machine. */
export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
