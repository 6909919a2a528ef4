import type { Lookout, Rose } from './lookout.ts';
import type { Post } from './post.ts';
import { detailsOf, type Found, remedyWords, signedWords } from './words.ts';

/** Somebody else signs: what is known stands at once, the extrinsic's name follows, which may take a minute to be had. */
export async function raise(rose: Rose, by: Lookout, post: Post): Promise<void> {
  const { on } = post;
  const { account } = on.config();
  if (account === null) return;
  const state = post.isWaiting ? 'refused' : 'alarm';
  const first = await stand(state, signedWords(account.address, rose, null), account.id, post);
  const asked = { id: account.id, after: rose.after, upTo: rose.by.number };
  const found: Found = await Promise.resolve()
    .then(() => on.ask().signed(asked))
    .catch(() => null);
  const reason = signedWords(account.address, rose, found);
  // a person who acted meanwhile has the last word
  if (by === post.lookout && post.standing === first) await stand(state, reason, account.id, post);
  const isRefusal = state === 'refused';
  on.notice({
    event: isRefusal ? 'guardRefused' : 'signedElsewhere',
    account: account.address,
    reason,
    ...detailsOf(found),
  });
}

async function stand(
  state: 'refused' | 'alarm',
  words: string,
  account: string,
  post: Post,
): Promise<Post['standing']> {
  const { on, book } = post;
  const { network, client } = on.config();
  const reason = state === 'refused' ? `${words}; ${remedyWords(`${network}/${client}`)}` : words;
  const standing = { state, reason };
  // on disk before it is told: what a person has read holds after our death too
  if (state === 'refused') await book.tryToKeep(account, { verdict: 'refused', reason });
  post.standing = standing;
  post.ring();
  return standing;
}
