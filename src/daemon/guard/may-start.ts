import { createLookout } from './lookout.ts';
import type { Post } from './post.ts';

/** Whether nothing speaks against a start on this machine; what was found out by that is recorded. */
export async function mayStart(post: Post): Promise<boolean> {
  const { on, book, lookout } = post;
  const { account, guard } = on.config();
  if (account === null || guard.watch === 0) return true;
  const found = await book.find(account.id);
  if (found !== null && found.verdict !== 'refused') return true;
  if (on.skip !== null) {
    await skipped(on.skip, post);
    return true;
  }
  if (found !== null) {
    post.standing ??= { state: 'refused', reason: found.reason };
    return false;
  }
  const isQuiet = lookout?.isQuiet(guard.watch) ?? false;
  if (!isQuiet && !book.ranHere()) return false;
  if (isQuiet) on.notice({ event: 'guardPassed', account: account.address, block: lookout?.until(guard.watch) });
  await book.tryToKeep(account.id, { verdict: 'passed' });
  return true;
}

/** What a person said of the start. @throws VisorError where it could not be recorded */
export async function heed(skip: string | null, post: Post): Promise<void> {
  const { on, book } = post;
  const { account } = on.config();
  const found = account === null ? null : await book.find(account.id);
  if (skip !== null && account !== null && (found === null || found.verdict === 'refused')) {
    await book.keep(account.id, { verdict: 'skipped', by: skip });
    on.notice({ event: 'guardSkipped', account: account.address, by: skip });
  }
  if (skip === null && found?.verdict === 'refused') await book.forget();
  if (post.standing !== null && post.lookout !== null) post.lookout = createLookout(on.ask);
  post.standing = null;
}

async function skipped(by: string, post: Post): Promise<void> {
  const { account } = post.on.config();
  if (account === null) return;
  post.standing = null;
  post.on.notice({ event: 'guardSkipped', account: account.address, by });
  await post.book.tryToKeep(account.id, { verdict: 'skipped', by });
}

/** A child of ours that is up proves that this is no new machine. */
export async function remember({ on, book }: Post): Promise<void> {
  const { account } = on.config();
  if (account === null) return;
  const found = await book.find(account.id).catch(() => null);
  if (found === null) await book.tryToKeep(account.id, { verdict: 'passed' });
}
