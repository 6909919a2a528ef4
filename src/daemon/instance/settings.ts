import { readConfigFile } from '../../config/read-files.ts';
import type { ClientConfig } from '../../config/settings.ts';
import type { Settings, SettingsFile } from '../../core/deployment.ts';
import { sentenceOf, VisorError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Blobs } from '../../store/blobs.ts';
import { importFile } from '../../store/import-file.ts';

/** Where an operator's config file lies, and what is in it now. */
export type Look = (path: string) => Promise<SettingsFile>;

/** Keeps each in the store, by its checksum: a way back needs the content that it ran with. */
export const keepIn =
  ({ store }: Blobs): Look =>
  async (path) => {
    const { sha256 } = await readConfigFile(path);
    await importFile(store, path, `0x${sha256}`, AbortSignal.timeout(60_000));
    return { path, sha256 };
  };

/** Only looks. */
export const lookOnly: Look = async (path) => ({ path, sha256: (await readConfigFile(path)).sha256 });

/**
 * The settings with the operator's config files as they are now. One that cannot be read is as it last was; one that never was leaves the former
 * settings in force.
 * @param before what is in force; `null`: nothing is yet
 * @throws VisorError `config` where nothing is and a file cannot be read
 */
export async function settingsNow(
  { files, settings }: Pick<ClientConfig, 'files' | 'settings'>,
  before: Settings | null,
  look: Look,
  log: Log,
): Promise<Settings> {
  const { files: _, ...rest } = settings;
  const read: Record<string, SettingsFile> = {};
  for (const [name, path] of Object.entries(files)) {
    try {
      read[name] = await look(path);
    } catch (error) {
      if (before === null) throw unreadable(name, path, error);
      const known = before.files?.[name];
      log.error(
        { file: path, reason: sentenceOf(error) },
        'a config file of the client cannot be read; what was in force before stays so',
      );
      if (known?.path !== path) return before;
      read[name] = known;
    }
  }
  return Object.keys(read).length === 0 ? rest : { ...rest, files: read };
}

const unreadable = (name: string, path: string, cause: unknown): VisorError =>
  new VisorError(
    'config',
    `The config file ${name} cannot be read: ${path}: ${sentenceOf(cause)}`,
    'Put it back, or take it out of "files" of the client; then say vaultvisor apply.',
    { cause },
  );
