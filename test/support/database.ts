import { createCipheriv, createHash } from 'node:crypto';
import { ClassicLevel } from 'classic-level';

const VALUE = 4096;
const BATCH = 256;

/** A real LevelDB with so many mebibytes in it, several tables of them; the same seed gives the same content. */
export async function makeDatabase(path: string, mebibytes: number, seed = 'a'): Promise<void> {
  await withDatabase(path, async (db) => {
    for (let batch = 0; batch < mebibytes; batch += 1)
      await db.batch(
        Array.from({ length: BATCH }, (_, n) => {
          const key = `${String(batch).padStart(5, '0')}-${n}`;
          return { type: 'put' as const, key, value: bytesOf(`${seed}${key}`) };
        }),
      );
  });
}

/** Everything in it, as one hash; opening it fails where it is damaged. */
export async function contentOfDatabase(path: string): Promise<string> {
  const hash = createHash('sha256');
  await withDatabase(path, async (db) => {
    for await (const [key, value] of db.iterator()) hash.update(key).update(value);
  });
  return hash.digest('hex');
}

export async function withDatabase(path: string, act: (db: Database) => Promise<void>): Promise<void> {
  const db: Database = new ClassicLevel(path, { valueEncoding: 'buffer', writeBufferSize: 2 ** 20 });
  await db.open();
  try {
    await act(db);
  } finally {
    await db.close();
  }
}

type Database = ClassicLevel<string, Buffer>;

const zeros = Buffer.alloc(VALUE);

/** Bytes that do not compress. */
function bytesOf(key: string): Buffer {
  const cipher = createCipheriv('aes-128-ctr', createHash('md5').update(key).digest(), Buffer.alloc(16));
  return cipher.update(zeros);
}
