import { expect, test } from 'vitest';
import { editList } from '../../src/cli/adopt/edit-list.ts';
import { rewrite } from '../../src/cli/adopt/rewrite.ts';
import { placedClients } from '../../src/config/accepted-record.ts';
import { parseArgsFile } from '../../src/config/load.ts';
import { deploymentOf } from '../../src/core/deployment.ts';
import { resultOf } from '../../src/install/material.ts';
import { checksum } from '../support/deployments.ts';

const migration = { kind: 'arguments', checksum: checksum('m'), uri: null, to: null } as const;

const before = `{
  // where it lies
  "home": "/h",
  "networks": {
    "n": {
      "endpoints": ["wss://rpc.example.org"],
      "clients": {
        "c": {
          "release": { "source": "manifest", "url": "file:///m.json" },
          "args": [
            "--endpoint", "{endpoint}", // the first one
            "--old-flag", "3", // as the runbook says
            "--data", "{data}/db",
            /* last */ "--verbose",
          ],
          "env": { "TOKEN": "t0p", "OLD": "1" }, // from the vault
        },
      },
    },
  },
}
`;

function adopted(text: string, change: (args: readonly string[]) => readonly string[], env: Record<string, string>) {
  const parsed = parseArgsFile(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const [placed] = placedClients(parsed.config);
  const release = { checksum: checksum('r'), uri: null, version: '2.0.0' };
  const deployment = deploymentOf(release, placed!.client.settings, [migration]);
  const result = resultOf({ args: change(deployment.args), env, files: {} });
  const index = placed!.client.settings.when?.length ? 0 : -1;
  const rule = index < 0 ? null : { index, versions: placed!.client.when[0]!.versions };
  return { text: rewrite(text, { network: 'n', client: 'c', deployment, rule, result }), result, release };
}

const renamed = (args: readonly string[]) => [
  ...args.map((arg) => (arg === '--old-flag' ? '--new-flag' : arg)),
  '--more',
  'x',
];

test('only what changed is written: comments, placeholders and the rest of the file stay', () => {
  const { text, result, release } = adopted(before, renamed, { TOKEN: 't0p', NEW: '2' });
  for (const kept of [
    '// where it lies',
    '// the first one',
    '// as the runbook says',
    '/* last */',
    '"{endpoint}"',
    '"{data}/db"',
    '// from the vault',
  ])
    expect(text).toContain(kept);
  expect(text).not.toContain('--old-flag');
  expect(text).not.toContain('"OLD"');
  const parsed = parseArgsFile(text);
  const [placed] = parsed.ok ? placedClients(parsed.config) : [];
  expect(placed?.client.settings.migrated).toEqual([migration.checksum]);
  const then = deploymentOf(release, placed!.client.settings, [migration]);
  expect([then.args, then.env]).toEqual([result.args, result.env]);
});

test('where a rule of the client gives its args, the rule is written', () => {
  const ruled = before.replace(
    '"env":',
    '"when": [{ "version": ">=2", "args": ["--old-flag", "9"] }],\n          "env":',
  );
  const { text } = adopted(ruled, renamed, { TOKEN: 't0p', OLD: '1' });
  expect(text).toMatch(/">=2",\s*"args": \[\s*"--new-flag",\s*"9",\s*"--more",\s*"x"\s*\]/);
  expect(text).toContain('"--old-flag", "3", // as the runbook says');
});

test.each([
  [
    'a variable that "defaults" has',
    before.replace('"networks"', '"defaults": { "env": { "GONE": "1" } },\n  "networks"'),
    renamed,
    { TOKEN: 't0p', OLD: '1' },
  ],
  ['a word that would be taken for a placeholder', before, () => ['{network}'], { TOKEN: 't0p', OLD: '1' }],
  [
    'a rule that stands in "defaults"',
    before.replace(
      '"networks"',
      '"defaults": { "when": [{ "version": ">=2", "args": ["--old-flag"] }] },\n  "networks"',
    ),
    renamed,
    { TOKEN: 't0p', OLD: '1' },
  ],
])('what would come out otherwise is refused: %s', (_, text, change, env) => {
  expect(() => adopted(text, change, env)).toThrow('cannot be written into the args file');
});

test.each([
  [[], ['a', 'b']],
  [['a', 'b'], []],
  [
    ['a', 'b', 'c'],
    ['a', 'c'],
  ],
  [
    ['a', 'c'],
    ['a', 'b', 'b', 'c'],
  ],
  [
    ['a', 'b', 'c'],
    ['x', 'y'],
  ],
  [
    ['a', 'a', 'a'],
    ['a', 'a'],
  ],
  [['a'], ['a', 'a', 'a']],
])('a list %j becomes %j', (from, to) => {
  const text = JSON.stringify({ l: from }, null, 2);
  expect(JSON.parse(editList(text, ['l'], from, to))).toEqual({ l: to });
});
