import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readerOf } from '../../src/chain/source.ts';
import { checksumOf, clientsInfoKey, keys, migrationsValue, releaseValue } from '../support/release-values.ts';

const uri = 'https://example.org/vault';
const clients = readerOf({ source: 'clients-info', client: 'vault' }, 'kintsugi');
const nothing = { migrations: [], missing: [], specVersions: [], urgent: false, dataCompatible: false };
const ours = `for=${checksumOf('d0')}`;

const at = {
  current: keys.current,
  pending: keys.pending,
  currentArguments: clientsInfoKey('Current', 'vault/migrate-arguments'),
  currentData: clientsInfoKey('Current', 'vault/migrate-data'),
  pendingArguments: clientsInfoKey('Pending', 'vault/migrate-arguments'),
  pendingData: clientsInfoKey('Pending', 'vault/migrate-data'),
};
type Stored = Partial<Record<keyof typeof at, string>>;
const values = (stored: Stored) =>
  new Map(Object.entries(stored).map(([name, value]) => [at[name as keyof Stored], value]));
const current = (stored: Stored) => clients.current(values(stored));
const pending = (stored: Stored) => clients.pending(values(stored));
const said = (fragment: string) => current({ current: releaseValue(`${uri}#${fragment}`, 'd0') });

describe('what the uri of a ClientsInfo release says', () => {
  it.each([
    ['needs=migrate-data', { missing: ['data'] }],
    ['needs=migrate-data,migrate-arguments', { missing: ['data', 'arguments'] }],
    ['needs=migrate-data,migrate-data', { missing: ['data'] }],
    ['specs=1019000', { specVersions: [[1019000, 1019000]] }],
    [
      'specs=1019000-1019003,1020000',
      {
        specVersions: [
          [1019000, 1019003],
          [1020000, 1020000],
        ],
      },
    ],
    ['specs=0-4294967295', { specVersions: [[0, 4294967295]] }],
    ['urgent', { urgent: true }],
    ['data=compatible', { dataCompatible: true }],
    ['urgent&specs=2&data=compatible', { urgent: true, specVersions: [[2, 2]], dataCompatible: true }],
  ])('#%s', (fragment, terms) => {
    expect(said(fragment)).toEqual({
      checksum: checksumOf('d0'),
      uri,
      version: null,
      terms: { ...nothing, ...terms },
    });
  });

  it('its version is a version of the release, and no term', () => {
    expect(said('version=1.24.0-rc.1')).toEqual({ checksum: checksumOf('d0'), uri, version: '1.24.0-rc.1' });
  });

  it.each(['L10', '', 'Urgent', 'needs_=x', 'a&b=c', ours])(
    'what is not ours stays as it is and changes nothing: #%s',
    (fragment) => {
      const text = `${uri}#${fragment}`;
      expect(said(fragment)).toEqual({ checksum: checksumOf('d0'), uri: text, version: null });
    },
  );

  it('our words leave the uri, those of others stay', () => {
    expect(said('L10&urgent&x=1=2')?.uri).toBe(`${uri}#L10&x=1=2`);
    expect(said(`${ours}&urgent`)?.uri).toBe(`${uri}#${ours}`);
  });

  it('its query is no fragment', () => {
    const text = `${uri}?urgent&needs=nonsense`;
    expect(current({ current: releaseValue(text, 'd0') })).toEqual({
      checksum: checksumOf('d0'),
      uri: text,
      version: null,
    });
  });

  it.each([
    ['needs=nonsense', 'needs'],
    ['needs=', 'needs'],
    ['needs', 'needs'],
    ['needs=migrate-data,', 'needs'],
    ['needs=__proto__', 'needs'],
    ['needs=data', 'needs'],
    ['specs=a-b', 'specs'],
    ['specs=', 'specs'],
    ['specs', 'specs'],
    ['specs=2-1', 'specs'],
    ['specs=1-2-3', 'specs'],
    ['specs=-1', 'specs'],
    ['specs=1,', 'specs'],
    ['specs=1e3', 'specs'],
    ['specs=4294967296', 'specs'],
    ['specs=1%2C2', 'specs'],
    ['urgent=', 'urgent'],
    ['urgent=false', 'urgent'],
    ['data=incompatible', 'data'],
    ['data', 'data'],
    ['version=', 'version'],
    ['version=../../x', 'version'],
    ['version=..', 'version'],
    ['urgent&urgent', 'twice'],
    ['specs=1&specs=2', 'twice'],
  ])('#%s is refused in one clear line', (fragment, words) => {
    const refused = () => said(fragment);
    expect(refused).toThrow(expect.objectContaining({ name: 'VisorError', code: 'protocol' }));
    expect(refused).toThrow('the current release of "vault" cannot be read (the fragment of its uri says');
    expect(refused).toThrow(words);
  });
});

describe('the migrations of a ClientsInfo release', () => {
  const release = releaseValue(uri, 'd0');
  const data = { kind: 'data', checksum: checksumOf('aa'), uri: 'https://h/data', to: null };
  const args = { kind: 'arguments', checksum: checksumOf('bb'), uri: 'https://h/args', to: null };

  it('are entries of further names, which are read with it', () => {
    expect(clients.keys).toEqual(expect.arrayContaining(Object.values(at)));
    expect(new Set(clients.keys).size).toBe(6);
    const stored = {
      current: release,
      currentData: releaseValue(`https://h/data#${ours}`, 'aa'),
      currentArguments: releaseValue(`https://h/args#${ours}`, 'bb'),
    };
    expect(current(stored)?.terms).toEqual({ ...nothing, migrations: [args, data] });
  });

  it.each([
    ['names none', 'https://h/data'],
    ['names another release', `https://h/data#for=${checksumOf('d1')}`],
    ['says it in its query', `https://h/data?${ours}`],
  ])('one that %s does not count', (_, text) => {
    expect(current({ current: release, currentData: releaseValue(text, 'aa') })).toEqual({
      checksum: checksumOf('d0'),
      uri,
      version: null,
    });
  });

  it('the checksum in its "for" may have any spelling', () => {
    const text = `https://h/data#for=${checksumOf('D0').slice(2).toUpperCase()}&x`;
    expect(current({ current: release, currentData: releaseValue(text, 'aa') })?.terms?.migrations).toEqual([
      { ...data, uri: 'https://h/data#x' },
    ]);
  });

  it('what is needed is missing until it is there', () => {
    const needy = releaseValue(`${uri}#needs=migrate-arguments,migrate-data`, 'd0');
    const stored = { current: needy, currentData: releaseValue(`https://h/data#${ours}`, 'aa') };
    expect(current({ current: needy })?.terms).toEqual({ ...nothing, missing: ['arguments', 'data'] });
    expect(current(stored)?.terms).toEqual({ ...nothing, missing: ['arguments'], migrations: [data] });
    const whole = { ...stored, currentArguments: releaseValue(`https://h/args#${ours}`, 'bb') };
    expect(current(whole)?.terms).toEqual({ ...nothing, migrations: [args, data] });
  });

  it('of a pending release stand in either map, the pending one first', () => {
    const there = releaseValue(`https://h/there#${ours}`, 'cc');
    const here = releaseValue(`https://h/data#${ours}`, 'aa');
    const moved = { kind: 'data', checksum: checksumOf('cc'), uri: 'https://h/there', to: null };
    expect(pending({ pending: release, currentData: here })?.terms?.migrations).toEqual([data]);
    expect(pending({ pending: release, currentData: here, pendingData: there })?.terms?.migrations).toEqual([moved]);
    const others = releaseValue(`https://h/there#for=${checksumOf('d1')}`, 'cc');
    expect(pending({ pending: release, currentData: here, pendingData: others })?.terms?.migrations).toEqual([data]);
  });

  it('that are pending are none of the current release', () => {
    const stored = { current: release, pendingData: releaseValue(`https://h/data#${ours}`, 'aa') };
    expect(current(stored)?.terms).toBeUndefined();
  });

  it.each([
    ['a "for" that is no checksum', releaseValue('https://h/data#for=0x12', 'aa'), '"for" takes a checksum'],
    ['a "for" that stands twice', releaseValue(`https://h/data#${ours}&${ours}`, 'aa'), 'twice'],
    ['a uri that is no URL', releaseValue('data', 'aa'), 'no URL'],
    ['a byte too many', `${releaseValue(`https://h/data#${ours}`, 'aa')}00`, 'too many'],
    ['no bytes at all', '0x', 'too early'],
  ])('one with %s is told by its name, and the release with it stays what it was', (_, value, words) => {
    const refused = () => current({ current: release, currentData: value });
    expect(refused).toThrow(expect.objectContaining({ code: 'protocol' }));
    expect(refused).toThrow('the current release of "vault/migrate-data" cannot be read');
    expect(refused).toThrow(words);
    // without a release there is nothing that it could belong to
    expect(current({ currentData: value })).toBeNull();
    // and a pending one that has its own does not ask for it
    const own = { pending: release, pendingData: releaseValue(`https://h/data#${ours}`, 'aa'), currentData: value };
    expect(pending(own)?.terms?.migrations).toEqual([data]);
  });
});

describe('the migrations of VaultRegistry', () => {
  const url = 'https://example.org/{version}/vault';
  const source = { source: 'vault-registry', url } as const;
  const registry = readerOf({ ...source, migrations: 'https://example.org/{version}/{kind}-{network}' }, 'kintsugi');
  const named = (version: string, list: string | null, reader = registry) =>
    reader.current(
      new Map([
        [keys.registry, releaseValue(version, 'e1')],
        [keys.registryMigrations, list],
      ]),
    );
  const migration = (to: string, kind: 'arguments' | 'data', digest: string) => ({
    kind,
    checksum: checksumOf(digest),
    uri: `https://example.org/${to}/${kind}-kintsugi`,
    to,
  });

  it('are read with the release, at addresses by the operator’s template', () => {
    expect(registry.keys).toEqual([keys.registry, keys.registryMigrations]);
    expect(named('1.3.0', migrationsValue(['1.3.0', 'a1', 'd1']))).toEqual({
      checksum: checksumOf('e1'),
      uri: 'https://example.org/1.3.0/vault',
      version: '1.3.0',
      terms: { ...nothing, migrations: [migration('1.3.0', 'arguments', 'a1'), migration('1.3.0', 'data', 'd1')] },
    });
  });

  it('come in the order of their versions, whatever the order of the list', () => {
    const list = migrationsValue(['1.10.0', null, 'd3'], ['1.2.0', 'a2', 'd2'], ['kintsugi-1.1.0', 'a1', null]);
    expect(named('1.10.0', list)?.terms?.migrations).toEqual([
      migration('kintsugi-1.1.0', 'arguments', 'a1'),
      migration('1.2.0', 'arguments', 'a2'),
      migration('1.2.0', 'data', 'd2'),
      migration('1.10.0', 'data', 'd3'),
    ]);
  });

  it('of later versions are told too, by which the rules know data that are too new, and so is one without an order', () => {
    const list = migrationsValue(['1.4.0', null, 'd4'], ['1.3.0', 'a3', null]);
    expect(named('1.3.0', list)?.terms?.migrations.map(({ to }) => to)).toEqual(['1.3.0', '1.4.0']);
    expect(named('1.3.0', migrationsValue(['latest', 'a9', null]))?.terms?.migrations).toHaveLength(1);
  });

  it.each([
    ['an older runtime, which has no such list', null],
    ['an empty list', '0x00'],
    ['a version of which both are gone', migrationsValue(['1.3.0', null, null])],
  ])('%s names none', (_, list) => {
    const release = { checksum: checksumOf('e1'), uri: 'https://example.org/1.3.0/vault', version: '1.3.0' };
    expect(named('1.3.0', list)).toEqual(release);
  });

  it('without a template only mirrors or the store can have them', () => {
    const migrations = named('1.3.0', migrationsValue(['1.3.0', 'a1', null]), readerOf(source, 'k'))?.terms?.migrations;
    expect(migrations).toEqual([{ ...migration('1.3.0', 'arguments', 'a1'), uri: null }]);
  });

  const one = migrationsValue(['1.3.0', 'a1', 'd1']);
  it.each([
    ['no bytes at all', '0x', 'too early'],
    ['an end in the middle', one.slice(0, -2), 'too early'],
    ['a byte too many', `${one}00`, 'too many'],
    ['an option that is neither', `0x0414${Buffer.from('1.3.0').toString('hex')}0200`, 'neither'],
    ['a count beyond the end', `0x08${one.slice(4)}`, 'too early'],
    ['a count of a hundred million', '0x02000020', 'more than 256'],
    ['a version that leaves its place', migrationsValue(['../../etc', 'a1', null]), 'may hold letters'],
    ['an escape in a version', migrationsValue(['1.3.0\u001b[2J', 'a1', null]), 'control characters'],
  ])('%s is refused in one printable line, and the release with it', (_, list, words) => {
    const refused = () => named('1.3.0', list);
    expect(refused).toThrow(expect.objectContaining({ name: 'VisorError', code: 'protocol' }));
    expect(refused).toThrow('VaultRegistry: the release migrations cannot be read');
    expect(refused).toThrow(words);
    expect(refused).not.toThrow(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });

  it('no list breaks more than its decoder: whatever the bytes, it is read or refused in a line', () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    const list = fc.tuple(fc.nat(3), bytes).map(([count, rest]) => Buffer.from([count << 2, ...rest]));
    fc.assert(
      fc.property(fc.oneof(bytes, list), (raw) => {
        expectReadOrRefused(() => named('1.3.0', `0x${Buffer.from(raw).toString('hex')}`));
      }),
    );
  });

  it('what was written is what is read', () => {
    const digest = fc.option(fc.integer({ min: 0, max: 255 }).map((n) => n.toString(16).padStart(2, '0')));
    const version = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)).map((parts) => parts.join('.'));
    const list = fc.uniqueArray(fc.tuple(version, digest, digest), { selector: ([v]) => v, maxLength: 40 });
    fc.assert(
      fc.property(list, (entries) => {
        const read = named('99.0.0', migrationsValue(...entries))?.terms?.migrations ?? [];
        const expected = entries.flatMap(([to, ofArguments, data]) => [
          ...(ofArguments === null ? [] : [migration(to, 'arguments', ofArguments)]),
          ...(data === null ? [] : [migration(to, 'data', data)]),
        ]);
        expect(new Set(read)).toEqual(new Set(expected));
        const places = read.map(({ to }) =>
          (to ?? '')
            .split('.')
            .map(Number)
            .reduce((sum, part) => sum * 100 + part),
        );
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('whatever a uri says', () => {
  const word = fc.constantFrom('needs', 'specs', 'urgent', 'data', 'version', 'for', 'x');
  const value = fc.oneof(
    fc.constantFrom('migrate-data', '1-2', 'compatible', '1.2.3', ''),
    fc.string({ maxLength: 20 }),
  );
  const part = fc.tuple(word, fc.constantFrom('', '=', '=='), value).map((texts) => texts.join(''));
  const fragment = fc.oneof(
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join('&')),
    fc.string(),
  );

  it('it is read or refused in a line, and never shows a word of ours', () => {
    fc.assert(
      fc.property(fragment, (text) => {
        const read = expectReadOrRefused(() => said(text));
        const left = (read?.uri ?? '').split('#').slice(1).join('#').split('&');
        expect(left.filter((one) => /^(needs|specs|urgent|data|version)(=|$)/.test(one))).toEqual([]);
        if (read !== null && read.terms === undefined && read.version === null) expect(read.uri).toBe(`${uri}#${text}`);
      }),
    );
  });

  it('a migration counts for nothing but the release that it names', () => {
    fc.assert(
      fc.property(fragment, (text) => {
        const stored = { current: releaseValue(uri, 'd0'), currentData: releaseValue(`https://h/m#${text}`, 'aa') };
        const read = expectReadOrRefused(() => current(stored));
        const names = text.split('&').some((one) => one === ours);
        expect(read?.terms?.migrations.length ?? 0).toBe(names && read !== null ? 1 : 0);
      }),
    );
  });
});

/** What it reads; `null`: it is refused as a value of a stranger is. */
function expectReadOrRefused<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    expect(error).toMatchObject({ name: 'VisorError', code: 'protocol' });
    expect((error as Error).message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    return null;
  }
}
