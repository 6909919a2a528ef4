import { build, isBuilt } from '../../scripts/build.mjs';

/** Before the first test, in one process: several at once would build over each other. */
export default function buildOnce(): void {
  if (!isBuilt()) build();
}
